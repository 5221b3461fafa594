package dev.twoliter.core.internal.boot.pe;

import dev.twoliter.api.SigningException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/**
 * A key that signs, with its certificate and the authority that issued it. The key may stay where it is, in a token or a
 * key management service, if a provider of the JVM stands for it. Immutable.
 *
 * @param name what messages call it, such as {@code code-sign}
 * @param key an RSA key
 * @param certificate the key's certificate
 * @param issuer the authority's certificate
 */
public record SigningIdentity(String name, PrivateKey key, X509Certificate certificate, X509Certificate issuer) {

    private static final byte[] PROBE = {'t', 'w', 'o'};

    /**
     * Checks that the three belong together; else firmware would find out.
     *
     * @throws SigningException if they do not
     */
    public SigningIdentity {
        if (!key.getAlgorithm().equals("RSA")) {
            throw new SigningException(
                    "the key " + name + " is of the kind " + key.getAlgorithm() + ", but firmware needs RSA",
                    "Make another; 2048 bits are understood everywhere.",
                    null);
        }
        try {
            certificate.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new SigningException(
                    "the certificate " + name + " was not issued by " + issuer.getSubjectX500Principal(),
                    "Put the certificates of one set together.",
                    e);
        }
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(PROBE);
            byte[] made = signature.sign();
            signature.initVerify(certificate);
            signature.update(PROBE);
            if (!signature.verify(made)) {
                throw new GeneralSecurityException("another key's signature");
            }
        } catch (GeneralSecurityException e) {
            throw new SigningException(
                    "the key " + name + " does not belong to its certificate, or cannot be used",
                    "Put key and certificate of one set together.",
                    e);
        }
    }

    /** {@return the name and the certificate's subject, never the key} */
    @Override
    public String toString() {
        return "SigningIdentity[" + name + ", " + certificate.getSubjectX500Principal() + "]";
    }
}
