package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twoliter.api.Digest;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.VerificationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cosign has signed; src/test/resources/cosign/README.md says how it was made. */
class CosignSignaturesTest {

    private static final Path COSIGN = Path.of("src/test/resources/cosign");
    private static final String CLAIM = "127.0.0.1:5971/kits/demo";

    @TempDir
    Path directory;

    private Repository repository;
    private Digest index;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.walk(COSIGN.resolve("store"))) {
            for (Path file : files.toList()) {
                Path copy = directory.resolve(COSIGN.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        repository = ImageStore.open(
                        "oci:" + directory.resolve("store"),
                        StoreOptions.builder().build())
                .repository("demo");
        index = repository.manifest("v1").orElseThrow().digest();
    }

    private static ImagePublicKey pub(String name) {
        return ImageKeys.loadPublic(COSIGN.resolve(name + ".pub"));
    }

    private static ImageSigningKey key(String name, String passphrase) {
        return ImageKeys.load(KeyFile.of(COSIGN.resolve(name + ".key"), passphrase::toCharArray));
    }

    private Optional<RawManifest> signatures() {
        return repository.manifest(ImageSignatures.tagOf(index));
    }

    @Test
    void an_index_and_its_images_are_signed() {
        List<Digest> images = ImageSignatures.withImages(repository, index);
        assertThat(images).hasSize(3).startsWith(index);
        assertThat(images).allSatisfy(digest -> ImageSignatures.verify(repository, digest, List.of(pub("secret"))));
    }

    @Test
    void each_key_is_told_with_its_form_and_claim() {
        ImageVerification found =
                ImageSignatures.check(repository, index, List.of(pub("old"), pub("empty"), pub("secret")));
        assertThat(found.isGood()).isTrue();
        assertThat(found.signatures()).isEqualTo(3);
        assertThat(found.signers())
                .containsExactlyInAnyOrder(
                        new ImageVerification.Signer(pub("secret"), SignatureForm.TAG, CLAIM),
                        new ImageVerification.Signer(pub("empty"), SignatureForm.TAG, CLAIM),
                        new ImageVerification.Signer(pub("secret"), SignatureForm.BUNDLE, CLAIM));
    }

    @Test
    void a_key_that_has_not_signed_is_no_help() {
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> ImageSignatures.verify(repository, index, List.of(pub("old"))))
                .withMessageContaining("none of its 3 signatures is a good one by");
    }

    @Test
    void an_attestation_is_no_signature() {
        ImageManifest none = new ImageManifest(layers().get(0), List.of(), Map.of());
        repository.pushManifest(none.toRaw(), ImageSignatures.tagOf(index));
        ImageVerification found = ImageSignatures.check(repository, index, List.of(pub("empty"), pub("secret")));
        assertThat(found.signatures()).isEqualTo(1);
        assertThat(found.signers())
                .containsExactly(new ImageVerification.Signer(pub("secret"), SignatureForm.BUNDLE, CLAIM));
    }

    @Test
    void a_key_signs_a_thing_once_even_though_cosign_signs_differently_each_time() {
        assertThat(ImageSignatures.sign(repository, index, key("secret", "secret"), SignatureForm.BUNDLE))
                .isFalse();
        Digest before = signatures().orElseThrow().digest();
        assertThat(ImageSignatures.sign(repository, index, key("secret", "secret")))
                .isFalse();
        assertThat(ImageSignatures.sign(repository, index, key("empty", ""))).isFalse();
        assertThat(signatures().orElseThrow().digest()).isEqualTo(before);
    }

    @Test
    void another_signature_is_added_to_those_of_cosign() {
        List<Descriptor> before = layers();
        assertThat(ImageSignatures.sign(repository, index, key("old", ""))).isTrue();
        assertThat(layers()).hasSize(before.size() + 1).startsWith(before.toArray(Descriptor[]::new));
        List<Descriptor> referrers = referrers();
        assertThat(ImageSignatures.sign(repository, index, key("old", ""), SignatureForm.BUNDLE))
                .isTrue();
        assertThat(referrers()).hasSize(referrers.size() + 1).startsWith(referrers.toArray(Descriptor[]::new));
        assertThat(ImageSignatures.check(repository, index, List.of(pub("old"), pub("empty"), pub("secret")))
                        .signers())
                .hasSize(5);
    }

    private List<Descriptor> layers() {
        return ImageManifest.parse("signatures", signatures().orElseThrow().bytes())
                .layers();
    }

    private List<Descriptor> referrers() {
        return ImageIndex.parse(
                        "referrers", repository.referrers(index).orElseThrow().bytes())
                .manifests();
    }
}
