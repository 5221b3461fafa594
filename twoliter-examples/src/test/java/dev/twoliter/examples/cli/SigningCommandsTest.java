package dev.twoliter.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.Environment;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keys generate}, {@code image sign} and {@code image verify}. */
class SigningCommandsTest {

    private static final String IMAGE = "oci:store/demo:v1";

    @TempDir
    Path directory;

    private Environment environment = Environment.of(Map.of(), Path.of("cache"));

    @BeforeEach
    void begin_here() {
        environment = Environment.of(Map.of(), directory.resolve("cache"));
    }

    private Answer twoliter(String line) {
        return Answer.of(environment, directory, line.split(" "));
    }

    private Answer done(String line) {
        Answer answer = twoliter(line);
        assertThat(answer.status()).as(line + ": " + answer.err()).isZero();
        return answer;
    }

    private void assertFails(String line, int status, String message, String hint) {
        Answer answer = twoliter(line);
        assertThat(answer.status()).as(answer.err()).isEqualTo(status);
        assertThat(answer.err().lines().filter(l -> l.startsWith("error: ")))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(answer.err().lines().filter(l -> l.startsWith("hint: ")))
                .hasSize(hint.isEmpty() ? 0 : 1)
                .allMatch(l -> l.contains(hint));
    }

    @Nested
    class keys {

        @Test
        void of_both_kinds_are_made_unless_one_is_named() throws IOException {
            assertThat(done("keys generate --out both --json").json().fieldNames())
                    .toIterable()
                    .containsExactly("rpmSecret", "rpmPublic", "imagePrivate", "imagePublic");
            assertThat(done("keys generate --rpm --out rpm --json").json().fieldNames())
                    .toIterable()
                    .containsExactly("rpmSecret", "rpmPublic");
            Answer image = done("keys generate --image --out image");
            assertThat(image.out().lines())
                    .containsExactly(
                            "imagePrivate  " + directory.resolve("image/image.secret.pem"),
                            "imagePublic  " + directory.resolve("image/image.pub"));
            assertThat(directory.resolve("image").toFile().list()).hasSize(2);
            assertThat(directory.resolve("image/image.secret.pem")).content().startsWith("-----BEGIN PRIVATE KEY-----");
        }

        @Test
        void of_secure_boot_are_a_profile_and_made_when_named() throws IOException {
            assertThat(done("keys generate --secure-boot --out sbkeys/local --json")
                            .json()
                            .fieldNames())
                    .toIterable()
                    .containsExactly("secureBoot");
            assertThat(directory.resolve("sbkeys/local").toFile().list())
                    .contains("PK.crt", "db.crt", "shim-sign.key", "code-sign.key", "config-sign.key", "efi-vars.aws");
            assertFails(
                    "keys generate --secure-boot --out sbkeys/local",
                    1,
                    "PK.crt is there already",
                    "choose another directory");
        }

        @Test
        void are_encrypted_with_a_passphrase() throws IOException {
            Files.writeString(directory.resolve("pass"), "sesame\nsecond line\n");
            done("keys generate --out keys --passphrase-file pass");
            assertThat(directory.resolve("keys/image.secret.pem"))
                    .content()
                    .startsWith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----");
            Answer locked = twoliter("rpm sign --key keys/rpm.secret.asc absent.rpm");
            assertThat(locked.status()).isEqualTo(1);
            assertThat(locked.err()).contains("rpm.secret.asc");
            environment = environment.with("COSIGN_PASSWORD", "sesame");
            done("keys generate --image --out cosign");
            assertThat(directory.resolve("cosign/image.secret.pem"))
                    .content()
                    .startsWith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----");
        }

        @Test
        void are_never_overwritten_and_not_made_by_halves() throws IOException {
            done("keys generate --image --out keys");
            byte[] before = Files.readAllBytes(directory.resolve("keys/image.secret.pem"));
            assertFails(
                    "keys generate --out keys",
                    1,
                    "the key file " + directory.resolve("keys/image.secret.pem")
                            + " is there already and is not overwritten",
                    "Move it away");
            assertThat(directory.resolve("keys/rpm.secret.asc")).doesNotExist();
            assertThat(directory.resolve("keys/image.secret.pem")).hasBinaryContent(before);
        }

