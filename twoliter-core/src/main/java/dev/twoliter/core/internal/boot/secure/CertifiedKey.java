package dev.twoliter.core.internal.boot.secure;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A new RSA key with the certificate that says whose it is. Immutable.
 *
 * @param key the private key
 * @param certificate of its public half
 */
record CertifiedKey(PrivateKey key, X509Certificate certificate) {
    private static final int BITS = 2048;
    private static final int SERIAL_BITS = 159; // positive, in 20 bytes (RFC 5280, 4.1.2.2)
    private static final Duration VALIDITY = Duration.ofDays(3650);
    /** Microsoft's "individual code signing", which upstream names too. */
    private static final KeyPurposeId INDIVIDUAL_CODE_SIGNING =
            KeyPurposeId.getInstance(new ASN1ObjectIdentifier("1.3.6.1.4.1.311.10.3.6"));

    /** Makes one that certifies itself and others. */
    static CertifiedKey authority(String commonName, Instant now) {
        KeyPair pair = pair();
        X500Principal name = new X500Principal("CN=" + commonName);
        return new CertifiedKey(pair.getPrivate(), certificate(name, pair.getPrivate(), null, name, pair, now));
    }

    /** Makes one that signs code, and certifies it. */
    CertifiedKey issue(String commonName, Instant now) {
        KeyPair pair = pair();
        X500Principal name = new X500Principal("CN=" + commonName);
        return new CertifiedKey(
                pair.getPrivate(),
                certificate(certificate.getSubjectX500Principal(), key, certificate, name, pair, now));
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private static X509Certificate certificate(
            X500Principal issuer,
            PrivateKey issuerKey,
            @Nullable X509Certificate authority,
            X500Principal subject,
            KeyPair pair,
            Instant now) {
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0),
                    Date.from(now),
                    Date.from(now.plus(VALIDITY)),
                    subject,
                    pair.getPublic());
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(pair.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(
                            authority == null ? pair.getPublic() : authority.getPublicKey()));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority == null));
            if (authority != null) {
                KeyPurposeId[] uses = {KeyPurposeId.id_kp_codeSigning, INDIVIDUAL_CODE_SIGNING};
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(uses));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(issuerKey)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("a new certificate cannot be made", e);
        }
    }

    /** {@return the subject, never the key} */
    @Override
    public String toString() {
        return "CertifiedKey[" + certificate.getSubjectX500Principal() + "]";
    }
}
