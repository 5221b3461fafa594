package dev.twoliter.core.internal.boot.secure;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.OpenPgpKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes a profile with keys of its own, as upstream's local profile (variant-image.md 4.1): four authorities of RSA 2048
 * that last ten years, the keys that they vouch for (uki-sign is newer
 * upstream's), an OpenPGP key, and the firmware variables. Nothing is encrypted:
 * the directory must be kept private.
 */
public final class SecureBootKeyGenerator {
    private static final String CONFIG_SIGN_PUBLIC = "config-sign.asc";
    private static final String VARIABLES_JSON = "efi-vars.json";
    private static final String VARIABLES_AWS = "efi-vars.aws";

    private SecureBootKeyGenerator() {}

    /** {@return the names of all files of a profile that {@link #generate} writes} */
    public static List<String> fileNames() {
        Stream<String> pairs = Stream.of(
                        SecureBootKeys.PLATFORM,
                        SecureBootKeys.KEY_EXCHANGE,
                        SecureBootKeys.DB,
                        SecureBootKeys.VENDOR,
                        SecureBootKeys.SHIM_SIGN,
                        SecureBootKeys.CODE_SIGN,
                        SecureBootKeys.UKI_SIGN)
                .flatMap(name -> Stream.of(name + ".crt", name + ".key"));
        return Stream.concat(
                        pairs, Stream.of(SecureBootKeys.CONFIG_SIGN, CONFIG_SIGN_PUBLIC, VARIABLES_JSON, VARIABLES_AWS))
                .toList();
    }

    /**
     * Makes a profile.
     *
     * @param directory made if it is not there
     * @param now from when on the certificates are valid; cut to seconds
     * @throws SigningException if one of the files is there already; nothing is written then
     * @throws StorageException if a file cannot be written
     */
    public static void generate(Path directory, Instant now) {
        for (String name : fileNames()) {
            Path file = directory.resolve(name);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new SigningException(
                        "the key file " + file + " is there already and is not overwritten",
                        "Move it away, or choose another directory.",
                        null);
            }
        }
        Map<String, String> files = content(now.truncatedTo(ChronoUnit.SECONDS));
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw StorageException.of("make", directory, e);
        }
        files.forEach((name, text) -> write(directory.resolve(name), text));
        OpenPgpKeys.generate(
                OpenPgpKeys.Algorithm.RSA_3072,
                "Bottlerocket Config Signing Key",
                OpenPgpKeys.DEFAULT_CREATION,
                KeyFile.of(directory.resolve(SecureBootKeys.CONFIG_SIGN)),
                directory.resolve(CONFIG_SIGN_PUBLIC));
    }

    private static Map<String, String> content(Instant now) {
        CertifiedKey platform = authority("Platform", now);
        CertifiedKey keyExchange = authority("Key Exchange", now);
        CertifiedKey db = authority("Database", now);
        CertifiedKey vendor = authority("Vendor", now);
        Map<String, String> files = new LinkedHashMap<>();
        put(files, SecureBootKeys.PLATFORM, platform);
        put(files, SecureBootKeys.KEY_EXCHANGE, keyExchange);
        put(files, SecureBootKeys.DB, db);
        put(files, SecureBootKeys.VENDOR, vendor);
        put(files, SecureBootKeys.SHIM_SIGN, db.issue("Bottlerocket Shim Signing Key", now));
        put(files, SecureBootKeys.CODE_SIGN, vendor.issue("Bottlerocket Code Signing Key", now));
        put(files, SecureBootKeys.UKI_SIGN, db.issue("Bottlerocket UKI Signing Key", now));
        EfiVariables variables = EfiVariables.of(
                platform.certificate(), keyExchange.certificate(), db.certificate(), UUID.randomUUID(), now);
        files.put(VARIABLES_JSON, variables.json());
        files.put(VARIABLES_AWS, variables.aws());
        return files;
    }

    private static CertifiedKey authority(String name, Instant now) {
        return CertifiedKey.authority("Bottlerocket Secure Boot " + name + " CA", now);
    }

    private static void put(Map<String, String> files, String name, CertifiedKey key) {
        files.put(name + ".crt", Certificates.pem(key.certificate()));
        files.put(name + ".key", Certificates.pem("PRIVATE KEY", key.key().getEncoded()));
    }

    private static void write(Path file, String text) {
        boolean secret = text.contains("PRIVATE KEY");
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--");
        try (var channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(mode))) {
            channel.write(StandardCharsets.US_ASCII.encode(text));
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }
}
