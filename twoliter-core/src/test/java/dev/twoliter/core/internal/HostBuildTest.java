package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.BuildFailedException;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Project;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.plan.BuildRequest;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.core.internal.scaffold.StandInSdk;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spec packages built by the rpmbuild of this machine: what is the same in a container is tested here once. */
@Tag("any-jdk")
@Peer({"rpmbuild", "gcc"})
class HostBuildTest {

    @TempDir
    Path directory;

    private Environment environment;

    @BeforeEach
    void makeRegistry() throws IOException {
        environment = Environment.of(Map.of("PATH", System.getenv("PATH")), directory.resolve("cache"));
        for (Map.Entry<String, byte[]> file : StandInSdk.files().entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    private Project create() {
        return SpecWorld.create(project(), environment, "../registry", spec -> spec);
    }

    private Path project() {
        return directory.resolve("project");
    }

    private static BuildRequest request(BuildRequest.Builder target) {
        return target.arch(SpecWorld.ARCH).engine("host").build();
    }

    private static BuildRequest variant() {
        return request(BuildRequest.builder().variant("metal-demo"));
    }

    private BuildResult build(BuildRequest request) {
        return Twoliter.open(project(), environment).plan(request).run();
    }

    private Path file(String path) {
        return project().resolve(path);
    }

    private void edit(String path, String from, String to) throws IOException {
        String text = Files.readString(file(path));
        assertThat(text).contains(from);
        Files.writeString(file(path), text.replace(from, to));
    }

    @Test
    void a_project_of_spec_packages_becomes_an_image_and_a_second_run_does_nothing() throws IOException {
        create();
        edit("packages/sysctl/sysctl.spec", "%files\n", """
                %post -p <lua>
                posix.symlink("sysctl-a", "%{_cross_bindir}/sysctl-tool")

                %files
                """);
        build(variant());

        assertThat(Files.readString(file("build/images/" + SpecWorld.ARCH + "-metal-demo/latest/root-tree.txt")))
                .containsPattern("usr/bin/sysctl-tool .*link=sysctl-a");

        Path rpms = file("build/rpms/libgreet");
        try (var files = Files.list(rpms)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "bottlerocket-libgreet-1.0-1.0000000000.00000000.br1." + SpecWorld.ARCH + ".rpm",
                            "bottlerocket-libgreet-devel-1.0-1.0000000000.00000000.br1." + SpecWorld.ARCH + ".rpm");
        }
        assertThat(Files.readString(
                        file("build/images/" + SpecWorld.ARCH + "-metal-demo/latest/installed-packages.txt")))
                .contains("bottlerocket-greet.", "bottlerocket-libgreet.", "@base-kit", "@tool-kit", "@app-kit")
                .doesNotContain("devel");
        long start = System.nanoTime();
        BuildResult again = build(variant());
        // Two seconds on a quiet machine; tests run on busy ones.
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(15);
        assertThat(again.steps()).allMatch(BuildResult.StepResult::upToDate);
    }

    @Test
    void the_same_inputs_give_the_same_rpms_wherever_the_project_is() throws IOException {
        create();
        BuildRequest greet = request(BuildRequest.builder().rpm("greet", "motd"));
        build(greet);
        Map<String, String> first = digests();
        Twoliter.open(project(), environment).clean();
        build(greet);
        assertThat(digests()).isEqualTo(first).isNotEmpty();
    }

    private Map<String, String> digests() throws IOException {
        Map<String, String> digests = new java.util.TreeMap<>();
        try (var files = Files.walk(file("build/rpms"))) {
            for (Path rpm : files.filter(Files::isRegularFile).toList()) {
                digests.put(
                        rpm.getFileName().toString(),
                        dev.twoliter.core.internal.io.Hashing.sha256(rpm).toString());
            }
        }
        return digests;
    }

    @Test
    void one_changed_file_makes_exactly_what_depends_on_it_stale_and_the_plan_says_why() throws IOException {
        create();
        build(variant());

        edit("packages/greet/main.c", "%d", "%i");
        assertThat(SpecWorld.stale(project(), environment, variant()))
                .containsExactly("kit app-kit", "kit tool-kit", "package greet", "variant metal-demo");
        assertThat(Twoliter.open(project(), environment).plan(variant()).steps())
                .filteredOn(step -> step.id().name().equals("greet"))
                .singleElement()
                .satisfies(step -> assertThat(step.because()).isEqualTo("packages/greet/main.c has changed"));
        build(variant());

        edit("sources/tool/tool.c", "return 0", "return 1");
        assertThat(SpecWorld.stale(project(), environment, variant()))
                .containsExactly("kit app-kit", "package from-group", "variant metal-demo");
        edit("sources/tool/tool.c", "return 1", "return 0");
        // Times are no inputs.
        assertThat(SpecWorld.stale(project(), environment, variant())).isEmpty();

        edit("packages/libgreet/greet.c", "42", "43");
        assertThat(SpecWorld.stale(project(), environment, variant()))
                .containsExactly(
                        "kit app-kit",
                        "kit base-kit",
                        "kit tool-kit",
                        "package greet",
                        "package greet-again",
                        "package libgreet",
                        "variant metal-demo");
    }

    @Test
    void what_was_built_is_made_of_what_the_kits_hold() throws IOException {
        create();
        build(request(BuildRequest.builder().rpm("greet-again")));
        Path root = directory.resolve("root");
        for (String name : List.of("libgreet", "greet-again")) {
            try (var files = Files.list(file("build/rpms/" + name))) {
                for (Path rpm : files.toList()) {
                    assertThat(Command.run("rpm", "-K", rpm).exit()).isZero();
                    dev.twoliter.rpm.RpmUnpacker.into(root).unpack(RpmPackage.open(rpm));
                }
            }
        }
        Path usr = root.resolve(SpecWorld.ARCH + "-bottlerocket-linux-gnu/sys-root/usr");
        assertThat(Command.runIn(
                                directory,
                                Map.of("LD_LIBRARY_PATH", usr.resolve("lib").toString()),
                                usr.resolve("bin/greet-again"))
                        .exit())
                .isZero();
    }

    @Test
    void the_user_is_told_that_this_machine_is_no_sdk() {
        create();
        List<BuildEvent> events = new CopyOnWriteArrayList<>();
        Twoliter.open(project(), environment)
                .plan(request(BuildRequest.builder().rpm("motd")))
                .run(options -> options.listener(events::add));
        assertThat(events)
                .filteredOn(BuildEvent.Warning.class::isInstance)
                .extracting(event -> ((BuildEvent.Warning) event).message())
                .contains("engine 'host' builds with the tools of this machine: not isolated, and not with the SDK");
    }

    @Nested
    class refuses {

        private <T extends TwoliterException> T failure(Class<T> type, String name) {
            return catchThrowableOfType(
                    type, () -> build(request(BuildRequest.builder().rpm(name))));
        }

        @Test
        void a_spec_that_cannot_be_parsed_with_rpms_words() throws IOException {
            create();
            Files.writeString(file("packages/motd/motd.spec"), "Name: x\n%if 1\n");
            assertThat(failure(BuildFailedException.class, "motd"))
                    .hasMessageStartingWith(
                            "package motd " + SpecWorld.ARCH + ": packages/motd/motd.spec cannot be parsed: ")
                    .hasMessageContaining("line 2: Unclosed %if");
        }

        @Test
        void a_source_that_nobody_brings_with_the_line_of_the_spec() throws IOException {
            create();
            Files.delete(file("packages/motd/motd.txt"));
            BuildFailedException e = failure(BuildFailedException.class, "motd");
            assertThat(e.getCause()).isInstanceOf(InvalidProjectException.class);
            assertThat(e)
                    .hasMessageContaining("packages/motd/motd.spec:6")
                    .hasMessageContaining("there is no file 'motd.txt'");
        }

        @Test
        void a_build_requirement_that_nobody_provides_with_the_solvers_reasons() throws IOException {
            create();
            edit(
                    "packages/motd/motd.spec",
                    "License: MIT\n",
                    "License: MIT\nBuildRequires: %{_cross_os}libgrete-devel\n");
            BuildFailedException e = failure(BuildFailedException.class, "motd");
            assertThat(e.getCause()).isInstanceOf(ResolutionException.class);
            assertThat(e)
                    .hasMessageContaining("package 'motd' cannot be built")
                    .hasMessageContaining("bottlerocket-libgrete-devel")
                    .hasMessageContaining("it was looked for in repo");
            assertThat(e.hint().orElseThrow()).contains("packages/motd/Cargo.toml");
        }

        @Test
        void what_does_not_compile_with_the_compilers_line() throws IOException {
            create();
            edit("packages/libgreet/greet.c", "return 42;", "return fortytwo;");
            BuildFailedException e = failure(BuildFailedException.class, "libgreet");
            assertThat(e)
                    .hasMessageContaining("rpmbuild failed: greet.c:2:")
                    .hasMessageContaining("fortytwo")
                    .hasMessageContaining("build/logs/" + SpecWorld.ARCH + "/packages/libgreet.log)");
            assertThat(e.lastLines()).isNotEmpty();
            String line = e.getMessage().replaceAll("(?s).*\\(line ([0-9]+) of .*", "$1");
            assertThat(Files.readAllLines(file("build/logs/" + SpecWorld.ARCH + "/packages/libgreet.log"))
                            .get(Integer.parseInt(line) - 1))
                    .contains("fortytwo");
        }

        @Test
        void an_rpm_for_another_architecture() throws IOException {
            create();
            edit("packages/motd/motd.spec", "License: MIT\n", "License: MIT\nBuildArch: ppc64\n");
            assertThat(failure(BuildFailedException.class, "motd"))
                    .hasMessageContaining("No compatible architectures found for build");
        }

        @Test
        void a_spec_without_files() throws IOException {
            create();
            String spec = Files.readString(file("packages/motd/motd.spec"));
            Files.writeString(file("packages/motd/motd.spec"), spec.substring(0, spec.indexOf("%files")));
            assertThat(failure(BuildFailedException.class, "motd")).hasMessageContaining("motd");
        }

        @Test
        void two_packages_that_make_the_same_rpm() throws IOException {
            create();
            edit("packages/sysctl/sysctl.spec", "Name: %{_cross_os}sysctl", "Name: %{_cross_os}profile");
            assertThatThrownBy(() -> build(request(BuildRequest.builder().kit("app-kit"))))
                    .isInstanceOf(BuildFailedException.class)
                    .hasMessageContaining("both make bottlerocket-profile-1.0");
        }

        @Test
        void an_engine_that_builds_no_spec_packages() {
            Project project = create();
            assertThatThrownBy(() -> project.plan(BuildRequest.builder()
                            .rpm("motd")
                            .engine("embedded")
                            .build()))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("engine 'embedded' does not build spec packages");
        }
    }

    @Nested
    class with_a_cache {

        private final List<BuildEvent> events = new CopyOnWriteArrayList<>();

        private BuildResult build(BuildRequest request) {
            events.clear();
            return Twoliter.open(project(), environment)
                    .plan(request)
                    .run(options -> options.cache("oci:../cache-registry/steps").listener(events::add));
        }

        private List<String> restored() {
            return events.stream()
                    .filter(BuildEvent.StepRestored.class::isInstance)
                    .map(event -> ((BuildEvent.StepRestored) event).step().name())
                    .sorted()
                    .toList();
        }

        @Test
        void another_machine_builds_nothing_that_was_built_before() throws IOException {
            create();
            build(variant());
            assertThat(restored()).isEmpty();
            Map<String, String> first = digests();
            String image =
                    Files.readString(file("build/images/" + SpecWorld.ARCH + "-metal-demo/latest/root-tree.txt"));
            Twoliter.open(project(), environment).clean();

            build(variant());
            assertThat(events).noneMatch(BuildEvent.StepOutput.class::isInstance);
            assertThat(restored())
                    .hasSize(Twoliter.open(project(), environment)
                            .plan(variant())
                            .steps()
                            .size());
            assertThat(digests()).isEqualTo(first);
            assertThat(file("build/images/" + SpecWorld.ARCH + "-metal-demo/latest/root-tree.txt"))
                    .hasContent(image);
            assertThat(SpecWorld.stale(project(), environment, variant())).isEmpty();

            edit("packages/greet/main.c", "%d", "%i");
            Twoliter.open(project(), environment).clean();
            build(variant());
            assertThat(restored()).contains("libgreet", "base-kit").doesNotContain("greet", "tool-kit", "metal-demo");
        }

        @Test
        void what_is_damaged_or_no_step_is_built_with_a_warning() throws IOException {
            create();
            BuildRequest motd = request(BuildRequest.builder().rpm("motd"));
            build(motd);
            Path blobs = directory.resolve("cache-registry/steps/blobs/sha256");
            try (var files = Files.list(blobs)) {
                for (Path blob : files.toList()) {
                    if (Files.size(blob) > 2000) {
                        byte[] bytes = Files.readAllBytes(blob);
                        bytes[bytes.length / 2] ^= 1;
                        Files.write(blob, bytes);
                    }
                }
            }
            Twoliter.open(project(), environment).clean();
            build(motd);
            assertThat(restored()).isEmpty();
            assertThat(events)
                    .anySatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(
                                    BuildEvent.Warning.class,
                                    warning -> assertThat(warning.message())
                                            .startsWith("nothing was taken from the cache: ")));
            assertThat(SpecWorld.stale(project(), environment, motd)).isEmpty();
        }

        @Test
        void a_cache_that_cannot_be_reached_stops_nothing() {
            create();
            Twoliter.open(project(), environment.with("TWOLITER_REGISTRY_ATTEMPTS", "1"))
                    .plan(request(BuildRequest.builder().rpm("motd")))
                    .run(options -> options.cache("127.0.0.1:9/nobody/cache").listener(events::add));
            assertThat(events)
                    .filteredOn(BuildEvent.Warning.class::isInstance)
                    .extracting(event -> ((BuildEvent.Warning) event).message())
                    .anyMatch(message -> message.startsWith("nothing was taken from the cache"))
                    .anyMatch(message -> message.startsWith("the step could not be put into the cache"));
        }
    }

    @Test
    void a_failing_package_stops_what_depends_on_it_and_nothing_else() throws IOException {
        create();
        edit("packages/libgreet/greet.c", "return 42;", "return fortytwo;");
        List<String> finished = new ArrayList<>();
        assertThatThrownBy(() -> Twoliter.open(project(), environment)
                        .plan(variant())
                        .run(options -> options.listener(event -> {
                            if (event instanceof BuildEvent.StepFinished done) {
                                finished.add(done.step().name());
                            }
                        })))
                .isInstanceOf(BuildFailedException.class);
        assertThat(finished)
                .contains("filesystem", "from-group", "sysctl", "profile")
                .doesNotContain("greet");
    }
}
