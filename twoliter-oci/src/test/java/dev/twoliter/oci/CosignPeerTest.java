package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twoliter.api.Digest;
import dev.twoliter.api.KeyFile;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.DockerRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signs and verifies with cosign on a registry of this machine. Never required: Debian 12 has no cosign; what it said once
 * is in src/test/resources/cosign. Run with cosign 2.5.
 */
@Tag("peer")
class CosignPeerTest {

    private static final Map<String, String> PASSWORD = Map.of("COSIGN_PASSWORD", "pass phräse");

    @TempDir
    Path directory;

    private DockerRegistry registry;
    private ImageStore store;
    private Repository repository;
    private Digest index;

    @BeforeEach
    void push() throws IOException, InterruptedException {
        for (String program : List.of("cosign", "docker-registry")) {
            assumeTrue(
                    Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                            .anyMatch(dir -> Files.isExecutable(Path.of(dir, program))),
                    () -> "not installed: " + program);
        }
        registry = DockerRegistry.start(directory);
        store = ImageStore.open(registry.host(), StoreOptions.builder().build());
        repository = store.repository("kits");
        List<Descriptor> images = new ArrayList<>();
        for (String arch : List.of("amd64", "arm64")) {
            byte[] config = ("{\"architecture\":\"" + arch
                            + "\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},\"config\":{}}")
                    .getBytes(StandardCharsets.UTF_8);
            Descriptor blob = Descriptor.of(MediaTypes.CONFIG, config);
            repository.pushBlob(blob, BlobSource.of(config));
            images.add(repository
                    .pushManifest(new ImageManifest(blob, List.of(), Map.of()).toRaw())
                    .withPlatform(new Platform("linux", arch)));
        }
        index = repository.pushManifest(ImageIndex.of(images).toRaw(), "v1").digest();
        ImageKeys.generate(key("ours"), directory.resolve("ours.pub"));
        cosign("generate-key-pair", "--output-key-prefix", "theirs").succeeded();
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            store.close();
            registry.close();
        }
    }

    private KeyFile key(String name) {
        return KeyFile.of(
                directory.resolve(name + ".key"),
                () -> PASSWORD.get("COSIGN_PASSWORD").toCharArray());
    }

    private ImagePublicKey pub(String name) {
        return ImageKeys.loadPublic(directory.resolve(name + ".pub"));
    }

    private Command cosign(String... words) {
        List<Object> command = new ArrayList<>(List.of("cosign"));
        command.addAll(List.of(words));
        return Command.runIn(directory, PASSWORD, command.toArray());
    }

    private String image(Digest digest) {
        return repository.reference() + "@" + digest;
    }

    private Command verify(String key, Digest digest) {
        return cosign("verify", "--key", key + ".pub", "--insecure-ignore-tlog", image(digest));
    }

    @Test
    void cosign_accepts_what_we_sign_with_keys_of_either() {
        for (String name : List.of("ours", "theirs")) {
            assertThat(verify(name, index).exit()).isNotZero();
            for (Digest digest : ImageSignatures.withImages(repository, index)) {
                assertThat(ImageSignatures.sign(repository, digest, ImageKeys.load(key(name))))
                        .isTrue();
                assertThat(verify(name, digest).succeeded())
                        .contains("The signatures were verified against the specified public key")
                        .contains("\"docker-manifest-digest\":\"" + digest + "\"");
            }
        }
    }

    @Test
    void we_accept_what_cosign_signs_with_keys_of_either() {
        for (String name : List.of("ours", "theirs")) {
            cosign("sign", "--recursive", "--key", name + ".key", "--tlog-upload=false", "-y", image(index))
                    .succeeded();
            for (Digest digest : ImageSignatures.withImages(repository, index)) {
                ImageSignatures.verify(repository, digest, List.of(pub(name)));
                assertThat(ImageSignatures.sign(repository, digest, ImageKeys.load(key(name))))
                        .isFalse();
            }
        }
        assertThat(ImageSignatures.check(repository, index, List.of(pub("ours"), pub("theirs")))
                        .signers())
                .hasSize(2);
    }

    @Test
    void each_adds_to_the_signatures_of_the_other() {
        ImageSignatures.sign(repository, index, ImageKeys.load(key("ours")));
        cosign("sign", "--key", "theirs.key", "--tlog-upload=false", "-y", image(index))
                .succeeded();
        verify("ours", index).succeeded();
        verify("theirs", index).succeeded();
        ImageVerification found = ImageSignatures.check(repository, index, List.of(pub("ours"), pub("theirs")));
        assertThat(found.signatures()).isEqualTo(2);
        assertThat(found.signers()).hasSize(2);
    }

    @Test
    void bundles_go_both_ways() throws IOException {
        Files.writeString(
                directory.resolve("root.json"),
                "{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot+json;version=0.1\",\"tlogs\":[],"
                        + "\"certificateAuthorities\":[],\"ctlogs\":[],\"timestampAuthorities\":[]}");
        Files.writeString(directory.resolve("predicate.json"), "{}");
        ImageSignatures.sign(repository, index, ImageKeys.load(key("ours")), SignatureForm.BUNDLE);
        cosign(
                        "attest",
                        "--new-bundle-format",
                        "--key",
                        "theirs.key",
                        "--tlog-upload=false",
                        "-y",
                        "--type",
                        SigstoreBundle.PREDICATE,
                        "--predicate",
                        "predicate.json",
                        image(index))
                .succeeded();
        for (String name : List.of("ours", "theirs")) {
            String said = cosign(
                            "verify-attestation",
                            "--new-bundle-format",
                            "--key",
                            name + ".pub",
                            "--insecure-ignore-tlog",
                            "--trusted-root",
                            "root.json",
                            "--type",
                            SigstoreBundle.PREDICATE,
                            image(index))
                    .succeeded();
            assertThat(said).contains("The signatures were verified against the specified public key");
            ImageSignatures.verify(repository, index, List.of(pub(name)));
        }
    }
}
