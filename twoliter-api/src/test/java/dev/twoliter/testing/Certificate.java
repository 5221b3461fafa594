package dev.twoliter.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate of its own authority for this machine and for registry.test, with its key, in PEM.
 *
 * @param certificate the certificate's file
 * @param key the key's file
 * @param der the certificate
 * @param privateKey the key
 */
public record Certificate(Path certificate, Path key, byte[] der, PrivateKey privateKey) {

    /** Makes one in a directory. */
    public static Certificate make(Path directory) throws IOException, GeneralSecurityException {
        Path store = directory.resolve("key.p12");
        Command.output(
                Path.of(System.getProperty("java.home"), "bin", "keytool"),
                "-genkeypair",
                "-keystore",
                store,
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-alias",
                "k",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=registry.test",
                "-validity",
                "30",
                "-ext",
                "bc=ca:true",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost,dns:registry.test");
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, "changeit".toCharArray());
        }
        PrivateKey key = (PrivateKey) loaded.getKey("k", "changeit".toCharArray());
        byte[] der = loaded.getCertificate("k").getEncoded();
        return new Certificate(
                pem(directory.resolve("ca.crt"), "CERTIFICATE", der),
                pem(directory.resolve("key.pem"), "PRIVATE KEY", key.getEncoded()),
                der,
                key);
    }

    /** {@return what a server needs that shows it} */
    public SSLContext serverContext() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        X509Certificate own = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        store.setKeyEntry("k", privateKey, new char[0], new X509Certificate[] {own});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static Path pem(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }
}
