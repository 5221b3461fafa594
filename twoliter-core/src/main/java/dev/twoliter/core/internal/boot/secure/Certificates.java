package dev.twoliter.core.internal.boot.secure;

import dev.twoliter.api.SigningException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** The two forms of a certificate that firmware's set-up menus and tools take. */
final class Certificates {
    private static final byte[] NEWLINE = {'\n'};

    private Certificates() {}

    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new SigningException(
                    "the certificate of " + certificate.getSubjectX500Principal() + " cannot be encoded",
                    "Get it anew.",
                    e);
        }
    }

    static String pem(X509Certificate certificate) {
        return pem("CERTIFICATE", der(certificate));
    }

    static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, NEWLINE).encodeToString(content) + "\n-----END " + type + "-----\n";
    }
}
