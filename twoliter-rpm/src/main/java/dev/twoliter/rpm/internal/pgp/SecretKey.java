package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.rpm.Signer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A secret key that signs, with the JDK's own functions: for RSA-4096 they are faster than Bouncy Castle's, and they
 * need no class of its signed archives, whose loading alone takes half a second. The same content and time give the
 * same signature. Immutable, thread-safe.
 */
public final class SecretKey implements Signer {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;
    private static final int STUB = 101; // gpg's mark for a secret that lies elsewhere

    private final Certificate.Key key;
    private final PrivateKey secret;
    private final String publicArmored;

    private SecretKey(Certificate.Key key, PrivateKey secret, String publicArmored) {
        this.key = key;
        this.secret = secret;
        this.publicArmored = publicArmored;
    }

    public static SecretKey open(KeyFile file) {
        Path path = file.path();
        KeyRing ring = KeyRing.read(path, true);
        for (Certificate.Key candidate : ring.signingKeys()) {
            if (candidate.packet().isRsa() || candidate.packet().isEd25519()) {
                ByteBuffer rest = secretPart(ring.packets(), candidate.packet());
                if (rest != null) {
                    return new SecretKey(candidate, unlock(file, ring, candidate.packet(), rest), ring.publicArmored());
                }
            }
        }
        throw new SigningException(
                path + ": no key in this file can sign: it must be RSA or Ed25519, valid, and may not be a stub",
                "Export one with gpg --armor --export-secret-keys.",
                null);
    }

    /** Returns what follows the public part of a key, unless its secret lies elsewhere. */
    private static @Nullable ByteBuffer secretPart(List<Packet> packets, KeyPacket key) {
        for (Packet packet : packets) {
            if (packet.kind() == Packet.SECRET_KEY || packet.kind() == Packet.SECRET_SUBKEY) {
                ByteBuffer in = ByteBuffer.wrap(packet.body());
                byte[] body = key.body();
                if (in.limit() > body.length + 3
                        && Arrays.equals(packet.body(), 0, body.length, body, 0, body.length)
                        && (in.get(body.length) == 0 || in.get(body.length + 2) != STUB)) {
                    return in.position(body.length);
                }
            }
        }
        return null;
    }

    private static PrivateKey unlock(KeyFile file, KeyRing ring, KeyPacket key, ByteBuffer rest) {
        try {
            ByteBuffer numbers = rest.get() == 0
                    ? checked(rest)
                    : ByteBuffer.wrap(LockedKey.unlock(ring.packets(), key.keyId(), file.passphrase()));
            return key.isRsa() ? rsa(key, numbers) : ed25519(key, numbers);
        } catch (PgpException | GeneralSecurityException e) {
            throw new SigningException(
                    file.path() + ": the key " + PublicKeys.hex(key.keyId()) + " cannot be unlocked: " + e.getMessage(),
                    "Check the passphrase.",
                    e);
        }
    }

    /** Numbers that are not encrypted end with their sum (RFC 4880, 5.5.3). */
    private static ByteBuffer checked(ByteBuffer in) throws PgpException {
        int end = in.limit() - 2;
        int sum = 0;
        for (int i = in.position(); i < end; i++) {
            sum += in.get(i) & 0xFF;
        }
        if (end < in.position() || (sum & 0xFFFF) != (in.getShort(end) & 0xFFFF)) {
            throw new PgpException("its checksum is wrong");
        }
        return in.limit(end);
    }

    /** OpenPGP's p, q and u are PKCS #1's q, p and inverse: u inverts p modulo q. */
    private static PrivateKey rsa(KeyPacket key, ByteBuffer in) throws PgpException, GeneralSecurityException {
        BigInteger modulus = key.rsaModulus();
        BigInteger d = Mpi.read(in);
        BigInteger p = Mpi.read(in);
        BigInteger q = Mpi.read(in);
        BigInteger u = Mpi.read(in);
        int bits = modulus.bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new PgpException("RSA of " + bits + " bits is not supported");
        }
        if (!p.multiply(q).equals(modulus)) {
            throw new PgpException("its numbers do not fit together");
        }
        BigInteger one = BigInteger.ONE;
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        modulus, key.rsaExponent(), d, q, p, d.mod(q.subtract(one)), d.mod(p.subtract(one)), u));
    }

    private static PrivateKey ed25519(KeyPacket key, ByteBuffer in) throws PgpException, GeneralSecurityException {
        byte[] seed = new byte[KeyPacket.ED25519_BYTES];
        if (key.algorithm() == KeyPacket.ED25519) {
            Packet.need(in, seed.length);
            in.get(seed);
        } else {
            seed = Mpi.fixed(Mpi.bytes(in), seed.length);
        }
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    }

    @Override
    public byte[] sign(InputStream content, Instant time) throws IOException {
        long created = Math.max(time.getEpochSecond(), key.packet().created());
        if (!key.isValidAt(created)) {
            throw new SigningException(
                    "the key " + keyId() + " had expired at " + Instant.ofEpochSecond(created),
                    "Prolong it, or sign with another key.",
                    null);
        }
        byte[] hashed = SignaturePacket.hashedPart(key.packet(), HashAlgorithm.SHA256, created);
        MessageDigest digest = HashAlgorithm.SHA256.function();
        try {
            Signature rsa = key.packet().isRsa() ? Signature.getInstance("SHA256withRSA") : null;
            if (rsa != null) {
                rsa.initSign(secret);
            }
            byte[] buffer = new byte[1 << 16];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                digest.update(buffer, 0, n);
                if (rsa != null) {
                    rsa.update(buffer, 0, n);
                }
            }
            byte[] trailer = SignaturePacket.trailer(hashed);
            digest.update(hashed);
            byte[] hash = digest.digest(trailer);
            byte[] value;
            if (rsa == null) {
                value = ed25519(hash);
            } else {
                rsa.update(hashed);
                rsa.update(trailer);
                value = rsa.sign();
            }
            return SignaturePacket.encode(hashed, key.packet(), hash, numbers(key.packet(), value));
        } catch (GeneralSecurityException | PgpException e) {
            throw new SigningException("the key " + keyId() + " cannot sign: " + e.getMessage(), "", e);
        }
    }

    private byte[] ed25519(byte[] hash) throws GeneralSecurityException {
        Signature function = Signature.getInstance("Ed25519");
        function.initSign(secret);
        function.update(hash);
        return function.sign();
    }

    /** Turns what an algorithm returns into the numbers of a packet. */
    static byte[] numbers(KeyPacket key, byte[] value) throws PgpException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (key.isRsa()) {
            Mpi.write(out, value);
            return out.toByteArray();
        }
        if (!key.isEd25519() || value.length != 2 * KeyPacket.ED25519_BYTES) {
            throw new PgpException("an Ed25519 signature has 64 bytes, not " + value.length);
        }
        if (key.algorithm() == KeyPacket.ED25519) {
            return value;
        }
        Mpi.write(out, Arrays.copyOf(value, KeyPacket.ED25519_BYTES));
        Mpi.write(out, Arrays.copyOfRange(value, KeyPacket.ED25519_BYTES, value.length));
        return out.toByteArray();
    }

    public String publicKeyArmored() {
        return publicArmored;
    }

    public String keyId() {
        return PublicKeys.hex(key.packet().keyId());
    }
}
