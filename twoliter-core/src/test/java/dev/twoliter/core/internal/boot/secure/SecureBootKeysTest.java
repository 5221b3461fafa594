package dev.twoliter.core.internal.boot.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.SigningException;
import dev.twoliter.rpm.OpenPgpKeys;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecureBootKeysTest {
    private static final Instant NOW = Instant.parse("2026-05-06T07:08:09.5Z");

    @TempDir
    static Path made;

    @TempDir
    Path dir;

    @BeforeAll
    static void make_keys() {
        SecureBootKeyGenerator.generate(made, NOW);
    }

    @BeforeEach
    void copy_keys() throws IOException {
        for (String name : SecureBootKeyGenerator.fileNames()) {
            Files.copy(made.resolve(name), dir.resolve(name));
        }
    }

    @Test
    void a_profile_has_the_files_of_upstream_and_secrets_are_private() throws IOException {
        try (Stream<Path> files = Files.list(made)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "PK.crt",
                            "PK.key",
                            "KEK.crt",
                            "KEK.key",
                            "db.crt",
                            "db.key",
                            "vendor.crt",
                            "vendor.key",
                            "shim-sign.crt",
                            "shim-sign.key",
                            "code-sign.crt",
                            "uki-sign.crt",
                            "uki-sign.key",
                            "code-sign.key",
                            "config-sign.key",
                            "config-sign.asc",
                            "efi-vars.json",
                            "efi-vars.aws");
        }
        for (String name : SecureBootKeyGenerator.fileNames()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve(name))))
                    .isEqualTo(name.endsWith(".key") ? "rw-------" : "rw-r--r--");
        }
    }

    @Test
    void nothing_is_overwritten() {
        assertThatThrownBy(() -> SecureBootKeyGenerator.generate(dir, NOW))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("PK.crt is there already");
    }

    @Test
    void certificates_are_those_of_upstreams_local_profile() throws Exception {
        SecureBootKeys keys = SecureBootKeys.open(dir);

        assertThat(keys.platform().getSubjectX500Principal()).hasToString("CN=Bottlerocket Secure Boot Platform CA");
        assertThat(keys.keyExchange().getSubjectX500Principal())
                .hasToString("CN=Bottlerocket Secure Boot Key Exchange CA");
        assertThat(keys.db().getSubjectX500Principal()).hasToString("CN=Bottlerocket Secure Boot Database CA");
        assertThat(keys.vendor().getSubjectX500Principal()).hasToString("CN=Bottlerocket Secure Boot Vendor CA");
        assertThat(keys.db().getBasicConstraints()).isGreaterThanOrEqualTo(0);
        assertThat(keys.shimSign().certificate().getBasicConstraints()).isEqualTo(-1);
        assertThat(keys.shimSign().certificate().getIssuerX500Principal())
                .isEqualTo(keys.db().getSubjectX500Principal());
        assertThat(keys.codeSign().certificate().getIssuerX500Principal())
                .isEqualTo(keys.vendor().getSubjectX500Principal());
        assertThat(keys.codeSign().certificate().getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.3", "1.3.6.1.4.1.311.10.3.6");
        assertThat(keys.db().getNotBefore().toInstant()).isEqualTo(Instant.parse("2026-05-06T07:08:09Z"));
        assertThat(keys.db().getNotAfter().toInstant()).isEqualTo(Instant.parse("2036-05-03T07:08:09Z"));
    }

    @Test
    void a_profile_older_than_unified_kernels_signs_them_as_the_shim() throws IOException {
        assertThat(SecureBootKeys.open(dir).ukiSign().name()).isEqualTo("uki-sign");
        Files.delete(dir.resolve("uki-sign.key"));
        Files.delete(dir.resolve("uki-sign.crt"));

        assertThat(SecureBootKeys.open(dir).ukiSign())
                .isEqualTo(SecureBootKeys.open(dir).shimSign());
    }

    @Test
    void missing_files_are_all_named() throws IOException {
        Files.delete(dir.resolve("KEK.crt"));
        Files.delete(dir.resolve("code-sign.key"));

        assertThatThrownBy(() -> SecureBootKeys.open(dir))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("lacks KEK.crt, code-sign.key");
        assertThatThrownBy(() -> SecureBootKeys.open(dir.resolve("none")))
                .isInstanceOfSatisfying(
                        SigningException.class,
                        e -> assertThat(e.hint().orElseThrow()).contains("keys generate --secure-boot"));
    }

    @Test
    void files_of_different_profiles_do_not_go_together() throws IOException {
        Files.copy(made.resolve("shim-sign.key"), dir.resolve("code-sign.key"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> SecureBootKeys.open(dir))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("code-sign does not belong to its certificate");
        Files.copy(made.resolve("shim-sign.crt"), dir.resolve("code-sign.crt"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> SecureBootKeys.open(dir))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("was not issued by CN=Bottlerocket Secure Boot Vendor CA");
    }

    @Test
    void a_key_that_grub_does_not_understand_is_refused() throws IOException {
        Files.delete(dir.resolve("config-sign.key"));
        OpenPgpKeys.generate("Modern", dir.resolve("config-sign.key"), dir.resolve("modern.asc"));

        assertThatThrownBy(() -> SecureBootKeys.open(dir))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("not an RSA key");
    }

    @Test
    @Peer("openssl")
    void keys_that_openssl_made_are_read_in_both_of_its_forms() throws IOException {
        Path pkcs1 = dir.resolve("code-sign.key");
        Command.output("openssl", "rsa", "-traditional", "-in", made.resolve("code-sign.key"), "-out", pkcs1);
        assertThat(pkcs1).content().startsWith("-----BEGIN RSA PRIVATE KEY-----");
        Path der = dir.resolve("der");
        Command.output("openssl", "x509", "-in", made.resolve("db.crt"), "-outform", "DER", "-out", der);
        Files.move(der, dir.resolve("db.crt"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(SecureBootKeys.open(dir).codeSign().key())
                .isEqualTo(SecureBootKeys.open(made).codeSign().key());
    }

    @Test
    @Peer({"openssl", "gpg", "gpgconf"})
    void a_profile_that_openssl_and_gpg_made_is_read(@TempDir Path theirs, @TempDir Path home) throws IOException {
        for (String authority : List.of("PK", "KEK", "db", "vendor")) {
            String subject = "/CN=" + authority;
            openssl(
                    theirs,
                    "req -x509 -newkey rsa:2048 -nodes -days 9 -subj " + subject + " -keyout " + authority
                            + ".key -out " + authority + ".crt");
        }
        for (String[] pair : new String[][] {{"shim-sign", "db"}, {"code-sign", "vendor"}}) {
            openssl(
                    theirs,
                    "req -newkey rsa:2048 -nodes -subj /CN=" + pair[0] + " -keyout " + pair[0] + ".key -out csr");
            openssl(
                    theirs,
                    "x509 -req -in csr -CA " + pair[1] + ".crt -CAkey " + pair[1] + ".key -CAcreateserial -out "
                            + pair[0] + ".crt");
        }
        Map<String, String> gnupg = Map.of("GNUPGHOME", home.toString());
        String gpg = "gpg --batch --pinentry-mode loopback --passphrase '' ";
        Command.runIn(
                        theirs,
                        gnupg,
                        "sh",
                        "-c",
                        gpg + "--quick-generate-key Theirs rsa2048 sign never && " + gpg
                                + "--armor --export-secret-keys > config-sign.key; gpgconf --kill all")
                .succeeded();

        SecureBootKeys keys = SecureBootKeys.open(theirs);

        assertThat(keys.codeSign().certificate().getSubjectX500Principal()).hasToString("CN=code-sign");
        byte[] signature = keys.configSign().sign(new byte[] {1}, NOW);
        Path file = Files.write(theirs.resolve("file"), new byte[] {1});
        assertThat(Command.runIn(
                                theirs,
                                gnupg,
                                "gpg",
                                "--batch",
                                "--verify",
                                Files.write(theirs.resolve("sig"), signature),
                                file)
                        .succeeded())
                .contains("Good signature from \"Theirs\"");
    }

    private static void openssl(Path directory, String words) {
        Command.runIn(directory, Map.of(), (Object[]) ("openssl " + words).split(" "))
                .succeeded();
    }

    @Test
    @Peer("openssl")
    void openssl_follows_the_chain() {
        for (List<String> pair : List.of(List.of("db", "shim-sign"), List.of("vendor", "code-sign"))) {
            assertThat(Command.output(
                            "openssl",
                            "verify",
                            "-attime",
                            NOW.getEpochSecond() + 10,
                            "-CAfile",
                            made.resolve(pair.get(0) + ".crt"),
                            made.resolve(pair.get(1) + ".crt")))
                    .endsWith(": OK\n");
        }
    }

    @Test
    @Peer("gpg")
    void gpg_reads_the_public_half() {
        assertThat(Command.output("gpg", "--batch", "--show-keys", made.resolve("config-sign.asc")))
                .contains("rsa3072", "Bottlerocket Config Signing Key");
    }

    @Test
    void damaged_files_are_answered_by_the_typed_exception_only() throws IOException {
        Random random = new Random(3);
        for (String name : List.of("db.crt", "code-sign.crt", "code-sign.key", "config-sign.key")) {
            byte[] good = Files.readAllBytes(made.resolve(name));
            for (int i = 0; i < 25; i++) {
                byte[] damaged = i % 4 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
                if (damaged.length > 0) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                Files.write(dir.resolve(name), damaged);
                try {
                    assertThat(SecureBootKeys.open(dir)).isNotNull();
                } catch (SigningException e) {
                    assertThat(e.code()).isEqualTo("signing");
                }
            }
            Files.write(dir.resolve(name), good);
        }
    }

    @Test
    void a_key_never_shows_itself() {
        assertThat(SecureBootKeys.open(dir).toString()).contains("CN=").doesNotContain("PRIVATE", "modulus");
    }
}
