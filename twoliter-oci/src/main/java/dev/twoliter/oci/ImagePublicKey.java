package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.oci.internal.keys.EcKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A P-256 public key that signatures of images are checked with. Keys are equal when they are the same point, wherever
 * they were read. Immutable, thread-safe.
 */
public final class ImagePublicKey {

    private final String name;
    private final ECPublicKeyParameters key;
    private final byte[] spki;

    ImagePublicKey(String name, ECPublicKeyParameters key) {
        this.name = Objects.requireNonNull(name);
        this.key = Objects.requireNonNull(key);
        this.spki = EcKeys.encoded(key);
    }

    /**
     * Checks an ECDSA signature over SHA-256. Not the JDK's check: some releases of 17 took a signature of zeros for good
     * (CVE-2022-21449), and it takes encodings that are not DER.
     */
    boolean verifies(byte[] message, byte[] signature) {
        try {
            BigInteger[] parts =
                    StandardDSAEncoding.INSTANCE.decode(key.getParameters().getN(), signature);
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(false, key);
            return verifier.verifySignature(ImageSigningKey.sha256(message), parts[0], parts[1]);
        } catch (IOException | IllegalArgumentException | ClassCastException | IllegalStateException e) {
            // No DER, or numbers out of range: not a signature.
            return false;
        }
    }

    /** {@return the SHA-256 of the key as SPKI in DER: the same for every file that holds this key} */
    public Digest fingerprint() {
        return Digest.ofBytes(spki);
    }

    /** {@return the key as the text of an SPKI PEM file} */
    public String toPem() {
        return EcKeys.writePublic(key);
    }

    /** {@return where it is from: its file, as it was given} */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImagePublicKey that && Arrays.equals(spki, that.spki);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(spki);
    }

    /** {@return where it is from} */
    @Override
    public String toString() {
        return name;
    }
}
