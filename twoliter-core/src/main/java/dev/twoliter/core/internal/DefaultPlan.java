package dev.twoliter.core.internal;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.plan.Artifact;
import dev.twoliter.api.plan.BuildPlan;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.plan.RunningBuild;
import dev.twoliter.api.plan.Step;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.plan.Task;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.core.internal.run.Runner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Tasks that can be run. Immutable, thread-safe. */
final class DefaultPlan implements BuildPlan {

    private final List<Task> tasks;
    private final ProjectPaths paths;
    private final Function<RunOptions, Workshop> workshops;

    DefaultPlan(List<Task> tasks, ProjectPaths paths, Function<RunOptions, Workshop> workshops) {
        this.tasks = List.copyOf(tasks);
        this.paths = paths;
        this.workshops = workshops;
    }

    @Override
    public List<Step> steps() {
        return tasks.stream().map(Task::step).toList();
    }

    @Override
    public BuildResult run(UnaryOperator<RunOptions.Builder> fill) {
        return prepare(fill).run();
    }

    @Override
    public RunningBuild start(UnaryOperator<RunOptions.Builder> fill) {
        return new Running(prepare(fill));
    }

    private Execution prepare(UnaryOperator<RunOptions.Builder> fill) {
        RunOptions options = fill.apply(RunOptions.builder()).build();
        Workshop workshop = workshops.apply(options);
        return new Execution(workshop, new Runner(tasks, paths, workshop, options));
    }

    private final class Execution {
        private final Workshop workshop;
        private final Runner runner;

        Execution(Workshop workshop, Runner runner) {
            this.workshop = workshop;
            this.runner = runner;
        }

        BuildResult run() {
            try (workshop) {
                return result(runner.run());
            }
        }
    }

    private BuildResult result(Runner.Finished finished) {
        List<Artifact> artifacts = new ArrayList<>();
        List<BuildResult.StepResult> steps = new ArrayList<>();
        for (Task task : tasks) {
            Duration took = finished.took().get(task.id());
            steps.add(new BuildResult.StepResult(task.id(), took == null ? Duration.ZERO : took, took == null));
            Results.Result result = finished.results().of(task.id());
            for (StepRecord.Output output : result.record().outputs()) {
                kindOf(task.id(), output)
                        .ifPresent(kind -> artifacts.add(new Artifact(
                                kind,
                                task.id(),
                                result.target().resolve(output.path()),
                                output.size(),
                                output.digest())));
            }
        }
        return new BuildResult(artifacts, steps);
    }

    private static java.util.Optional<Artifact.Kind> kindOf(StepId step, StepRecord.Output output) {
        if (output.isLink()) {
            return java.util.Optional.empty();
        }
        String path = output.path();
        return switch (step.kind()) {
            case PACKAGE -> java.util.Optional.of(Artifact.Kind.RPM);
            case KIT -> path.endsWith(".tar") ? java.util.Optional.of(Artifact.Kind.KIT) : java.util.Optional.empty();
            case VARIANT -> java.util.Optional.of(variantKind(path));
            case FETCH, RESOLVE, CONTAINER, PUBLISH -> java.util.Optional.empty();
        };
    }

    private static Artifact.Kind variantKind(String path) {
        if (path.endsWith(".img.lz4") || path.endsWith(".img")) {
            return Artifact.Kind.IMAGE;
        }
        return path.endsWith(".lz4") ? Artifact.Kind.PARTITION : Artifact.Kind.REPORT;
    }

    /** A build on a thread of its own. */
    private static final class Running implements RunningBuild {
        private final Runner runner;
        private final CompletableFuture<BuildResult> future = new CompletableFuture<>();
        private final Thread thread;

        Running(Execution execution) {
            this.runner = execution.runner;
            this.thread = new Thread(
                    () -> {
                        try {
                            future.complete(execution.run());
                        } catch (Throwable e) {
                            // Whoever waits must learn of every failure.
                            future.completeExceptionally(e);
                        }
                    },
                    "twoliter-build");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public BuildResult await() throws InterruptedException {
            try {
                return future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                if (e.getCause() instanceof Error failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            } catch (CancellationException e) {
                throw new BuildCancelledException("the build was cancelled");
            }
        }

        @Override
        public void cancel() {
            runner.cancel();
        }

        @Override
        public CompletionStage<BuildResult> result() {
            return future.minimalCompletionStage();
        }

        @Override
        public void close() {
            cancel();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            runner.awaitEnd();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
