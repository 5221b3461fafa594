package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageKeysTest {

    private static final Path COSIGN = Path.of("src/test/resources/cosign");
    private static final Path OPENSSL = Path.of("src/test/resources/openssl");

    @TempDir
    Path directory;

    private static KeyFile locked(Path file, String passphrase) {
        return KeyFile.of(file, passphrase::toCharArray);
    }

    private static void assertUnusable(KeyFile file, String why, String hint) {
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> ImageKeys.load(file))
                .withMessageContaining(file.path().toString())
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.hint().orElse("")).contains(hint));
    }

    private KeyFile written(String type, String content) throws IOException {
        String base64 =
                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content.getBytes(StandardCharsets.UTF_8));
        Path file = directory.resolve("written.key");
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
        return locked(file, "secret");
    }

    private static String json(Path file) throws IOException {
        String pem = Files.readString(file);
        String base64 = pem.lines().filter(line -> !line.startsWith("-")).reduce("", String::concat);
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"secret,secret", "empty,''", "old,''"})
    void keys_that_cosign_made_are_read(String name, String passphrase) {
        ImageSigningKey key = ImageKeys.load(locked(COSIGN.resolve(name + ".key"), passphrase));
        assertThat(key.publicKey()).isEqualTo(ImageKeys.loadPublic(COSIGN.resolve(name + ".pub")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sec1.pem", "pkcs8.pem", "pbes2.pem", "pbes2-sha512.pem"})
    void keys_that_openssl_made_are_read(String name) {
        ImageSigningKey key = ImageKeys.load(locked(OPENSSL.resolve(name), "secret"));
        assertThat(key.publicKey()).isEqualTo(ImageKeys.loadPublic(OPENSSL.resolve("openssl.pub")));
    }

    @ParameterizedTest
    @CsvSource({
        "p384.pem,P-384",
        "k1.pem,secp256k1",
        "rsa.pem,RSA",
        "rsa1.pem,RSA",
        "ed25519.pem,Ed25519",
        "explicit.pem,EC without a named curve"
    })
    void keys_of_other_kinds_are_refused_by_name(String file, String kind) {
        assertUnusable(
                KeyFile.of(OPENSSL.resolve(file)),
                "holds a key of another kind than P-256: " + kind,
                "keys generate --image");
    }

    @ParameterizedTest
    @CsvSource({"p384.pub,P-384", "explicit.pub,EC without a named curve"})
    void public_keys_of_other_kinds_are_refused_by_name(String file, String kind) {
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> ImageKeys.loadPublic(OPENSSL.resolve(file)))
                .withMessage(
                        "the key file " + OPENSSL.resolve(file) + " holds a key of another kind than P-256: " + kind);
    }

    @Test
    void what_cannot_be_decrypted_says_what_to_do() {
        assertUnusable(
                locked(OPENSSL.resolve("pkcs8-scrypt.pem"), "secret"),
                "encrypted in a way that is not known: key derivation 1.3.6.1.4.1.11591.4.11",
                "openssl pkcs8 -topk8 -v2 aes-256-cbc");
        assertUnusable(
                locked(OPENSSL.resolve("pbes2-des3.pem"), "secret"),
                "encrypted in a way that is not known: cipher 1.2.840.113549.3.7",
                "openssl pkcs8");
        assertUnusable(
                locked(OPENSSL.resolve("pbes2-rounds.pem"), "secret"),
                "20000000 rounds of key derivation, of at most 10000000",
                "openssl pkcs8");
        assertUnusable(
                locked(OPENSSL.resolve("traditional.pem"), "secret"),
                "encrypted in the old way of openssl",
                "openssl pkcs8 -topk8 -in traditional.pem");
    }

    @Test
    void a_wrong_passphrase_is_told() {
        for (Path file : List.of(COSIGN.resolve("secret.key"), OPENSSL.resolve("pbes2.pem"))) {
            assertUnusable(locked(file, "Secret"), "the passphrase is wrong", "COSIGN_PASSWORD");
            assertUnusable(KeyFile.of(file), "the passphrase is wrong", "--passphrase-file");
        }
    }

    @Test
    void a_key_that_was_changed_is_refused() throws IOException {
        String good = json(COSIGN.resolve("secret.key"));
        assertThatNoException().isThrownBy(() -> ImageKeys.load(written("ENCRYPTED SIGSTORE PRIVATE KEY", good)));
        int ciphertext = good.indexOf("ciphertext\":\"") + "ciphertext\":\"".length();
        for (int at : List.of(ciphertext, ciphertext + 60)) {
            char other = good.charAt(at) == 'A' ? 'B' : 'A';
            String bad = good.substring(0, at) + other + good.substring(at + 1);
            assertUnusable(
                    written("ENCRYPTED SIGSTORE PRIVATE KEY", bad),
                    "the passphrase is wrong, or the file is damaged",
                    "");
        }
        assertUnusable(
                written("ENCRYPTED SIGSTORE PRIVATE KEY", good.replace("\"N\":65536", "\"N\":32768")),
                "the passphrase is wrong, or the file is damaged",
                "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    "N":65536 | "N":1073741824 | scrypt parameters
                    "N":65536 | "N":262144 | scrypt parameters
                    "N":65536 | "N":99999999999 | scrypt parameters
                    "N":65536 | "N":65537 | scrypt parameters
                    "N":65536 | "N":-65536 | scrypt parameters
                    "N":65536 | "N":0 | scrypt parameters
                    "N":65536 | "N":"65536" | scrypt parameters
                    "N":65536, | | scrypt parameters
                    "r":8 | "r":8000000 | scrypt parameters
                    "p":1 | "p":1000000 | scrypt parameters
                    "scrypt" | "argon2" | encrypted with 'argon2', not with 'scrypt'
                    nacl/secretbox | aes | encrypted with 'aes'
                    "nonce":" | "nonce":"AAAA | 'nonce' has
                    "nonce":" | "nonce":"*** | 'nonce' is not base64
                    "salt" | "pepper" | 'salt' is missing
                    "ciphertext" | "text" | 'ciphertext' is missing
                    {"kdf" | [{"kdf" | not JSON
                    """)
    void hostile_parameters_are_refused_before_any_work_is_done(String from, String to, String why) throws IOException {
        String good = json(COSIGN.resolve("secret.key"));
        assertThat(good).contains(from);
        KeyFile bad = written("ENCRYPTED SIGSTORE PRIVATE KEY", good.replace(from, Objects.requireNonNullElse(to, "")));
        assertUnusable(bad, why, "Get the key file anew.");
    }

    @Test
    void what_is_no_key_file_is_refused() throws IOException {
        Path file = directory.resolve("no.key");
        assertUnusable(KeyFile.of(file), "is not there", "Check its path.");
        Files.writeString(file, "hello");
        assertUnusable(KeyFile.of(file), "is no PEM file", "-----BEGIN");
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        assertUnusable(KeyFile.of(file), "is no PEM file", "");
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertUnusable(KeyFile.of(file), "is damaged", "");
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nÄ*!=\n-----END PRIVATE KEY-----\n");
        assertUnusable(KeyFile.of(file), "its content is not base64", "");
        Files.write(file, new byte[(1 << 16) + 1]);
        assertUnusable(KeyFile.of(file), "too large to be a key", "");
        assertUnusable(
                KeyFile.of(COSIGN.resolve("secret.pub")), "holds a PUBLIC KEY, not a private key", "private key");
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> ImageKeys.loadPublic(OPENSSL.resolve("pkcs8.pem")))
                .withMessageContaining("holds a PRIVATE KEY, not a public key");
    }

    @Test
    void a_secret_out_of_range_and_a_point_off_the_curve_are_refused() throws IOException {
        byte[] der = Base64.getMimeDecoder()
                .decode(Files.readString(OPENSSL.resolve("pkcs8.pem")).replaceAll("-----.*", ""));
        // The 32 bytes after the octet string's head: 0, and all ones, which is more than the order.
        for (byte fill : new byte[] {0, -1}) {
            byte[] bad = der.clone();
            Arrays.fill(bad, 36, 68, fill);
            assertUnusable(pem("PRIVATE KEY", bad), "is damaged", "");
        }
        byte[] point = Base64.getMimeDecoder()
                .decode(Files.readString(OPENSSL.resolve("openssl.pub")).replaceAll("-----.*", ""));
        point[point.length - 1] ^= 1;
        Path off = pem("PUBLIC KEY", point).path();
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> ImageKeys.loadPublic(off))
                .withMessageContaining("is damaged");
    }

    private KeyFile pem(String type, byte[] der) throws IOException {
        Path file = directory.resolve("made.pem");
        Files.writeString(
                file,
                "-----BEGIN " + type + "-----\n" + Base64.getEncoder().encodeToString(der) + "\n-----END " + type
                        + "-----\n");
        return locked(file, "secret");
    }

    @Test
    void damaged_keys_fail_with_one_exception_only() throws IOException {
        Random random = new Random(7);
        for (String name : List.of("sec1.pem", "pkcs8.pem", "pbes2.pem", "openssl.pub")) {
            String all = Files.readString(OPENSSL.resolve(name));
            String text = all.substring(Math.max(0, all.lastIndexOf("-----BEGIN")));
            String type = text.substring("-----BEGIN ".length(), text.indexOf("-----", 10));
            byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----.*", ""));
            for (int i = 0; i < 400; i++) {
                byte[] bad = der.clone();
                for (int n = random.nextInt(3); n >= 0; n--) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt();
                }
                bad = Arrays.copyOf(bad, random.nextInt(4) == 0 ? random.nextInt(bad.length) : bad.length);
                KeyFile file = pem(type, bad);
                try {
                    if (type.equals("PUBLIC KEY")) {
                        ImageKeys.loadPublic(file.path());
                    } else {
                        ImageKeys.load(file);
                    }
                } catch (SigningException e) {
                    assertThat(e).hasMessageContaining("made.pem");
                }
            }
        }
    }

    @Test
    void an_encrypted_key_is_written_as_cosign_writes_it() throws IOException {
        KeyFile file = locked(directory.resolve("image.key"), "pass phräse");
        ImageKeys.generate(file, directory.resolve("image.pub"));
        assertThat(ImageKeys.load(file).publicKey()).isEqualTo(ImageKeys.loadPublic(directory.resolve("image.pub")));
        assertUnusable(locked(file.path(), "pass phrase"), "the passphrase is wrong", "");
        assertThat(Files.readString(file.path())).startsWith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n");
        String values = "(?<=\"(salt|nonce|ciphertext)\":\")[^\"]*";
        String ours = json(file.path());
        String theirs = json(COSIGN.resolve("secret.key"));
        assertThat(ours).hasSameSizeAs(theirs);
        assertThat(ours.replaceAll(values, "")).isEqualTo(theirs.replaceAll(values, ""));
    }

    @Test
    void a_key_without_a_passphrase_is_plain_PKCS8() throws IOException {
        ImageKeys.generate(directory.resolve("image.key"), directory.resolve("image.pub"));
        assertThat(Files.readString(directory.resolve("image.key"))).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(Files.readString(directory.resolve("image.key")))
                .hasSameSizeAs(Files.readString(OPENSSL.resolve("pkcs8.pem")));
        KeyFile unasked = KeyFile.of(directory.resolve("image.key"), () -> {
            throw new AssertionError("nobody needs a passphrase");
        });
        assertThat(ImageKeys.load(unasked).toString()).isEqualTo("ImageSigningKey[P-256]");
    }

    @Test
    void key_files_are_private_whole_and_never_overwritten() throws IOException {
        Path key = directory.resolve("new/image.key");
        Path pub = directory.resolve("new/image.pub");
        ImageKeys.generate(key, pub);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        byte[] before = Files.readAllBytes(key);
        assertTaken(key, pub, key);
        Files.delete(pub);
        assertTaken(key, pub, key);
        assertThat(key).hasBinaryContent(before);
        Path other = directory.resolve("new/other.key");
        Files.createSymbolicLink(pub, directory.resolve("nowhere"));
        assertTaken(other, pub, pub);
        try (var files = Files.list(directory.resolve("new"))) {
            assertThat(files).containsExactlyInAnyOrder(key, pub);
        }
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    private static void assertTaken(Path key, Path pub, Path which) {
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> ImageKeys.generate(key, pub))
                .withMessage("the key file " + which + " is there already and is not overwritten");
    }
}
