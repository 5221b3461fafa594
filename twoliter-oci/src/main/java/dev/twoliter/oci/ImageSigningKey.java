package dev.twoliter.oci;

import dev.twoliter.oci.internal.keys.EcKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * A P-256 private key that images are signed with. Signing is deterministic (RFC 6979), so that the same kit has the
 * same signature; the JDK's is not. Immutable, thread-safe; never shows the key.
 */
public final class ImageSigningKey {

    private static final X9ECParameters P256 = SECNamedCurves.getByName("secp256r1");
    private static final ECDomainParameters DOMAIN =
            new ECDomainParameters(P256.getCurve(), P256.getG(), P256.getN(), P256.getH());

    private final ECPrivateKeyParameters secret;
    private final ImagePublicKey publicKey;

    /** Throws IllegalArgumentException when the secret is not from 1 to the order less 1. */
    ImageSigningKey(BigInteger secret) {
        this.secret = new ECPrivateKeyParameters(secret, DOMAIN);
        this.publicKey = new ImagePublicKey("its own key", publicHalf());
    }

    /** Makes a new key. */
    static ImageSigningKey generate() {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(DOMAIN, new SecureRandom()));
        return new ImageSigningKey(
                ((ECPrivateKeyParameters) generator.generateKeyPair().getPrivate()).getD());
    }

    private ECPublicKeyParameters publicHalf() {
        return new ECPublicKeyParameters(new FixedPointCombMultiplier().multiply(DOMAIN.getG(), secret.getD()), DOMAIN);
    }

    /** Signs with ECDSA over SHA-256; returns the signature in ASN.1 DER. */
    byte[] sign(byte[] message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, secret);
        BigInteger[] parts = signer.generateSignature(sha256(message));
        try {
            return StandardDSAEncoding.INSTANCE.encode(DOMAIN.getN(), parts[0], parts[1]);
        } catch (IOException e) {
            throw new IllegalStateException("two numbers can always be encoded", e);
        }
    }

    static byte[] sha256(byte[] message) {
        SHA256Digest sha256 = new SHA256Digest();
        sha256.update(message, 0, message.length);
        byte[] hash = new byte[sha256.getDigestSize()];
        sha256.doFinal(hash, 0);
        return hash;
    }

    /** The text of a key file; not encrypted when the passphrase is empty. */
    String toPem(char[] passphrase) {
        return EcKeys.writePrivate(secret, publicHalf(), passphrase);
    }

    /** {@return the public half, which checks what this key has signed} */
    public ImagePublicKey publicKey() {
        return publicKey;
    }

    @Override
    public String toString() {
        return "ImageSigningKey[P-256]";
    }
}
