package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.Project;
import dev.twoliter.api.PublishException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.plan.PublishPlan;
import dev.twoliter.api.plan.PublishRequest;
import dev.twoliter.api.plan.PublishResult;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kit is published in one go or in parts, and never over what is released. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class PublishTest {

    @TempDir
    static Path directory;

    private Demo demo;

    /** Where both architectures are built; where only the one is. */
    private Project whole;

    private Project intel;
    private Project arm;

    /** The same version with another package. */
    private Project other;

    private PushRegistry registry;

    @BeforeAll
    void build() throws IOException {
        demo = new Demo(Files.createDirectory(directory.resolve("world")));
        demo.publishSdk("0.50.0");
        whole = project("whole", spec -> spec, Arch.X86_64, Arch.AARCH64);
        intel = project("intel", spec -> spec, Arch.X86_64);
        arm = project("arm", spec -> spec, Arch.AARCH64);
        other = project(
                "other", spec -> spec.replace("hello from base", "hello from elsewhere"), Arch.X86_64, Arch.AARCH64);
    }

    private Project project(String name, UnaryOperator<String> change, Arch... arches) throws IOException {
        Path home = demo.directory.resolve(name);
        Twoliter.create(home, demo.baseSpec(), demo.environment);
        List<Path> files;
        try (var all = Files.walk(home)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Files.writeString(file, change.apply(Files.readString(file)));
        }
        Project project = Twoliter.open(home, demo.environment);
        project.updateLock().write();
        project.plan(b -> b.kit("base-kit").arch(arches).rpmKey(demo.keys.rpmKey()))
                .run();
        return project;
    }

    @BeforeEach
    void start() throws IOException {
        registry = new PushRegistry();
        // The SDK stays where it is; only the kit goes to the fresh registry.
        for (Project project : List.of(whole, intel, arm, other)) {
            useFreshRegistry(project);
        }
    }

    private void useFreshRegistry(Project project) throws IOException {
        Path toml = project.directory().resolve("Twoliter.toml");
        String text = Files.readString(toml).replaceAll("\\[vendor\\.fresh\\]\nregistry = \"[^\"]*\"\n", "");
        Files.writeString(toml, text + "[vendor.fresh]\nregistry = \"" + registry.host() + "\"\n");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private PublishPlan plan(Project project, UnaryOperator<PublishRequest.Builder> more) {
        return Twoliter.open(project.directory(), demo.environment)
                .publish(p -> more.apply(p.kit("base-kit").to("fresh").imageKey(demo.keys.imageKey())));
    }

    private PublishResult publish(Project project) {
        return plan(project, p -> p).run();
    }

    private byte[] tagged(String tag) {
        return registry.get("base-kit", tag);
    }

    private ImageIndex index() {
        return ImageIndex.parse("index", tagged("v2.1.0"));
    }

    @Test
    void nothing_has_a_tag_before_all_that_it_needs_is_there_and_signed() {
        publish(whole);

        List<String> writes = registry.writes;
        assertThat(writes).last().isEqualTo("v2.1.0");
        List<String> tags = List.of("v2.1.0-00000000-x86_64", "v2.1.0-00000000-aarch64", "v2.1.0-metadata", "v2.1.0");
        assertThat(writes.stream().filter(tags::contains)).containsExactlyElementsOf(tags);
        for (String tag : tags) {
            Digest digest = Digest.ofBytes(tagged(tag));
            assertThat(writes.indexOf("sha256-" + digest.hex() + ".sig"))
                    .isBetween(writes.indexOf(digest.toString()), writes.indexOf(tag));
        }
        for (Descriptor image : index().manifests()) {
            assertThat(writes.indexOf(image.digest().toString()))
                    .isBetween(
                            0, writes.indexOf(Digest.ofBytes(tagged("v2.1.0")).toString()));
        }
    }

    @Test
    void whatever_write_fails_the_next_run_completes_the_release() throws IOException {
        PublishResult expected = publish(whole);
        int writes = registry.writes.size();
        for (int taken = 0; taken < writes; taken += 3) {
            stop();
            start();
            registry.allowed.set(taken);
            assertThatExceptionOfType(RegistryException.class).isThrownBy(() -> publish(whole));
            assertThat(registry.writes).hasSize(taken).doesNotContain("v2.1.0");
            registry.allowed.set(Integer.MAX_VALUE);

            PublishResult completed = publish(whole);

            assertThat(completed.reference().digest())
                    .isEqualTo(expected.reference().digest());
            // What got through is not pushed again; the pool may have finished blobs beside the one that failed.
            assertThat(registry.writes).hasSize(writes);
        }
    }

    @Test
    void the_same_content_again_writes_nothing() {
        PublishResult first = publish(whole);
        registry.writes.clear();

        assertThat(publish(whole)).isEqualTo(first);
        assertThat(registry.writes).isEmpty();
    }

    @Test
    void a_plan_says_without_a_registry_and_without_a_key_what_a_run_pushes() {
        PublishPlan plan = plan(whole, p -> p);
        List<PublishPlan.Push> steps = plan.steps();
        assertThat(registry.writes).isEmpty();

        PublishResult result = plan.run();

        assertThat(steps)
                .extracting(PublishPlan.Push::what)
                .containsExactly(
                        "image for x86_64, signed",
                        "image for aarch64, signed",
                        "metadata over x86_64, aarch64, signed",
                        "index over x86_64, aarch64, signed");
        for (PublishPlan.Push step : steps) {
            ImageRef reference = step.reference();
            assertThat(Digest.ofBytes(tagged(reference.tag().orElseThrow())))
                    .isEqualTo(reference.digest().orElseThrow());
        }
        assertThat(steps.get(3).reference()).isEqualTo(result.reference());
        PublishPlan keyless = Twoliter.open(whole.directory(), demo.environment)
                .publish(p -> p.kit("base-kit").to("fresh"));
        assertThat(keyless.steps().get(0))
                .hasToString("image for x86_64, not signed: " + steps.get(0).reference());
        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(keyless::run)
                .withMessageContaining("without a signature");
    }

    @Test
    void machines_that_built_one_architecture_each_release_the_index_of_one_that_built_both() throws IOException {
        Digest expected = publish(whole).reference().digest().orElseThrow();
        stop();
        start();

        PublishResult first = publish(intel);
        assertThat(index().manifests()).hasSize(1);
        PublishResult second = publish(arm);

        assertThat(first.images()).containsOnlyKeys(Arch.X86_64);
        assertThat(second.images()).containsOnlyKeys(Arch.X86_64, Arch.AARCH64);
        assertThat(second.reference().digest()).contains(expected);
        assertThat(ImageIndex.parse("metadata", tagged("v2.1.0-metadata")).manifests())
                .hasSize(2);
        registry.writes.clear();
        assertThat(publish(intel).reference()).isEqualTo(second.reference());
        assertThat(registry.writes).isEmpty();
    }

    @Test
    void images_can_be_pushed_first_and_the_last_machine_releases_them() {
        PublishPlan images = plan(intel, PublishRequest.Builder::imagesOnly);
        assertThat(images.steps()).hasSize(1);
        PublishResult pushed = images.run();
        assertThat(pushed.reference().tag()).contains("v2.1.0-00000000-x86_64");
        assertThat(tagged("v2.1.0")).isNull();
        assertThat(tagged("v2.1.0-metadata")).isNull();

        PublishResult released = publish(arm);

        assertThat(released.images()).containsOnlyKeys(Arch.X86_64, Arch.AARCH64);
        assertThat(released.images().get(Arch.X86_64))
                .isEqualTo(pushed.reference().digest().orElseThrow());
    }

    @RepeatedTest(5)
    void two_machines_at_once_lose_nothing() throws Exception {
        ExecutorService machines = Executors.newFixedThreadPool(2);
        try {
            List<Future<PublishResult>> results = new ArrayList<>();
            for (Project project : List.of(intel, arm)) {
                results.add(machines.submit(() -> publish(project)));
            }
            for (Future<PublishResult> result : results) {
                result.get();
            }
        } finally {
            machines.shutdownNow();
        }
        assertThat(index().manifests())
                .extracting(Descriptor::platformOrNull)
                .containsExactly(new Platform("linux", "amd64"), new Platform("linux", "arm64"));
        assertThat(ImageIndex.parse("metadata", tagged("v2.1.0-metadata")).manifests())
                .hasSize(2);
    }

    @Test
    void other_content_under_a_released_tag_is_refused_and_nothing_is_written() {
        PublishResult released = publish(whole);
        registry.writes.clear();

        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publish(other))
                .withMessageContaining(registry.host() + "/base-kit has released other content: ")
                .withMessageContaining("v2.1.0-00000000-x86_64 and v2.1.0 for x86_64 are "
                        + released.images().get(Arch.X86_64))
                .withMessageContaining(
                        "v2.1.0 for aarch64 are " + released.images().get(Arch.AARCH64))
                .withMessageContaining(", and this kit is sha256:")
                .satisfies(e -> assertThat(e.hint().orElseThrow())
                        .startsWith("Raise release-version in Twoliter.toml; or publish with --replace"));
        assertThat(registry.writes).isEmpty();

        PublishResult replaced = plan(other, PublishRequest.Builder::replace).run();

        assertThat(replaced.reference().digest())
                .isNotEqualTo(released.reference().digest());
        assertThat(Digest.ofBytes(tagged("v2.1.0")))
                .isEqualTo(replaced.reference().digest().orElseThrow());
    }

    @Test
    void what_is_no_index_under_the_released_tag_is_refused_too() {
        publish(whole);
        registry.put("base-kit", "v2.1.0", tagged("v2.1.0-00000000-x86_64"));

        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publish(whole))
                .withMessageContaining("v2.1.0, which is no index, is sha256:");
        assertThat(plan(whole, PublishRequest.Builder::replace).run().images()).hasSize(2);
    }

    @Test
    void an_image_that_was_not_signed_with_the_key_does_not_get_into_a_signed_index() {
        Twoliter.open(intel.directory(), demo.environment)
                .publish(p -> p.kit("base-kit").to("fresh").imagesOnly().allowUnsigned())
                .run();

        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publish(arm))
                .withMessageContaining("the image for x86_64")
                .withMessageContaining("is not signed with this key")
                .satisfies(e -> assertThat(e.hint().orElseThrow()).contains("publishing it again"));
        assertThat(tagged("v2.1.0")).isNull();
        plan(intel, PublishRequest.Builder::imagesOnly).run();
        assertThat(publish(arm).images()).hasSize(2);
    }

    @Test
    void an_image_from_another_lock_is_refused_or_left_out_with_a_warning() throws IOException {
        demo.publishSdk("0.51.0");
        Project later = project("later", text -> text.replace("0.50.0", "0.51.0"), Arch.AARCH64);
        useFreshRegistry(later);
        publish(intel);

        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publish(later))
                .withMessageContaining("the image for x86_64")
                .withMessageContaining("was built from another lock or version")
                .satisfies(e -> assertThat(e.hint().orElseThrow()).contains("again for x86_64 first"));
        List<String> warnings = new ArrayList<>();
        PublishResult result = plan(later, PublishRequest.Builder::replace)
                .run(o -> o.listener(event -> {
                    if (event instanceof BuildEvent.Warning warning) {
                        warnings.add(warning.message());
                    }
                }));

        assertThat(result.images()).containsOnlyKeys(Arch.AARCH64);
        assertThat(warnings)
                .isNotEmpty()
                .allSatisfy(warning -> assertThat(warning).endsWith("no longer part of v2.1.0"));
    }

    @Test
    void how_far_the_layers_have_got_is_told() {
        List<BuildEvent.TransferProgress> told = new ArrayList<>();

        plan(intel, p -> p)
                .run(o -> o.listener(event -> {
                    if (event instanceof BuildEvent.TransferProgress progress) {
                        told.add(progress);
                    }
                }));

        assertThat(told).isNotEmpty();
        BuildEvent.TransferProgress last = told.get(told.size() - 1);
        assertThat(last.bytes()).isEqualTo(last.total()).isPositive();
        assertThat(last.what()).endsWith("/base-kit:v2.1.0-00000000-x86_64");
    }
}