        @Test
        void need_a_passphrase_that_is_there() throws IOException {
            Files.writeString(directory.resolve("empty"), "\nsesame\n");
            assertFails(
                    "keys generate --image --out keys --passphrase-file empty",
                    1,
                    "the first line of the passphrase file " + directory.resolve("empty") + " is empty",
                    "leave --passphrase-file out");
            assertFails(
                    "keys generate --image --out keys --passphrase-file absent",
                    1,
                    "cannot read " + directory.resolve("absent"),
                    "");
            assertThat(directory.resolve("keys").toFile().list()).isNullOrEmpty();
            assertFails("keys generate --image", 2, "--out", "see twoliter keys generate --help");
        }
    }

    @Nested
    class an_image {

        private Repository repository;
        private String index;
        private List<String> images;

        @BeforeEach
        void push() throws IOException {
            repository = ImageStore.open(
                            "oci:store",
                            StoreOptions.builder().baseDirectory(directory).build())
                    .repository("demo");
            List<Descriptor> entries = List.of(image("amd64"), image("arm64"));
            images = entries.stream().map(entry -> entry.digest().toString()).toList();
            index = repository
                    .pushManifest(ImageIndex.of(entries).toRaw(), "v1")
                    .digest()
                    .toString();
            Files.writeString(directory.resolve("pass"), "sesame\n");
            done("keys generate --image --out ours --passphrase-file pass");
            done("keys generate --image --out theirs");
        }

        private Descriptor image(String arch) {
            byte[] config = ("{\"architecture\":\"" + arch + "\"}").getBytes(StandardCharsets.UTF_8);
            Descriptor blob = Descriptor.of(MediaTypes.CONFIG, config);
            repository.pushBlob(blob, BlobSource.of(config));
            return repository
                    .pushManifest(new ImageManifest(blob, List.of(), Map.of()).toRaw())
                    .withPlatform(new Platform("linux", arch));
        }

        @Test
        void is_signed_and_verified() throws IOException {
            Answer unsigned = twoliter("image verify " + IMAGE + " --key ours/image.pub");
            assertThat(unsigned.status()).isEqualTo(1);
            assertThat(unsigned.out()).isEqualTo("oci:store/demo@" + index + ": unsigned\n");

            Answer sign = done("image sign " + IMAGE + " --key ours/image.secret.pem --passphrase-file pass --json");
            assertThat(sign.json().fieldNames())
                    .toIterable()
                    .containsExactly("repository", "fingerprint", "form", "signed");
            assertThat(sign.json().at("/repository").asText()).isEqualTo("oci:store/demo");
            assertThat(sign.json().at("/form").asText()).isEqualTo("tag");
            assertThat(sign.json().at("/signed")).hasSize(1);
            assertThat(sign.json().at("/signed/0/digest").asText()).isEqualTo(index);
            assertThat(sign.json().at("/signed/0/added").asBoolean()).isTrue();

            Answer good = done("image verify --json --key theirs/image.pub --key ours/image.pub " + IMAGE);
            JsonNode only = good.json().get(0);
            assertThat(only.fieldNames())
                    .toIterable()
                    .containsExactly("repository", "digest", "verdict", "signatures", "signers");
            assertThat(only.at("/digest").asText()).isEqualTo(index);
            assertThat(only.at("/verdict").asText()).isEqualTo("ok");
            assertThat(only.at("/signatures").asInt()).isEqualTo(1);
            JsonNode signer = only.at("/signers/0");
            assertThat(signer.at("/key").asText())
                    .isEqualTo(directory.resolve("ours/image.pub").toString());
            assertThat(signer.at("/fingerprint")).isEqualTo(sign.json().at("/fingerprint"));
            assertThat(signer.at("/form").asText()).isEqualTo("tag");
            assertThat(signer.at("/claim").asText()).isEqualTo("oci:store/demo");
            assertThat(done("image verify --key ours/image.pub " + IMAGE).out())
                    .isEqualTo("oci:store/demo@" + index + ": ok, signed by " + directory.resolve("ours/image.pub")
                            + "\n");

            Answer other = twoliter("image verify --key theirs/image.pub " + IMAGE);
            assertThat(other.status()).isEqualTo(1);
            assertThat(other.out()).contains(": nokey, none of 1 signatures is a good one by these keys");
        }

