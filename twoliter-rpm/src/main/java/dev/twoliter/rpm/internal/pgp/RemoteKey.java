package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.api.SigningException;
import dev.twoliter.rpm.Signer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A key of which only the public half is here; something else signs digests with the other half. */
public final class RemoteKey implements Signer {
    private final KeyPacket key;
    private final UnaryOperator<byte[]> digests;

    private RemoteKey(KeyPacket key, UnaryOperator<byte[]> digests) {
        this.key = key;
        this.digests = digests;
    }

    public static RemoteKey of(Path publicKey, UnaryOperator<byte[]> digests) {
        return KeyRing.read(publicKey, false).signingKeys().stream()
                .map(Certificate.Key::packet)
                .filter(key -> key.isRsa() || key.isEd25519())
                .findFirst()
                .map(key -> new RemoteKey(key, digests))
                .orElseThrow(() -> new SigningException(
                        publicKey + ": no key in this file can sign: it must be RSA or Ed25519, and valid",
                        "Export it with gpg --armor --export.",
                        null));
    }

    @Override
    public byte[] sign(InputStream content, Instant time) throws IOException {
        byte[] hashed =
                SignaturePacket.hashedPart(key, HashAlgorithm.SHA256, Math.max(time.getEpochSecond(), key.created()));
        MessageDigest function = HashAlgorithm.SHA256.function();
        byte[] buffer = new byte[1 << 16];
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
            function.update(buffer, 0, n);
        }
        function.update(hashed);
        byte[] digest = function.digest(SignaturePacket.trailer(hashed));
        try {
            return SignaturePacket.encode(hashed, key, digest, SecretKey.numbers(key, digests.apply(digest.clone())));
        } catch (PgpException e) {
            throw new SigningException(
                    "the key " + PublicKeys.hex(key.keyId()) + " cannot sign: " + e.getMessage(), "", e);
        }
    }
}
