package dev.twoliter.core.internal.run;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.BuildFailedException;
import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.plan.Freshness;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.plan.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks: each after those it depends on, several at once. A task that fails stops only what depends on it. One
 * object runs once. {@link #cancel()} may be called from any thread.
 */
public final class Runner {

    /** How a task ended. */
    private record Outcome(
            Task task,
            Duration took,
            boolean skipped,
            @Nullable Throwable failure) {}

    /**
     * What was run, and the results to take artefacts from.
     *
     * @param results the outputs of every task
     * @param took how long each task ran; nothing for one that was up to date
     */
    public record Finished(Results results, Map<StepId, Duration> took) {}

    private static final System.Logger LOG = System.getLogger(Runner.class.getName());
    private static final long PATIENCE_MILLIS = 1500;

    private final List<Task> tasks;
    private final ProjectPaths paths;
    private final TaskRunner taskRunner;
    private final RunOptions options;
    private final Events events;
    private final Staging staging;
    private final Cancellation cancellation = new Cancellation();
    private final Results results = new Results();
    private volatile @Nullable Thread release;

    /**
     * Prepares a run.
     *
     * @param tasks each after those it depends on
     * @param paths the project
     * @param taskRunner does the work
     * @param options jobs and listener
     */
    public Runner(List<Task> tasks, ProjectPaths paths, TaskRunner taskRunner, RunOptions options) {
        this.tasks = List.copyOf(tasks);
        this.paths = paths;
        this.taskRunner = taskRunner;
        this.options = options;
        this.events = new Events(options.listener());
        this.staging = new Staging(paths);
    }

    /** Asks the run to stop. */
    public void cancel() {
        cancellation.request();
    }

    /**
     * Runs everything and waits.
     *
     * @return what was run
     * @throws BuildFailedException if a task failed
     * @throws BuildCancelledException if the run was cancelled or this thread interrupted
     */
    public Finished run() {
        Instant start = Instant.now();
        events.send(
                new BuildEvent.BuildStarted(start, tasks.stream().map(Task::id).toList()));
        boolean success = false;
        try {
            BuildLock lock = BuildLock.acquire(paths.lockFile(), cancellation, this::tellOfWaiting);
            Finished finished = runLocked(lock);
            success = true;
            return finished;
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the build was interrupted");
        } finally {
            events.send(new BuildEvent.BuildFinished(Instant.now(), success, Duration.between(start, Instant.now())));
        }
    }

    private void tellOfWaiting() {
        if (!tasks.isEmpty()) {
            events.send(new BuildEvent.Warning(
                    Instant.now(), tasks.get(0).id(), "another build of this project is running; waiting for it"));
        }
    }

    private Finished runLocked(BuildLock lock) throws InterruptedException {
        AtomicInteger number = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(options.jobs(), work -> {
            Thread thread = new Thread(work, "twoliter-step-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            staging.clear();
            Finished finished = schedule(pool);
            taskRunner.finish();
            return finished;
        } finally {
            pool.shutdownNow();
            release(pool, lock);
        }
    }

    /**
     * Gives the lock back when no step runs any more. Steps look at the token and at interrupts, so that is soon; the
     * caller waits for the slowest at most {@value #PATIENCE_MILLIS} ms, and the lock stays held for as long as it takes.
     */
    private void release(ExecutorService pool, BuildLock lock) {
        Thread releasing = new Thread(
                () -> {
                    boolean ended = false;
                    while (!ended) {
                        try {
                            ended = pool.awaitTermination(1, TimeUnit.MINUTES);
                        } catch (InterruptedException e) {
                            // Nobody interrupts this thread for a reason: the lock must not be given back early.
                        }
                    }
                    try {
                        staging.clear();
                    } catch (StorageException e) {
                        // The next build tries again; this one's result stands.
                        LOG.log(System.Logger.Level.DEBUG, "clearing the scratch directory", e);
                    } finally {
                        lock.close();
                    }
                },
                "twoliter-release");
        releasing.setDaemon(true);
        releasing.start();
        this.release = releasing;
        join(releasing, PATIENCE_MILLIS);
    }

    /** Waits until nothing of the run is left. */
    public void awaitEnd() {
        Thread releasing = release;
        if (releasing != null) {
            join(releasing, 0);
        }
    }

    private static void join(Thread thread, long millis) {
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Finished schedule(ExecutorService pool) throws InterruptedException {
        BlockingQueue<Outcome> done = new LinkedBlockingQueue<>();
        Map<StepId, Outcome> outcomes = new LinkedHashMap<>();
        List<Task> waiting = new ArrayList<>(tasks);
        List<Throwable> failures = new ArrayList<>();
        int running = 0;
        while (true) {
            for (Task task : List.copyOf(waiting)) {
                if (!outcomes.keySet().containsAll(task.step().dependsOn())) {
                    continue;
                }
                waiting.remove(task);
                Optional<StepId> broken = task.step().dependsOn().stream()
                        .filter(need -> failed(outcomes.get(need)))
                        .findFirst();
                if (broken.isPresent()) {
                    giveUp(task, broken.get(), outcomes);
                } else {
                    boolean anew = task.step().dependsOn().stream().anyMatch(need -> !skipped(outcomes.get(need)));
                    pool.execute(() -> done.add(performSafely(task, anew)));
                    running++;
                }
            }
            if (running == 0 && waiting.isEmpty()) {
                break;
            }
            if (running == 0) {
                // Giving up on one task may have made others ready.
                continue;
            }
            Outcome outcome = next(done);
            running--;
            outcomes.put(outcome.task().id(), outcome);
            if (outcome.failure() != null) {
                failures.add(describe(outcome.task().id(), outcome.failure()));
            }
        }
        if (!failures.isEmpty()) {
            throw combine(failures);
        }
        Map<StepId, Duration> took = new HashMap<>();
        outcomes.values().stream()
                .filter(o -> !o.skipped())
                .forEach(o -> took.put(o.task().id(), o.took()));
        return new Finished(results, took);
    }

    private Outcome next(BlockingQueue<Outcome> done) throws InterruptedException {
        while (true) {
            Outcome outcome = done.poll(100, TimeUnit.MILLISECONDS);
            if (cancellation.isCancellationRequested()) {
                throw new BuildCancelledException("the build was cancelled");
            }
            if (outcome != null) {
                return outcome;
            }
        }
    }

    private static boolean failed(@Nullable Outcome outcome) {
        return outcome != null && outcome.failure() != null;
    }

    private static boolean skipped(@Nullable Outcome outcome) {
        return outcome != null && outcome.skipped();
    }

    private void giveUp(Task task, StepId broken, Map<StepId, Outcome> outcomes) {
        String message = "not run, because " + broken + " failed";
        events.send(new BuildEvent.StepFailed(Instant.now(), task.id(), message));
        outcomes.put(task.id(), new Outcome(task, Duration.ZERO, false, new IllegalStateException(message)));
    }

    /** Whatever happens, the build waits for an outcome. */
    private Outcome performSafely(Task task, boolean needsMadeAnew) {
        try {
            return perform(task, needsMadeAnew);
        } catch (Throwable e) {
            return new Outcome(task, Duration.ZERO, false, e);
        }
    }

    private Outcome perform(Task task, boolean needsMadeAnew) {
        Instant start = Instant.now();
        Path staged = null;
        try {
            Optional<String> because = Freshness.whyNot(paths.record(task.id()), task.inputs(), task.target())
                    .or(() -> needsMadeAnew ? Optional.of("something it needs was made anew") : Optional.empty());
            if (because.isEmpty()) {
                StepRecord.read(paths.record(task.id())).ifPresent(r -> results.put(task.id(), task.target(), r));
                events.send(new BuildEvent.StepSkipped(Instant.now(), task.id()));
                return new Outcome(task, Duration.ZERO, true, null);
            }
            events.send(new BuildEvent.StepStarted(start, task.id(), because.get()));
            staged = staging.open(task.id());
            Map<String, Digest> known =
                    taskRunner.run(task, new Scope(new Reporter(events, task.id()), staged, cancellation), results);
            cancellation.throwIfRequested();
            results.put(task.id(), task.target(), staging.commit(task, staged, known));
            Duration took = Duration.between(start, Instant.now());
            events.send(new BuildEvent.StepFinished(Instant.now(), task.id(), took));
            return new Outcome(task, took, false, null);
        } catch (Throwable e) {
            // Every failure, even of memory, must be reported: the build waits for this outcome.
            events.send(new BuildEvent.StepFailed(Instant.now(), task.id(), String.valueOf(e.getMessage())));
            return new Outcome(task, Duration.between(start, Instant.now()), false, e);
        } finally {
            if (staged != null) {
                AtomicFiles.deleteTree(staged);
            }
        }
    }

    private static Throwable describe(StepId step, Throwable failure) {
        if (failure instanceof BuildCancelledException || failure instanceof BuildFailedException) {
            return failure;
        }
        if (failure instanceof InterruptedException) {
            return new BuildCancelledException("the build was cancelled");
        }
        if (failure instanceof TwoliterException known) {
            return new BuildFailedException(
                    step.toString(),
                    String.valueOf(known.getMessage()),
                    known.hint().orElse(""),
                    List.of(),
                    known);
        }
        return new BuildFailedException(
                step.toString(),
                "unexpected failure: " + failure,
                failure instanceof OutOfMemoryError
                        ? "Give the JVM more memory, or run fewer jobs at once."
                        : "This is a defect of the library; please report it with the stack trace.",
                List.of(),
                failure);
    }

    private static RuntimeException combine(List<Throwable> failures) {
        Throwable first = failures.get(0);
        failures.stream().skip(1).forEach(first::addSuppressed);
        return (RuntimeException) first;
    }
}