        @Test
        void is_signed_once_by_each_key() {
            environment =
                    environment.with("COSIGN_PASSWORD", "sesame").with("TWOLITER_IMAGE_KEY", "ours/image.secret.pem");
            assertThat(done("image sign " + IMAGE).out()).isEqualTo("oci:store/demo@" + index + ": signed\n");
            assertThat(done("image sign " + IMAGE).out())
                    .isEqualTo("oci:store/demo@" + index + ": was signed by this key already\n");
            done("image sign --form bundle " + IMAGE);
            assertThat(done("image sign --form bundle " + IMAGE).out()).contains("already");
            done("image sign --key theirs/image.secret.pem " + IMAGE);
            assertThat(done("image verify --key ours/image.pub --key theirs/image.pub " + IMAGE)
                            .out())
                    .contains("ours/image.pub, " + directory.resolve("theirs/image.pub"));
        }

        @Test
        void is_signed_with_the_images_in_it() throws IOException {
            done("image sign --recursive --key theirs/image.secret.pem " + IMAGE);
            Answer all = done("image verify --recursive --json --key theirs/image.pub " + IMAGE);
            assertThat(all.json())
                    .extracting(one -> one.at("/digest").asText())
                    .containsExactly(index, images.get(0), images.get(1));
            done("image verify --key theirs/image.pub oci:store/demo@" + images.get(1));
            done("image sign --key ours/image.secret.pem --passphrase-file pass " + IMAGE);
            Answer some = twoliter("image verify --recursive --key ours/image.pub " + IMAGE);
            assertThat(some.status()).isEqualTo(1);
            assertThat(some.out().lines())
                    .extracting(line -> line.replaceAll(".*: (\\w+).*", "$1"))
                    .containsExactly("ok", "nokey", "nokey");
        }

        @Test
        void has_to_be_there_and_to_be_named_right() throws IOException {
            assertFails(
                    "image verify --key ours/image.pub oci:store/demo:v2",
                    1,
                    "oci:store/demo:v2: there is no such image",
                    "Check its name and tag.");
            assertFails(
                    "image sign --key theirs/image.secret.pem oci:store/demo",
                    2,
                    "'oci:store/demo' has neither tag nor digest: add :TAG or @sha256:HEX",
                    "see twoliter image sign --help");
            assertFails(
                    "image verify --key ours/image.pub demo:v1",
                    2,
                    "'demo:v1' does not say where the image is",
                    "see twoliter image verify --help");
            Files.delete(directory
                    .resolve("store/demo/blobs/sha256")
                    .resolve(images.get(0).substring("sha256:".length())));
            assertFails(
                    "image sign --recursive --key theirs/image.secret.pem " + IMAGE,
                    1,
                    "oci:store/demo@" + images.get(0) + ": it is not there, but oci:store/demo@" + index + " needs it",
                    "with all its architectures");
        }

        @Test
        void needs_a_key_that_fits() throws IOException {
            assertFails(
                    "image sign " + IMAGE,
                    2,
                    "a key is missing: give --key, or name one in TWOLITER_IMAGE_KEY",
                    "see twoliter image sign --help");
            assertFails("image verify " + IMAGE, 2, "--key=PUB", "see twoliter image verify --help");
            assertFails(
                    "image sign --key ours/image.secret.pem " + IMAGE,
                    1,
                    "cannot be decrypted: the passphrase is wrong, or the file is damaged",
                    "Give the passphrase in a file (--passphrase-file), or in COSIGN_PASSWORD.");
            assertFails(
                    "image sign --key ours/image.pub " + IMAGE,
                    1,
                    "image.pub holds a PUBLIC KEY, not a private key",
                    "Give the private key");
            assertFails(
                    "image verify --key theirs/image.secret.pem " + IMAGE,
                    1,
                    "image.secret.pem holds a PRIVATE KEY, not a public key",
                    "Give the public half");
            assertFails(
                    "image verify --key absent.pub " + IMAGE,
                    1,
                    "the key file " + directory.resolve("absent.pub") + " is not there",
                    "Check its path.");
            assertFails("image sign --form paper --key k " + IMAGE, 2, "--form", "see twoliter image sign --help");
        }

        @Test
        void with_damaged_signatures_is_refused() {
            repository.pushManifest(ImageIndex.of(List.of()).toRaw(), index.replace(':', '-') + ".sig");
            assertFails(
                    "image verify --key ours/image.pub " + IMAGE,
                    1,
                    "its signatures cannot be read",
                    "Delete the tag " + index.replace(':', '-') + ".sig and sign again");
        }
    }
}
