package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.plan.Artifact;
import dev.twoliter.api.plan.BuildRequest;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.plan.RunningBuild;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that all builds take, and the build itself. */
final class BuildOptions {

    @Option(names = "--arch", paramLabel = "A", description = "x86_64 or aarch64; repeatable; default this machine's.")
    private List<Arch> arches = new ArrayList<>();

    @Option(names = "--engine", paramLabel = "E", description = "What builds spec packages: docker, podman or host.")
    private @Nullable String engine;

    @Option(
            names = "--rpm-key",
            paramLabel = "F",
            description = "OpenPGP secret key that signs the RPMs; default $TWOLITER_RPM_KEY.")
    private @Nullable Path rpmKey;

    @Option(
            names = "--cache",
            paramLabel = "REPO",
            description = "Repository that finished steps are got from and put into.")
    private @Nullable String cache;

    @Option(names = "--jobs", paramLabel = "N", description = "Steps at once; default the number of processors.")
    private @Nullable Integer jobs;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Mixin
    private NetworkOption network = new NetworkOption();

    /** Builds one target and answers with what was made. */
    int build(TwoliterCommand twoliter, BuildTarget target, String name) {
        BuildRequest.Builder request = target.add(BuildRequest.builder(), name).arch(arches.toArray(Arch[]::new));
        twoliter.key(rpmKey, "TWOLITER_RPM_KEY").ifPresent(request::rpmKey);
        if (engine != null) {
            request.engine(engine);
        }
        trust.on(twoliter.terminal().directory(), request::secureBootKeys, request::caBundle, request::updateRoot);
        RunningBuild running = twoliter.project()
                .plan(request.build())
                .start(options -> twoliter.listening(network.on(fill(options))));
        BuildResult result = await(twoliter, running);
        twoliter.answer(document(result), text(result));
        return 0;
    }

    private RunOptions.Builder fill(RunOptions.Builder options) {
        sources.on(options);
        if (cache != null) {
            options.cache(cache);
        }
        return jobs == null ? options : options.jobs(jobs);
    }

    /** Waits for the build; Ctrl-C, which ends the JVM with status 130, lets its steps stop in good order first. */
    private static BuildResult await(TwoliterCommand twoliter, RunningBuild running) {
        Thread interrupted = new Thread(
                () -> {
                    running.close();
                    twoliter.awaitEnd();
                },
                "cancel");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try (running) {
            return running.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the build was interrupted");
        } finally {
            forget(interrupted);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already, so the hook is at work.
            return;
        }
    }

    private static String text(BuildResult result) {
        return result.artifacts().stream()
                .map(artifact -> word(artifact) + "  " + artifact.path())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, Object> document(BuildResult result) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(
                "artifacts",
                result.artifacts().stream().map(BuildOptions::describe).toList());
        document.put(
                "steps", result.steps().stream().map(BuildOptions::describe).toList());
        return document;
    }

    private static Map<String, Object> describe(Artifact artifact) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", word(artifact));
        document.put("path", artifact.path().toString());
        document.put("size", artifact.size());
        document.put("sha256", artifact.sha256().hex());
        return document;
    }

    private static Map<String, Object> describe(BuildResult.StepResult step) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", step.id().toString());
        document.put("seconds", step.took().toMillis() / 1000.0);
        document.put("upToDate", step.upToDate());
        return document;
    }

    private static String word(Artifact artifact) {
        return artifact.kind().name().toLowerCase(Locale.ROOT);
    }
}
