package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Digest;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSignaturesTest {

    @TempDir
    Path directory;

    private Repository repository;
    private Digest digest;
    private ImageSigningKey key;
    private ImagePublicKey publicKey;

    @BeforeEach
    void sign() {
        repository = ImageStore.open(
                        "oci:registry",
                        StoreOptions.builder().baseDirectory(directory).build())
                .repository("demo");
        digest = TestImages.publish(repository, directory, "v1").digest();
        key = key("one");
        publicKey = publicKey("one");
        ImageSignatures.sign(repository, digest, key);
    }

    private ImageSigningKey key(String name) {
        Path secret = directory.resolve(name + ".pem");
        if (!Files.exists(secret)) {
            ImageKeys.generate(secret, directory.resolve(name + ".pub"));
        }
        return ImageKeys.load(KeyFile.of(secret));
    }

    private ImagePublicKey publicKey(String name) {
        return ImageKeys.loadPublic(directory.resolve(name + ".pub"));
    }

    private ImageManifest signatures() {
        return ImageManifest.parse(
                "test",
                repository.manifest(ImageSignatures.tagOf(digest)).orElseThrow().bytes());
    }

    @Test
    void a_signed_image_is_accepted_by_any_of_the_keys() {
        key("two");
        assertThatCode(() -> ImageSignatures.verify(repository, digest, List.of(publicKey("two"), publicKey)))
                .doesNotThrowAnyException();
    }

    @Test
    void an_image_that_another_key_signed_is_refused_and_the_keys_are_named() {
        key("two");
        assertThatThrownBy(() -> ImageSignatures.verify(repository, digest, List.of(publicKey("two"))))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("oci:registry/demo@" + digest)
                .hasMessageContaining("two.pub");
    }

    @Test
    void an_unsigned_image_is_refused() {
        Digest other = repository.manifest("v1-x86_64").orElseThrow().digest();
        assertThatThrownBy(() -> ImageSignatures.verify(repository, other, List.of(publicKey)))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("is not signed");
    }

    @Test
    void signing_again_changes_nothing_and_a_second_key_is_added() {
        Digest before =
                repository.manifest(ImageSignatures.tagOf(digest)).orElseThrow().digest();
        ImageSignatures.sign(repository, digest, key);
        assertThat(repository
                        .manifest(ImageSignatures.tagOf(digest))
                        .orElseThrow()
                        .digest())
                .isEqualTo(before);
        ImageSignatures.sign(repository, digest, key("two"));
        assertThat(signatures().layers()).hasSize(2);
        ImageSignatures.verify(repository, digest, List.of(publicKey));
        ImageSignatures.verify(repository, digest, List.of(publicKey("two")));
    }

    @Test
    void the_signature_of_one_image_does_not_serve_another() {
        Digest other = repository.manifest("v1-x86_64").orElseThrow().digest();
        repository.pushManifest(
                repository.manifest(ImageSignatures.tagOf(digest)).orElseThrow(), ImageSignatures.tagOf(other));
        assertThatThrownBy(() -> ImageSignatures.verify(repository, other, List.of(publicKey)))
                .isInstanceOf(VerificationException.class);
    }

    @Test
    void a_flipped_byte_in_payload_or_signature_is_refused() throws IOException {
        Path payload = directory
                .resolve("registry/demo/blobs/sha256")
                .resolve(signatures().layers().get(0).digest().hex());
        byte[] good = Files.readAllBytes(payload);
        byte[] bad = good.clone();
        bad[40] ^= 1;
        Files.write(payload, bad);
        assertThatThrownBy(() -> ImageSignatures.verify(repository, digest, List.of(publicKey)))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining(digest.toString());
        Files.write(payload, good);
        ImageSignatures.verify(repository, digest, List.of(publicKey));

        Descriptor layer = signatures().layers().get(0);
        String signature = layer.annotations().values().iterator().next();
        char last = signature.charAt(20) == 'A' ? 'B' : 'A';
        Descriptor forged = layer.withAnnotations(java.util.Map.of(
                layer.annotations().keySet().iterator().next(),
                signature.substring(0, 20) + last + signature.substring(21)));
        repository.pushManifest(
                new ImageManifest(signatures().config(), List.of(forged), java.util.Map.of()).toRaw(),
                ImageSignatures.tagOf(digest));
        assertThatThrownBy(() -> ImageSignatures.verify(repository, digest, List.of(publicKey)))
                .isInstanceOf(VerificationException.class);
    }

    @Test
    @Peer("openssl")
    void openssl_verifies_the_signature() throws IOException {
        Descriptor layer = signatures().layers().get(0);
        Path payload = directory.resolve("payload");
        try (InputStream in = repository.blob(layer)) {
            Files.write(payload, in.readAllBytes());
        }
        assertThat(Files.readString(payload)).contains(digest.toString(), "cosign container image signature");
        Path signature = directory.resolve("signature");
        Files.write(
                signature, Base64.getDecoder().decode(layer.annotations().get("dev.cosignproject.cosign/signature")));
        assertThat(Command.output(
                        "openssl",
                        "dgst",
                        "-sha256",
                        "-verify",
                        directory.resolve("one.pub"),
                        "-signature",
                        signature,
                        payload))
                .contains("Verified OK");
    }

    @Test
    @Peer("openssl")
    void keys_of_openssl_are_read() {
        Path secret = directory.resolve("ssl.pem");
        Path open = directory.resolve("ssl.pub");
        Command.output("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", secret);
        Command.output("openssl", "pkey", "-in", secret, "-pubout", "-out", open);
        ImageSignatures.sign(repository, digest, ImageKeys.load(KeyFile.of(secret)));
        ImageSignatures.verify(repository, digest, List.of(ImageKeys.loadPublic(open)));
        Path p384 = directory.resolve("p384.pem");
        Command.output("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384", "-out", p384);
        assertThatThrownBy(() -> ImageKeys.load(KeyFile.of(p384)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("P-256");
    }

    @Test
    void a_private_key_is_its_owners_only_and_is_never_overwritten() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("one.pem"))))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> ImageKeys.generate(directory.resolve("one.pem"), directory.resolve("new.pub")))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("one.pem is there already");
        assertThat(directory.resolve("new.pub")).doesNotExist();
    }

    @Test
    void what_is_no_key_is_refused_by_name() throws IOException {
        Path file = Files.writeString(directory.resolve("nokey"), "hello");
        assertThatThrownBy(() -> ImageKeys.load(KeyFile.of(file)))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("nokey");
        assertThatThrownBy(() -> ImageKeys.loadPublic(directory.resolve("one.pem")))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("one.pem");
    }
}
