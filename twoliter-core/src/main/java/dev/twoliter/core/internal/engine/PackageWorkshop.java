package dev.twoliter.core.internal.engine;

import dev.twoliter.api.Environment;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.api.spi.SdkImage;
import dev.twoliter.api.spi.SourceTool;
import dev.twoliter.api.spi.StepScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Builds packages with the engines of one run, no more compilers at once than memory allows. Thread-safe.
 */
public final class PackageWorkshop {

    /** What one more compiler at work is taken to need. */
    private static final long BYTES_PER_BUILD = 2L << 30;

    /** What packages are built from beyond their directories. */
    public interface Materials {

        /** Does {@link PackageScope#sources(SourceTool)}. */
        Map<String, Path> sources(PackageStep step, StepScope scope, SourceTool tool) throws InterruptedException;

        /** Does {@link PackageScope#sdk()}. */
        SdkImage sdk(StepScope scope);
    }

    private final Engines engines;
    private final Environment environment;
    private final Materials materials;
    private final Path logs;
    private final int processors;
    private final Semaphore builds;

    /**
     * Prepares it.
     *
     * @param engines what builds
     * @param environment variables and cache directory
     * @param materials sources and SDK
     * @param logs the directory of all logs
     * @param jobs how many steps may run at once
     */
    public PackageWorkshop(Engines engines, Environment environment, Materials materials, Path logs, int jobs) {
        this.engines = engines;
        this.environment = environment;
        this.materials = materials;
        this.logs = logs;
        int compilers = Math.max(1, (int) Math.min(jobs, Memory.total() / BYTES_PER_BUILD));
        this.builds = new Semaphore(compilers, true);
        this.processors = Math.max(1, Runtime.getRuntime().availableProcessors() / compilers);
    }

    /**
     * Builds a package.
     *
     * @param step the package
     * @param scope where to, and whom to tell
     * @throws InterruptedException if the build is cancelled
     */
    public void build(PackageStep step, StepScope scope) throws InterruptedException {
        var engine = engines.engineFor(step);
        Scope wide = new Scope(step, scope, log(step));
        if (step.spec().recipe() != Recipe.SPEC) {
            engine.build(step, wide);
            return;
        }
        builds.acquire();
        try {
            scope.cancellation().throwIfRequested();
            engine.build(step, wide);
        } finally {
            builds.release();
        }
    }

    private Path log(PackageStep step) {
        return logs.resolve(step.arch().rpmName())
                .resolve("packages")
                .resolve(step.spec().name() + ".log");
    }

    /** A step's scope, and what packages need beyond it. */
    private final class Scope implements PackageScope {
        private final PackageStep step;
        private final StepScope scope;
        private final Path log;

        Scope(PackageStep step, StepScope scope, Path log) {
            this.step = step;
            this.scope = scope;
            this.log = log;
        }

        @Override
        public Environment environment() {
            return environment;
        }

        @Override
        public Map<String, Path> sources(SourceTool tool) throws InterruptedException {
            return materials.sources(step, scope, tool);
        }

        @Override
        public SdkImage sdk() {
            return materials.sdk(scope);
        }

        @Override
        public Path log() {
            try {
                Files.createDirectories(Objects.requireNonNull(log.getParent(), "logs are in a directory"));
                return log;
            } catch (IOException e) {
                throw StorageException.of("make", log, e);
            }
        }

        @Override
        public int processors() {
            return processors;
        }

        @Override
        public Path output() {
            return scope.output();
        }

        @Override
        public void progress(String message) {
            scope.progress(message);
        }

        @Override
        public void output(String line) {
            scope.output(line);
        }

        @Override
        public void warn(String message) {
            scope.warn(message);
        }

        @Override
        public void transfer(String what, long bytes, long total) {
            scope.transfer(what, bytes, total);
        }

        @Override
        public void restored(String from) {
            scope.restored(from);
        }

        @Override
        public void credentials(String registry, String repository, List<String> tried, Optional<String> found) {
            scope.credentials(registry, repository, tried, found);
        }

        @Override
        public CancellationToken cancellation() {
            return scope.cancellation();
        }
    }
}
