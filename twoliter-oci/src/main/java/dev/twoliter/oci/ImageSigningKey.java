package dev.twoliter.oci;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/**
 * A P-256 private key that images are signed with. Signing is deterministic (RFC 6979), so that the same kit has the
 * same signature; the JDK's is not. Immutable, thread-safe; never shows the key.
 */
public final class ImageSigningKey {

    private static final X9ECParameters P256 = SECNamedCurves.getByName("secp256r1");
    private static final ECDomainParameters DOMAIN =
            new ECDomainParameters(P256.getCurve(), P256.getG(), P256.getN(), P256.getH());

    /** The order of the curve's base point; tells P-256 from other curves of 256 bits. */
    static final BigInteger ORDER = P256.getN();

    private final ECPrivateKeyParameters secret;

    /** Throws IllegalArgumentException when the secret is not from 1 to the order less 1. */
    ImageSigningKey(BigInteger secret) {
        this.secret = new ECPrivateKeyParameters(secret, DOMAIN);
    }

    /** Signs with ECDSA over SHA-256; returns the signature in ASN.1 DER. */
    byte[] sign(byte[] message) throws java.io.IOException {
        SHA256Digest sha256 = new SHA256Digest();
        sha256.update(message, 0, message.length);
        byte[] hash = new byte[sha256.getDigestSize()];
        sha256.doFinal(hash, 0);
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, secret);
        BigInteger[] parts = signer.generateSignature(hash);
        return StandardDSAEncoding.INSTANCE.encode(DOMAIN.getN(), parts[0], parts[1]);
    }

    /** {@return the public half, which checks what this key has signed} */
    public ImagePublicKey publicKey() {
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            org.bouncycastle.math.ec.ECPoint point =
                    DOMAIN.getG().multiply(secret.getD()).normalize();
            ECPoint w = new ECPoint(
                    point.getAffineXCoord().toBigInteger(),
                    point.getAffineYCoord().toBigInteger());
            return new ImagePublicKey(
                    Path.of("its own key"),
                    KeyFactory.getInstance("EC")
                            .generatePublic(new ECPublicKeySpec(w, curve.getParameterSpec(ECParameterSpec.class))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    @Override
    public String toString() {
        return "ImageSigningKey[P-256]";
    }
}
