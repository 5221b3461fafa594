package dev.twoliter.oci.internal.http;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom TLS trusts: the authorities of the JVM, and those of further bundles. Made when first needed. Thread-safe. */
public final class TlsTrust {

    private static final long MAX_BUNDLE = 16 << 20;

    private final List<Path> bundles;
    private @Nullable SSLContext context;

    /**
     * Prepares; reads nothing.
     *
     * @param bundles files with certificates in PEM
     */
    public TlsTrust(List<Path> bundles) {
        this.bundles = List.copyOf(bundles);
    }

    synchronized SSLContext context() {
        if (context == null) {
            try {
                context = bundles.isEmpty() ? SSLContext.getDefault() : extended();
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException("this JVM has no TLS", e);
            }
        }
        return context;
    }

    private SSLContext extended() throws GeneralSecurityException, IOException {
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        int number = 0;
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager x509) {
                for (X509Certificate issuer : x509.getAcceptedIssuers()) {
                    all.setCertificateEntry("jvm-" + number++, issuer);
                }
            }
        }
        for (Path bundle : bundles) {
            for (Certificate certificate : read(bundle)) {
                all.setCertificateEntry("bundle-" + number++, certificate);
            }
        }
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(null, managers(all), null);
        return made;
    }

    private static TrustManager[] managers(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return factory.getTrustManagers();
    }

    private static List<Certificate> read(Path bundle) {
        try {
            if (Files.size(bundle) > MAX_BUNDLE) {
                throw new FormatException(bundle.toString(), "it is too large to be a bundle of certificates");
            }
            List<Certificate> certificates = List.copyOf(CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(bundle))));
            if (certificates.isEmpty()) {
                throw new FormatException(bundle.toString(), "it has no certificate in it");
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new FormatException(
                    bundle.toString(), "it is not a bundle of certificates", "It must be certificates in PEM.", e);
        } catch (IOException e) {
            throw StorageException.of("read", bundle, e);
        }
    }
}
