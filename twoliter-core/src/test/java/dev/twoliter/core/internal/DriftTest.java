package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.LockException;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.PublishException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.plan.BuildPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not drift apart: files and model, lock and kit, record and archive. */
class DriftTest {

    @TempDir
    Path directory;

    private Demo demo;
    private Project base;

    @BeforeEach
    void build() {
        demo = new Demo(directory);
        demo.publishSdk("0.50.0");
        base = demo.baseProject();
        base.updateLock().write();
        plan("00000000").run();
    }

    private BuildPlan plan(String buildId) {
        return base.plan(b -> b.kit("base-kit").arch(Arch.X86_64).buildId(buildId));
    }

    private static void replace(Path file, String text, String by) throws IOException {
        String before = Files.readString(file);
        assertThat(before).contains(text);
        Files.writeString(file, before.replace(text, by));
    }

    @Test
    void a_project_whose_files_changed_after_it_was_opened_is_not_planned() throws IOException {
        replace(base.directory().resolve("packages/motd/package.toml"), "\"1.0\"", "\"2.0\"");
        assertThatThrownBy(() -> plan("00000000"))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("open it again");
        base = Twoliter.open(base.directory(), demo.environment);
        assertThat(plan("00000000").steps()).anyMatch(step -> !step.upToDate());
    }

    @Test
    void another_digest_of_the_sdk_makes_kits_stale_and_is_refused_when_it_is_not_the_registrys() throws IOException {
        Path lock = base.directory().resolve("Twoliter.lock");
        String digest = base.lock().orElseThrow().sdk().digest();
        replace(lock, digest, (digest.startsWith("A") ? "B" : "A") + digest.substring(1));
        assertThat(plan("00000000").steps())
                .filteredOn(step -> !step.upToDate())
                .singleElement()
                .satisfies(step -> assertThat(step.because()).contains("Twoliter.lock"));
        assertThatThrownBy(() -> plan("00000000").run())
                .hasMessageContaining("Twoliter.lock pins acme-sdk 0.50.0")
                .satisfies(e -> assertThat(((TwoliterException) e).hint()).isPresent());
    }

    @Test
    void archives_of_other_builds_stay() throws IOException {
        plan("aaaa").run();
        try (Stream<Path> files = Files.list(base.directory().resolve("build/kits/base-kit"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("base-kit-v2.1.0-00000000-x86_64.tar", "base-kit-v2.1.0-aaaa-x86_64.tar");
        }
    }

    @Test
    void an_archive_that_changed_since_it_was_built_is_not_published() throws IOException {
        Path archive = base.directory().resolve("build/kits/base-kit/base-kit-v2.1.0-00000000-x86_64.tar");
        Damage.flipByte(archive, 3000);
        assertThatThrownBy(() ->
                        base.publish(p -> p.kit("base-kit").to(Demo.VENDOR).allowUnsigned()))
                .isInstanceOf(PublishException.class)
                .hasMessageContaining(archive.toString());
    }

    @Test
    void a_name_in_the_lock_never_becomes_a_path_out_of_the_project() throws IOException {
        Path lock = base.directory().resolve("Twoliter.lock");
        String digest = base.lock().orElseThrow().sdk().digest();
        Files.writeString(lock, Files.readString(lock).replace("kit = []\n", "") + """

                        [[kit]]
                        name = "../../../escaped"
                        version = "1.0.0"
                        vendor = "acme"
                        source = "x/../../../escaped:v1.0.0"
                        digest = "%s"
                        """.formatted(digest));
        assertThatThrownBy(() -> base.fetch(Arch.X86_64))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("Twoliter.lock:")
                .hasMessageContaining("'../../../escaped' is not made of letters");
    }

    @Test
    void a_kit_that_the_project_does_not_name_any_more_makes_the_lock_stale() throws IOException {
        Path lock = base.directory().resolve("Twoliter.lock");
        String digest = base.lock().orElseThrow().sdk().digest();
        Files.writeString(
                lock,
                Files.readString(lock).replace("kit = []\n", "")
                        + """

                        [[kit]]
                        name = "old-kit"
                        version = "1.0.0"
                        vendor = "acme"
                        source = "%s/old-kit:v1.0.0"
                        digest = "%s"
                        """.formatted(base.spec().vendors().get("acme"), digest));
        assertThatThrownBy(() -> plan("00000000"))
                .isInstanceOf(LockException.class)
                .hasMessageContaining("acme/old-kit");
    }

    @Test
    void a_registry_directory_that_is_not_there_is_named() throws IOException {
        Path registry = directory.resolve("registry");
        Files.move(registry, directory.resolve("moved"));
        assertThatThrownBy(() -> base.updateLock())
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("there is no directory " + registry);
    }

    @Test
    void two_packages_may_hold_the_same_file_but_not_different_ones() {
        ProjectSpec spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .addPackage("one", p -> sharing(p, "same"))
                .addPackage("two", p -> sharing(p, "same"))
                .addPackage("three", p -> sharing(p, "other"))
                .addVariant(
                        "metal-same",
                        v -> v.buildDependencies("one", "two")
                                .packages("one", "two")
                                .layout(l -> l.osImageGib(1)))
                .addVariant(
                        "metal-other", v -> v.buildDependencies("one", "three").packages("one", "three"))
                .build();
        Project project = Twoliter.create(directory.resolve("shared"), spec, demo.environment);
        assertThat(project.plan(b -> b.variant("metal-same").arch(Arch.X86_64))
                        .run()
                        .images())
                .isNotEmpty();
        assertThatThrownBy(() -> project.plan(b -> b.variant("metal-other").arch(Arch.X86_64))
                        .run())
                .hasMessageContaining("/usr/share/shared")
                .hasMessageContaining("bottlerocket-one")
                .hasMessageContaining("bottlerocket-three");
    }

    private static PackageSpec.Builder sharing(PackageSpec.Builder p, String text) {
        return p.version("1")
                .summary("s")
                .license("MIT")
                .file("/usr/share/shared", text)
                .file("/usr/share/own-" + p.build().name(), "own " + text);
    }
}
