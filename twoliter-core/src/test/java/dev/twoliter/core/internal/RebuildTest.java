package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.plan.Artifact;
import dev.twoliter.api.plan.BuildPlan;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is built again and what is not, and that building again changes nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(BuiltWorld.Resolver.class)
class RebuildTest {

    private Path directory;
    private Demo demo;
    private Project os;
    private BuildResult first;

    @BeforeAll
    void take(BuiltWorld world) {
        directory = world.directory;
        demo = world.demo;
        os = world.os;
        first = world.built;
    }

    /** Each test leaves the project as it was, so that the order of tests does not matter. */
    @AfterEach
    void nothing_is_left_to_do() {
        kitPlan(os).run();
        assertThat(stale(plan())).isEmpty();
    }

    /** Most is seen without the variant, whose disk takes its time. */
    private static BuildPlan kitPlan(Project project) {
        return project.plan(b -> b.kit("hello-kit").arch(Arch.X86_64));
    }

    private static List<Digest> digestsOfKit(BuildResult result) {
        return result.artifacts().stream()
                .filter(artifact -> artifact.kind() == Artifact.Kind.RPM || artifact.kind() == Artifact.Kind.KIT)
                .map(Artifact::sha256)
                .toList();
    }

    private BuildPlan plan() {
        return os.plan(b -> b.variant("metal-demo").arch(Arch.X86_64));
    }

    private static TreeMap<String, Digest> digests(BuildResult result) {
        TreeMap<String, Digest> digests = new TreeMap<>();
        for (Artifact artifact : result.artifacts()) {
            digests.put(artifact.step() + " " + artifact.path().getFileName(), artifact.sha256());
        }
        assertThat(digests).isNotEmpty();
        return digests;
    }

    private static List<String> stale(BuildPlan plan) {
        return plan.steps().stream()
                .filter(step -> !step.upToDate())
                .map(step -> step.id().toString())
                .toList();
    }

    private static List<String> built(BuildResult result) {
        return result.steps().stream()
                .filter(step -> !step.upToDate())
                .map(step -> step.id().toString())
                .toList();
    }

