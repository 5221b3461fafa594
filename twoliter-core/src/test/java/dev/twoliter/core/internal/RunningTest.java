package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Project;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.plan.BuildPlan;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.RunningBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cancelling, interrupting, building twice at once, and what listeners are told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class RunningTest {

    @TempDir
    static Path directory;

    private Demo demo;
    private Project os;

    @BeforeAll
    void publish() throws IOException {
        demo = new Demo(Files.createDirectory(directory.resolve("world")));
        demo.publishSdk("0.50.0");
        demo.publishBase(demo.baseProject());
        os = demo.osProject();
    }

    @BeforeEach
    void startOver() {
        os.clean();
    }

    private BuildPlan kit() {
        return os.plan(b -> b.kit("hello-kit").arch(Arch.X86_64));
    }

    private BuildPlan variant() {
        return os.plan(b -> b.variant("metal-demo").arch(Arch.X86_64));
    }

    private static boolean compressesDisk(BuildEvent event) {
        return event instanceof BuildEvent.StepProgress progress
                && progress.message().equals("writing img.lz4");
    }

    private static List<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("twoliter-"))
                .toList();
    }

    private static void assertNoThreadIsLeft() throws InterruptedException {
        for (int i = 0; i < 20 && !ourThreads().isEmpty(); i++) {
            Thread.sleep(50);
        }
        assertThat(ourThreads()).isEmpty();
    }

    @Test
    void a_cancelled_build_ends_within_two_seconds_and_leaves_nothing_running_or_half_written() throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        try (RunningBuild build = variant()
                .start(o -> o.listener(event -> {
                    if (compressesDisk(event)) {
                        inTheMiddle.countDown();
                    }
                }))) {
            inTheMiddle.await();
            long start = System.nanoTime();
            build.cancel();
            assertThatThrownBy(build::await).isInstanceOf(BuildCancelledException.class);
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
            assertThat(build.result().toCompletableFuture()).isCompletedExceptionally();
        }
        assertNoThreadIsLeft();
        assertThat(os.directory().resolve("build/images")).doesNotExist();
        assertThat(kit().run().kits()).hasSize(1);
    }

    @Test
    void an_interrupted_build_ends_within_two_seconds_and_the_thread_stays_interrupted() throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                variant()
                        .run(o -> o.listener(event -> {
                            if (compressesDisk(event)) {
                                inTheMiddle.countDown();
                            }
                        }));
                interrupted.complete(false);
            } catch (BuildCancelledException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
            } catch (RuntimeException e) {
                interrupted.completeExceptionally(e);
            }
        });
        thread.start();
        inTheMiddle.await();
        long start = System.nanoTime();
        thread.interrupt();
        assertThat(interrupted.get()).isTrue();
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
        assertNoThreadIsLeft();
    }

    @Test
    void a_thread_that_is_interrupted_already_builds_nothing() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> kit().run()).isInstanceOf(BuildCancelledException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void two_builds_of_one_project_in_this_process_run_one_after_the_other() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch firstRuns = new CountDownLatch(1);
        CountDownLatch secondWaits = new CountDownLatch(1);
        try (RunningBuild first = kit().start(o -> o.listener(event -> {
            if (event instanceof BuildEvent.StepStarted) {
                firstRuns.countDown();
                try {
                    secondWaits.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            } else if (event instanceof BuildEvent.BuildFinished) {
                order.add("first ends");
            }
        }))) {
            firstRuns.await();
            try (RunningBuild second = kit().start(o -> o.listener(event -> {
                if (event instanceof BuildEvent.Warning warning) {
                    order.add(warning.message());
                    secondWaits.countDown();
                } else if (event instanceof BuildEvent.StepSkipped skipped) {
                    order.add("second has " + skipped.step());
                }
            }))) {
                BuildResult one = first.await();
                assertThat(second.await().artifacts()).isEqualTo(one.artifacts());
            }
        }
        assertThat(order.get(0)).contains("another build of this project is running");
        assertThat(order.subList(1, order.size()))
                .startsWith("first ends")
                .contains("second has kit hello-kit x86_64")
                .hasSize(4);
    }

    @Test
    void two_builds_of_one_project_in_two_processes_both_succeed() throws Exception {
        Path cache = demo.environment.cacheDirectory();
        try (ChildBuild one = ChildBuild.start(os.directory(), cache, "hello-kit");
                ChildBuild other = ChildBuild.start(os.directory(), cache, "hello-kit")) {
            String said = one.awaitSuccess() + other.awaitSuccess();
            assertThat(said.lines().filter(line -> line.startsWith("StepFinished") && line.contains("kit hello-kit")))
                    .hasSize(1);
            assertThat(said.lines().filter(line -> line.startsWith("StepSkipped") && line.contains("kit hello-kit")))
                    .hasSize(1);
        }
        assertThat(kit().run().steps()).allMatch(BuildResult.StepResult::upToDate);
    }

    @Test
    void a_waiting_build_can_be_cancelled() throws Exception {
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch waits = new CountDownLatch(1);
        try (RunningBuild first = kit().start(o -> o.listener(event -> {
            if (event instanceof BuildEvent.StepStarted) {
                holds.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }))) {
            holds.await();
            try (RunningBuild second = kit().start(o -> o.listener(event -> {
                if (event instanceof BuildEvent.Warning) {
                    waits.countDown();
                }
            }))) {
                waits.await();
                second.cancel();
                assertThatThrownBy(second::await).isInstanceOf(BuildCancelledException.class);
            }
            release.countDown();
            assertThat(first.await().kits()).hasSize(1);
        }
    }

    @Test
    void events_come_one_at_a_time_in_the_promised_order_and_end_with_the_build() throws Exception {
        List<BuildEvent> events = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        os.fetch(
                List.of(Arch.values()),
                o -> o.jobs(4).listener(event -> {
                    if (inside.incrementAndGet() > 1) {
                        overlaps.incrementAndGet();
                    }
                    events.add(event);
                    Thread.yield();
                    inside.decrementAndGet();
                }));
        checkGrammar(events, true);
        events.clear();
        os.plan(b -> b.kit("hello-kit").arch(Arch.values())).run(o -> o.jobs(4).listener(events::add));
        checkGrammar(events, true);
        int count = events.size();
        Thread.sleep(100);
        assertThat(events).hasSize(count);
        assertThat(overlaps).hasValue(0);

        events.clear();
        os.updateLock(o -> o.listener(events::add));
        checkGrammar(events, true);
        events.clear();
        os.publish(p -> p.kit("hello-kit").to(Demo.VENDOR).allowUnsigned()).run(o -> o.listener(events::add));
        checkGrammar(events, true);
    }

    @Test
    void the_events_of_a_cancelled_build_keep_the_order_too() throws Exception {
        List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        try (RunningBuild build = variant()
                .start(o -> o.listener(event -> {
                    events.add(event);
                    if (compressesDisk(event)) {
                        inTheMiddle.countDown();
                    }
                }))) {
            inTheMiddle.await();
            build.cancel();
            assertThatThrownBy(build::await).isInstanceOf(BuildCancelledException.class);
        }
        int count = events.size();
        Thread.sleep(300);
        assertThat(events).hasSize(count);
        checkGrammar(events, false);
    }

    /** The grammar of BuildListener's description. */
    private static void checkGrammar(List<BuildEvent> events, boolean success) {
        assertThat(events.get(0)).isInstanceOf(BuildEvent.BuildStarted.class);
        List<StepId> announced = ((BuildEvent.BuildStarted) events.get(0)).steps();
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        BuildEvent.BuildFinished.class,
                        end -> assertThat(end.success()).isEqualTo(success));
        Map<StepId, String> states = new HashMap<>();
        for (BuildEvent event : events.subList(1, events.size() - 1)) {
            if (event instanceof BuildEvent.StepStarted e) {
                assertThat(states.put(e.step(), "runs")).isNull();
            } else if (event instanceof BuildEvent.StepFinished e) {
                assertThat(states.put(e.step(), "ended")).isEqualTo("runs");
            } else if (event instanceof BuildEvent.StepFailed e) {
                assertThat(states.put(e.step(), "ended")).isIn("runs", null);
            } else if (event instanceof BuildEvent.StepSkipped e) {
                assertThat(states.put(e.step(), "ended")).isNull();
            } else if (event instanceof BuildEvent.StepProgress e) {
                assertThat(states.get(e.step())).isEqualTo("runs");
            } else if (event instanceof BuildEvent.Warning e) {
                assertThat(states.get(e.step())).isEqualTo("runs");
            } else {
                assertThat(event).isNotInstanceOfAny(BuildEvent.BuildStarted.class, BuildEvent.BuildFinished.class);
            }
        }
        assertThat(announced).containsAll(states.keySet());
        assertThat(states.values()).doesNotContain("runs");
        if (success) {
            assertThat(states.keySet()).containsExactlyInAnyOrderElementsOf(announced);
        }
    }

    @Test
    void a_listener_that_fails_does_not_stop_the_build() {
        assertThat(kit().run(o -> o.listener(event -> {
                            throw new IllegalStateException("a listener's own mistake");
                        }))
                        .kits())
                .hasSize(1);
        os.clean();
        assertThat(kit().run(o -> o.listener(event -> {
                            throw new AssertionError("a listener's own error");
                        }))
                        .kits())
                .hasSize(1);
    }
}
