package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.BuildFailedException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.plan.BuildRequest;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.RunningBuild;
import dev.twoliter.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whoever is killed while a package is built: nothing is left behind, and the next run finishes. */
@Tag("any-jdk")
class KilledBuildTest {

    private static final String SLEEPING = "%install\necho now asleep >&2\nsleep 300\n";

    @TempDir
    Path directory;

    private Path project;
    private Environment environment;

    @BeforeEach
    void setUp() {
        project = directory.resolve("project");
        environment = Environment.of(new HashMap<>(System.getenv()), directory.resolve("cache"));
    }

    private Path spec() {
        return project.resolve("packages/motd/motd.spec");
    }

    private void asleep() throws IOException {
        Files.writeString(spec(), Files.readString(spec()).replace("%install\n", SLEEPING));
    }

    private void awake() throws IOException {
        Files.writeString(spec(), Files.readString(spec()).replace(SLEEPING, "%install\n"));
    }

    private static BuildRequest motd(String engine) {
        return BuildRequest.builder().rpm("motd").engine(engine).build();
    }

    private BuildResult build(String engine) {
        return Twoliter.open(project, environment).plan(motd(engine)).run();
    }

    private static void await(Duration limit, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(limit);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(50);
        }
    }

    private RunningBuild startAndAwaitSleep(String engine) throws InterruptedException {
        CountDownLatch asleep = new CountDownLatch(1);
        RunningBuild running = Twoliter.open(project, environment)
                .plan(motd(engine))
                .start(options -> options.listener(event -> {
                    if (event instanceof BuildEvent.StepOutput output
                            && output.line().equals("now asleep")) {
                        asleep.countDown();
                    }
                }));
        assertThat(asleep.await(3, TimeUnit.MINUTES)).isTrue();
        return running;
    }

    @Nested
    @ExtendWith(SdkCondition.class)
    class in_a_container {

        @BeforeEach
        void create() throws IOException {
            SpecWorld.create(project, environment, SdkCondition.registry(), spec -> spec);
            asleep();
        }

        private List<String> containers() {
            return Command.output("docker", "ps", "--all", "--quiet", "--filter", "label=dev.twoliter.owner")
                    .lines()
                    .toList();
        }

        @Test
        void the_process_is_killed_and_its_container_ends_by_itself() throws Exception {
            try (ChildBuild child = ChildBuild.start(project, directory.resolve("cache"), "motd", "docker", Map.of())) {
                child.awaitLine("now asleep");
                assertThat(containers()).hasSize(1);
                child.kill();
            }
            await(Duration.ofSeconds(20), () -> containers().isEmpty());
            awake();
            build("docker");
            assertThat(containers()).isEmpty();
        }

        @Test
        void the_container_is_killed_and_the_build_says_so() throws Exception {
            try (RunningBuild running = startAndAwaitSleep("docker")) {
                Command.run("docker", "kill", containers().get(0));
                assertThatThrownBy(running::await)
                        .isInstanceOf(BuildFailedException.class)
                        .hasMessageContaining("its container was killed");
            }
            awake();
            build("docker");
        }

        @Test
        void cancelled_it_ends_within_two_seconds_with_its_container() throws Exception {
            RunningBuild running = startAndAwaitSleep("docker");
            long start = System.nanoTime();
            running.cancel();
            assertThatThrownBy(running::await).isInstanceOf(BuildCancelledException.class);
            // Two seconds on a quiet machine; tests run on busy ones.
            assertThat((System.nanoTime() - start) / 1e9).isLessThan(15);
            running.close();
            assertThat(containers()).isEmpty();
            assertThat(project.resolve("build/rpms/motd")).doesNotExist();
            awake();
            build("docker");
        }

        @Test
        void strays_of_a_daemon_that_forgot_them_are_removed_by_the_next_run() throws Exception {
            // As if a process had been killed together with the daemon's memory of whom the container belongs to.
            String owner = Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                            .toString()
                            .replaceAll("[^0-9]", "") + "/4194304/1";
            awake();
            build("docker");
            String image = Command.output(
                            "docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "dev.twoliter/sdk")
                    .lines()
                    .filter(name -> Command.run("docker", "run", "--rm", "--network", "none", name, "true")
                                    .exit()
                            == 0) // another test leaves an image without a shell
                    .findFirst()
                    .orElseThrow();
            Command.output(
                    "docker",
                    "run",
                    "--detach",
                    "--network",
                    "none",
                    "--label",
                    "dev.twoliter.owner=" + owner,
                    image,
                    "sleep",
                    "300");
            assertThat(containers()).hasSize(1);
            Files.writeString(spec(), Files.readString(spec()) + "\n# again\n");
            build("docker");
            assertThat(containers()).isEmpty();
        }

        @Test
        void the_daemon_is_killed_and_comes_back() throws Exception {
            try (OwnDaemon daemon = new OwnDaemon(directory.resolve("daemon"))) {
                daemon.start();
                environment = environment.with("DOCKER_HOST", daemon.host());
                RunningBuild running = startAndAwaitSleep("docker");
                daemon.kill();
                assertThatThrownBy(running::await)
                        .isInstanceOf(BuildFailedException.class)
                        .hasMessageContaining("the daemon of docker ended");
                running.close();
                awake();
                assertThatThrownBy(() -> build("docker")).hasMessageContaining("its daemon does not answer");
                daemon.start();
                build("docker");
                assertThat(daemon.containers()).isEmpty();
            }
        }
    }

    @Nested
    class on_this_machine {

        @BeforeEach
        void create() throws IOException {
            for (Map.Entry<String, byte[]> file :
                    dev.twoliter.core.internal.scaffold.StandInSdk.files().entrySet()) {
                Path path = directory.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
            SpecWorld.create(project, environment, "../registry", spec -> spec);
            asleep();
        }

        private boolean anyAsleep() {
            return ProcessHandle.allProcesses()
                    .anyMatch(process -> process.info().commandLine().orElse("").contains(project.toString())
                            && process.info().command().orElse("").contains("rpmbuild"));
        }

        @Test
        void cancelled_it_ends_with_everything_it_started() throws Exception {
            RunningBuild running = startAndAwaitSleep("host");
            assertThat(anyAsleep()).isTrue();
            running.cancel();
            assertThatThrownBy(running::await).isInstanceOf(BuildCancelledException.class);
            running.close();
            assertThat(anyAsleep()).isFalse();
            awake();
            build("host");
        }
    }
}
