package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twoliter.api.Digest;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSignaturesTest {

    private static final String SIGNATURE = "dev.cosignproject.cosign/signature";

    @TempDir
    Path directory;

    private Repository repository;
    private Digest digest;

    @BeforeEach
    void push() {
        repository = ImageStore.open(
                        "oci:" + directory.resolve("store"),
                        StoreOptions.builder().build())
                .repository("kit");
        digest = repository.pushManifest(ImageIndex.of(List.of()).toRaw(), "v1").digest();
        keys("ours");
        keys("theirs");
    }

    private void keys(String name) {
        ImageKeys.generate(directory.resolve(name + ".key"), directory.resolve(name + ".pub"));
    }

    private ImageSigningKey key(String name) {
        return ImageKeys.load(KeyFile.of(directory.resolve(name + ".key")));
    }

    private ImagePublicKey pub(String name) {
        return ImageKeys.loadPublic(directory.resolve(name + ".pub"));
    }

    private List<Descriptor> layers() {
        return ImageManifest.parse(
                        "signatures",
                        repository
                                .manifest(ImageSignatures.tagOf(digest))
                                .orElseThrow()
                                .bytes())
                .layers();
    }

    private void assertRefused(String why) {
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> ImageSignatures.verify(repository, digest, List.of(pub("ours"))))
                .withMessageContaining(repository.reference() + "@" + digest)
                .withMessageContaining(why);
    }

    @Test
    void a_signed_image_is_good_and_others_are_refused() {
        assertRefused("not signed");
        ImageSignatures.sign(repository, digest, key("theirs"));
        assertRefused("none of its 1 signatures");
        ImageSignatures.sign(repository, digest, key("ours"));
        ImageSignatures.verify(repository, digest, List.of(pub("ours")));
        ImageSignatures.verify(repository, digest, List.of(pub("theirs")));
        assertThat(layers()).hasSize(2);
    }

    @Test
    void signing_again_changes_nothing() {
        ImageSignatures.sign(repository, digest, key("ours"));
        Digest first =
                repository.manifest(ImageSignatures.tagOf(digest)).orElseThrow().digest();
        ImageSignatures.sign(repository, digest, key("ours"));
        assertThat(repository
                        .manifest(ImageSignatures.tagOf(digest))
                        .orElseThrow()
                        .digest())
                .isEqualTo(first);
    }

    @Test
    void a_forged_signature_is_refused_and_does_not_spoil_a_good_one() throws IOException {
        ImageSignatures.sign(repository, digest, key("ours"));
        Descriptor good = layers().get(0);
        byte[] other = new String(repository.blob(good).readAllBytes())
                .replace(digest.hex(), "0".repeat(64))
                .getBytes();
        Descriptor foreign = Descriptor.of(MediaTypes.COSIGN_PAYLOAD, other);
        repository.pushBlob(foreign, BlobSource.of(other));
        List<Descriptor> forged = new ArrayList<>();
        forged.add(good.withAnnotations(Map.of()));
        forged.add(good.withAnnotations(Map.of(SIGNATURE, "no base64!")));
        forged.add(good.withAnnotations(Map.of(SIGNATURE, Base64.getEncoder().encodeToString(new byte[72]))));
        forged.add(good.withAnnotations(Map.of(SIGNATURE, "MAYCAQACAQA=")));
        forged.add(foreign.withAnnotations(good.annotations()));
        pushSignatures(forged);
        assertRefused("none of its 5 signatures");
        forged.add(good);
        pushSignatures(forged);
        ImageSignatures.verify(repository, digest, List.of(pub("ours")));
    }

    private void pushSignatures(List<Descriptor> layers) {
        byte[] config = "{}".getBytes();
        Descriptor blob = Descriptor.of(MediaTypes.CONFIG, config);
        repository.pushManifest(new ImageManifest(blob, layers, Map.of()).toRaw(), ImageSignatures.tagOf(digest));
    }

    @Test
    void a_flipped_byte_in_payload_or_manifest_is_refused() throws IOException {
        ImageSignatures.sign(repository, digest, key("ours"));
        Path blobs = directory.resolve("store/kit/blobs/sha256");
        Digest manifest =
                repository.manifest(ImageSignatures.tagOf(digest)).orElseThrow().digest();
        Path payload = blobs.resolve(layers().get(0).digest().hex());
        byte[] bytes = Files.readAllBytes(payload);
        bytes[20] ^= 1;
        Files.write(payload, bytes);
        assertRefused("none of its 1 signatures");
        bytes = Files.readAllBytes(blobs.resolve(manifest.hex()));
        bytes[20] ^= 1;
        Files.write(blobs.resolve(manifest.hex()), bytes);
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> ImageSignatures.verify(repository, digest, List.of(pub("ours"))))
                .withMessageContaining(manifest.hex());
    }

    @Test
    @Peer("openssl")
    void openssl_verifies_our_signature_and_we_take_its_keys() throws IOException {
        Command.output(
                "openssl",
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-out",
                directory.resolve("ssl.key"));
        Command.output(
                "openssl",
                "pkey",
                "-in",
                directory.resolve("ssl.key"),
                "-pubout",
                "-out",
                directory.resolve("ssl.pub"));
        for (String name : List.of("ours", "ssl")) {
            ImageSignatures.sign(repository, digest, key(name));
            ImageSignatures.verify(repository, digest, List.of(pub(name)));
            Descriptor layer = layers().get(layers().size() - 1);
            Path payload = Files.write(
                    directory.resolve("payload"), repository.blob(layer).readAllBytes());
            Path signature = Files.write(
                    directory.resolve("signature"),
                    Base64.getDecoder().decode(layer.annotations().get(SIGNATURE)));
            assertThat(Command.output(
                            "openssl",
                            "dgst",
                            "-sha256",
                            "-verify",
                            directory.resolve(name + ".pub"),
                            "-signature",
                            signature,
                            payload))
                    .contains("Verified OK");
        }
        Command.output(
                "openssl",
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-384",
                "-out",
                directory.resolve("384.key"));
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> key("384"))
                .withMessageContaining("384.key");
    }

    @Test
    void keys_are_private_and_never_overwritten() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("ours.key"))))
                .isEqualTo("rw-------");
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> keys("ours"))
                .withMessageContaining("ours.key");
        Files.writeString(
                directory.resolve("bad.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> key("bad"))
                .withMessageContaining("bad.key");
        assertThatExceptionOfType(SigningException.class)
                .isThrownBy(() -> ImageKeys.load(KeyFile.of(directory.resolve("ours.pub"))));
        assertThat(key("ours").toString()).isEqualTo("ImageSigningKey[P-256]");
    }
}