    private static String because(BuildPlan plan, String step) {
        return plan.steps().stream()
                .filter(one -> one.id().toString().equals(step))
                .map(Step::because)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Another directory, another cache, and another process that is killed again and again: at the start, while
     * fetching and packaging, and while the disk is written.
     */
    @Test
    void a_build_elsewhere_that_is_killed_at_any_moment_and_started_again_gives_the_same_bytes() throws Exception {
        Demo there = new Demo(Files.createDirectories(directory.resolve("some/where/else")), demo.keys);
        there.publishSdk("0.50.0");
        assertThat(there.publishBase(there.baseProject()).images())
                .isEqualTo(demo.publishBase(Twoliter.open(directory.resolve("one/base"), demo.environment))
                        .images());
        Project project = there.osProject();
        assertThat(project.lock()).isEqualTo(os.lock());
        Random random = new Random(42);
        for (int span : List.of(200, 400, 400, 1000, 1000, 4000)) {
            try (ChildBuild child = ChildBuild.start(project.directory(), there.environment.cacheDirectory())) {
                child.awaitFirstEvent();
                Thread.sleep(random.nextInt(span));
                child.kill();
            }
        }
        assertThat(digests(there.buildOs(project))).isEqualTo(digests(first));
        assertThat(project.directory().resolve("build/state/scratch"))
                .satisfiesAnyOf(
                        scratch -> assertThat(scratch).doesNotExist(),
                        scratch -> assertThat(scratch).isEmptyDirectory());
    }

    @Test
    void planning_writes_nothing_and_building_nothing_changes_nothing() throws IOException {
        TreeMap<String, String> before = snapshot();
        assertThat(stale(plan())).isEmpty();
        assertThat(snapshot()).isEqualTo(before);
        assertThat(built(plan().run())).isEmpty();
        assertThat(snapshot()).isEqualTo(before);

        Project untouched = Twoliter.create(demo.directory.resolve("untouched"), demo.baseSpec(), demo.environment);
        assertThat(untouched.updateLock().changes()).hasSize(1);
        assertThat(untouched.directory().resolve("Twoliter.lock")).doesNotExist();
        untouched.updateLock().write();
        untouched.plan(b -> b.kit("base-kit").arch(Arch.X86_64));
        assertThat(untouched.directory().resolve("build")).doesNotExist();
    }

    /** Every file of the project with its size and time. */
    private TreeMap<String, String> snapshot() throws IOException {
        TreeMap<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(os.directory())) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                all.put(path.toString(), Files.size(path) + " " + Files.getLastModifiedTime(path));
            }
        }
        assertThat(all).isNotEmpty();
        return all;
    }

    @Test
    void a_new_time_on_a_source_or_a_result_builds_nothing() throws IOException {
        List<Path> touched = new ArrayList<>(List.of(os.directory().resolve("packages/motd/motd")));
        first.artifacts().stream().filter(a -> a.size() < 1 << 20).forEach(a -> touched.add(a.path()));
        for (Path file : touched) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        }
        assertThat(stale(plan())).isEmpty();
    }

    @Test
    void a_changed_source_builds_its_package_its_kit_and_the_variant_and_says_why() throws IOException {
        Path source = os.directory().resolve("packages/motd/motd");
        String before = Files.readString(source);
        Files.writeString(source, "good morning\n");
        try {
            List<String> expected = List.of("package motd x86_64", "kit hello-kit x86_64", "variant metal-demo x86_64");
            assertThat(stale(plan())).containsExactlyElementsOf(expected);
            assertThat(because(plan(), "package motd x86_64")).isEqualTo("packages/motd/motd has changed");
            assertThat(because(plan(), "kit hello-kit x86_64")).isEqualTo("package motd x86_64 has changed");
            BuildResult result = kitPlan(os).run();
            assertThat(built(result)).containsExactlyElementsOf(expected.subList(0, 2));
            assertThat(digestsOfKit(result)).isNotEqualTo(digestsOfKit(first));
            assertThat(stale(plan())).containsExactly("variant metal-demo x86_64");
        } finally {
            Files.writeString(source, before);
        }
    }

    @Test
    void a_new_hidden_file_or_link_of_a_package_is_noticed() throws IOException {
        Path hidden = os.directory().resolve("packages/motd/.hidden");
        Path link = os.directory().resolve("packages/motd/loop");
        Files.writeString(hidden, "x");
        Files.createSymbolicLink(link, Path.of("."));
        try {
            assertThat(because(plan(), "package motd x86_64")).isEqualTo("packages/motd/.hidden is new");
        } finally {
            Files.delete(hidden);
            Files.delete(link);
        }
    }

    @Test
    void a_deleted_result_is_made_again() throws IOException {
        Path rpm = first.artifacts(Artifact.Kind.RPM).get(0).path();
        Files.delete(rpm);
        assertThat(because(
                        plan(), first.artifacts(Artifact.Kind.RPM).get(0).step().toString()))
                .isEqualTo(rpm + " is missing or was changed");
        BuildResult again = kitPlan(os).run();
        assertThat(built(again)).hasSize(2);
        assertThat(digestsOfKit(again)).isEqualTo(digestsOfKit(first));

        Path image = first.images().get(0).path();
        Files.delete(image);
        assertThat(stale(plan())).containsExactly("variant metal-demo x86_64");
        assertThat(digests(demo.buildOs(os))).isEqualTo(digests(first));
    }

    @Test
    void a_byte_flipped_in_a_result_is_noticed_even_with_its_old_time_and_mended() throws IOException {
        for (Artifact artifact :
                List.of(first.artifacts(Artifact.Kind.RPM).get(0), first.kits().get(0))) {
            Damage.flipByte(artifact.path(), artifact.size() / 2);
            assertThat(because(plan(), artifact.step().toString()))
                    .isEqualTo(artifact.path() + " is missing or was changed");
            assertThat(digestsOfKit(kitPlan(os).run())).isEqualTo(digestsOfKit(first));
        }
        Artifact report = first.artifacts(Artifact.Kind.REPORT).get(0);
        Damage.flipByte(report.path(), report.size() / 2);
        assertThat(because(plan(), "variant metal-demo x86_64"))
                .isEqualTo(report.path() + " is missing or was changed");
        Damage.flipByte(report.path(), report.size() / 2);
    }

    @Test
    void a_byte_flipped_in_an_unpacked_kit_is_mended_by_fetching_it_again() throws IOException {
        Path rpm;
        try (Stream<Path> files = Files.walk(os.directory().resolve("build/external-kits/acme"))) {
            rpm = files.filter(file -> file.toString().endsWith(".rpm"))
                    .findFirst()
                    .orElseThrow();
        }
        Digest before = Digest.ofBytes(Files.readAllBytes(rpm));
        Damage.flipByte(rpm, Files.size(rpm) - 10);
        assertThat(because(plan(), "fetch acme/base-kit x86_64")).isEqualTo(rpm + " is missing or was changed");
        os.fetch(Arch.X86_64);
        assertThat(Digest.ofBytes(Files.readAllBytes(rpm))).isEqualTo(before);
    }

    @Test
    void another_build_identifier_builds_kits_and_variants_but_no_package() {
        List<String> stale =
                stale(os.plan(b -> b.variant("metal-demo").arch(Arch.X86_64).buildId("1234abcd")));
        assertThat(stale).containsExactly("kit hello-kit x86_64", "variant metal-demo x86_64");
    }

    @Test
    void another_version_of_the_kit_is_fetched_and_built_with() throws IOException {
        ProjectSpec newer = demo.baseSpec().toBuilder().releaseVersion("2.2.0").build();
        Project base = Twoliter.create(directory.resolve("one/newer-base"), newer, demo.environment);
        demo.publishBase(base);
        Path toml = os.directory().resolve("Twoliter.toml");
        Path lock = os.directory().resolve("Twoliter.lock");
        String tomlBefore = Files.readString(toml);
        String lockBefore = Files.readString(lock);
        Files.writeString(toml, tomlBefore.replace("2.1.0", "2.2.0"));
        try {
            Project changed = Twoliter.open(os.directory(), demo.environment);
            var update = changed.updateLock();
            assertThat(update.changes()).singleElement().hasToString("base-kit 2.1.0 -> 2.2.0");
            update.write();
            assertThat(stale(changed.plan(b -> b.variant("metal-demo").arch(Arch.X86_64))))
                    .containsExactly("kit hello-kit x86_64", "fetch acme/base-kit x86_64", "variant metal-demo x86_64");
            changed.fetch(Arch.X86_64);
            assertThat(os.directory().resolve("build/external-kits/external-kit-metadata.json"))
                    .content()
                    .contains("2.2.0");

        } finally {
            Files.writeString(toml, tomlBefore);
            Files.writeString(lock, lockBefore);
            os.fetch(Arch.X86_64);
        }
    }
}
