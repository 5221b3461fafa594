package dev.twoliter.core.internal.boot.secure;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.boot.pe.SigningIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/**
 * The keys and certificates of a profile, by upstream's file names (variant-image.md 4.1). Immutable.
 *
 * @param platform PK
 * @param keyExchange KEK
 * @param db what firmware trusts
 * @param vendor what the shim trusts
 * @param shimSign issued by db
 * @param codeSign issued by vendor
 * @param ukiSign issued by db; in profiles older than unified kernel images the same as {@code shimSign}
 * @param configSign the OpenPGP key
 */
public record SecureBootKeys(
        X509Certificate platform,
        X509Certificate keyExchange,
        X509Certificate db,
        X509Certificate vendor,
        SigningIdentity shimSign,
        SigningIdentity codeSign,
        SigningIdentity ukiSign,
        ConfigKey configSign) {

    static final String PLATFORM = "PK";
    static final String KEY_EXCHANGE = "KEK";
    static final String DB = "db";
    static final String VENDOR = "vendor";
    static final String SHIM_SIGN = "shim-sign";
    static final String CODE_SIGN = "code-sign";
    static final String UKI_SIGN = "uki-sign";
    static final String CONFIG_SIGN = "config-sign.key";

    private static final int MAX_FILE = 1 << 16;
    private static final List<String> FILES = List.of(
            PLATFORM + ".crt",
            KEY_EXCHANGE + ".crt",
            DB + ".crt",
            VENDOR + ".crt",
            SHIM_SIGN + ".key",
            SHIM_SIGN + ".crt",
            CODE_SIGN + ".key",
            CODE_SIGN + ".crt",
            CONFIG_SIGN);

    /** Checks for null. */
    public SecureBootKeys {
        Objects.requireNonNull(platform, "platform");
        Objects.requireNonNull(keyExchange, "keyExchange");
        Objects.requireNonNull(db, "db");
        Objects.requireNonNull(vendor, "vendor");
        Objects.requireNonNull(shimSign, "shimSign");
        Objects.requireNonNull(codeSign, "codeSign");
        Objects.requireNonNull(ukiSign, "ukiSign");
        Objects.requireNonNull(configSign, "configSign");
    }

    /**
     * Reads a profile. Keys are PEM without a passphrase, PKCS #8 or PKCS #1; certificates are PEM or DER.
     *
     * @param directory such as {@code sbkeys/local}
     * @return the keys
     * @throws SigningException if files are missing (all are named), malformed, or do not belong together
     * @throws StorageException if a file cannot be read
     */
    public static SecureBootKeys open(Path directory) {
        List<String> missing = FILES.stream()
                .filter(name -> !Files.isRegularFile(directory.resolve(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw new SigningException(
                    "the Secure Boot profile " + directory + " lacks " + String.join(", ", missing),
                    missing.size() == FILES.size()
                            ? "`twoliter keys generate --secure-boot --out " + directory + "` makes one."
                            : "Put the missing files there. Keys that a key management service holds (kms-sign.json)"
                                    + " are not read.",
                    null);
        }
        X509Certificate db = certificate(directory, DB);
        X509Certificate vendor = certificate(directory, VENDOR);
        SigningIdentity shimSign = identity(directory, SHIM_SIGN, db);
        boolean hasUkiSign = Files.exists(directory.resolve(UKI_SIGN + ".key"));
        return new SecureBootKeys(
                certificate(directory, PLATFORM),
                certificate(directory, KEY_EXCHANGE),
                db,
                vendor,
                shimSign,
                identity(directory, CODE_SIGN, vendor),
                hasUkiSign ? identity(directory, UKI_SIGN, db) : shimSign,
                ConfigKey.open(KeyFile.of(directory.resolve(CONFIG_SIGN))));
    }

    private static SigningIdentity identity(Path directory, String name, X509Certificate issuer) {
        return new SigningIdentity(name, key(directory.resolve(name + ".key")), certificate(directory, name), issuer);
    }

    private static X509Certificate certificate(Path directory, String name) {
        Path file = directory.resolve(name + ".crt");
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes(file)));
        } catch (CertificateException e) {
            throw new SigningException(file + " is not a certificate", "It must be X.509, PEM or DER.", e);
        }
    }

    // What Bouncy Castle throws for damaged keys is not all declared.
    @SuppressWarnings("IllegalCatch")
    private static PrivateKey key(Path file) {
        String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            Object found = parser.readObject();
            if (found instanceof PEMKeyPair pair) {
                return new JcaPEMKeyConverter().getKeyPair(pair).getPrivate();
            }
            if (found instanceof PrivateKeyInfo info) {
                return new JcaPEMKeyConverter().getPrivateKey(info);
            }
        } catch (IOException | RuntimeException e) {
            throw unusable(file, e);
        }
        throw unusable(file, null);
    }

    private static SigningException unusable(Path file, @Nullable Exception cause) {
        return new SigningException(
                file + " is not a private key that can be used",
                "It must be PEM without a passphrase: openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW",
                cause);
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE + 1);
            if (bytes.length > MAX_FILE) {
                throw new SigningException(
                        file + " is too large to be a key or a certificate", "Give the file of a single one.", null);
            }
            return bytes;
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** {@return whose keys these are, never a key} */
    @Override
    public String toString() {
        return "SecureBootKeys[" + db.getSubjectX500Principal() + ", " + vendor.getSubjectX500Principal() + "]";
    }
}
