package dev.twoliter.core.internal;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.api.spi.SdkImage;
import dev.twoliter.api.spi.SourceTool;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.cache.StepCache;
import dev.twoliter.core.internal.engine.Engines;
import dev.twoliter.core.internal.engine.PackageWorkshop;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.kit.KitAssembly;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.Task;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.project.ExternalKitMetadata;
import dev.twoliter.core.internal.resolve.Fetcher;
import dev.twoliter.core.internal.resolve.PinnedSdk;
import dev.twoliter.core.internal.resolve.Registries;
import dev.twoliter.core.internal.resolve.RegistryReport;
import dev.twoliter.core.internal.resolve.Vendors;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.core.internal.run.TaskRunner;
import dev.twoliter.core.internal.sources.PackageSources;
import dev.twoliter.core.internal.sources.SourceFetcher;
import dev.twoliter.core.internal.sources.SourceSettings;
import dev.twoliter.core.internal.variant.VariantAssembly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Gives each task to the room that does it. Made for one run and closed after it. Thread-safe. */
final class Workshop implements TaskRunner, AutoCloseable {

    private static final String SDK_MARKER = ".sdk-verified";
    private static final String KITS_MARKER = ".kits-verified";

    private final ProjectPaths paths;
    private final Optional<Lock> lock;
    private final PackageWorkshop packages;
    private final Vendors vendors;
    private final Fetcher fetcher;
    private final Registries registries;
    private final SourceFetcher fetcherOfSources;
    private final Environment environment;
    private final Optional<StepCache> cache;
    private volatile boolean verifying;

    Workshop(
            ProjectSpec project,
            ProjectPaths paths,
            Optional<Lock> lock,
            Environment environment,
            RunOptions options,
            Engines engines) {
        this.paths = paths;
        this.lock = lock;
        this.vendors = new Vendors(project, paths.directory(), environment, options);
        this.fetcher = new Fetcher(vendors, options.jobs());
        this.environment = environment;
        this.fetcherOfSources = new SourceFetcher(SourceSettings.of(options, environment), environment);
        this.registries = new Registries(paths.directory(), environment, options.jobs(), options.offline());
        this.cache = options.cache().map(where -> new StepCache(registries.repository(where)));
        this.packages = new PackageWorkshop(
                engines, environment, new Materials(), paths.build().resolve("logs"), options.jobs());
    }

    /** What packages are built from, out of registries and caches. */
    private final class Materials implements PackageWorkshop.Materials {

        @Override
        public Map<String, Path> sources(PackageStep step, StepScope scope, SourceTool tool)
                throws InterruptedException {
            return new PackageSources(step, fetcherOfSources, environment).get(scope, tool);
        }

        @Override
        public SdkImage sdk(StepScope scope) {
            LockedImage sdk = lock.orElseThrow(() -> new EngineException(
                            "the project names no SDK, and spec packages are built in one",
                            "Add [sdk] to Twoliter.toml and run `twoliter update`, or choose the engine 'host'.",
                            null))
                    .sdk();
            return pinned(sdk, scope);
        }
    }

    private PinnedSdk pinned(LockedImage sdk, StepScope scope) {
        beginVerifying();
        try (Registries.Listening listening = vendors.reportTo(RegistryReport.to(scope))) {
            Objects.requireNonNull(listening);
            return PinnedSdk.of(fetcher.requirePinned(sdk, scope::progress, scope::warn), Arch.host());
        }
    }

    @Override
    public Map<String, Digest> run(Task task, StepScope scope, Results results) throws InterruptedException {
        if (cache.isEmpty() || task.work() instanceof Work.Fetch) {
            return make(task, scope, results);
        }
        Optional<Map<String, Digest>> restored = cache.get().restore(task, scope);
        if (restored.isPresent()) {
            scope.restored(cache.get().reference());
            return restored.get();
        }
        Map<String, Digest> known = make(task, scope, results);
        cache.get().store(task, scope, known);
        return known;
    }

    private Map<String, Digest> make(Task task, StepScope scope, Results results) throws InterruptedException {
        if (task.work() instanceof Work.Fetch work) {
            beginVerifying();
            try (Registries.Listening listening = vendors.reportTo(RegistryReport.to(scope))) {
                Objects.requireNonNull(listening);
                return fetcher.fetch(work.kit(), work.arch(), scope);
            }
        } else if (task.work() instanceof Work.Rpm work) {
            packages.build(work.step(), scope);
        } else if (task.work() instanceof Work.Kit work) {
            // Its label will name the SDK with the lock's digest.
            verifySdk(scope::progress, scope::warn);
            new KitAssembly(work, scope, results).run();
        } else if (task.work() instanceof Work.Variant work) {
            return new VariantAssembly(
                            work,
                            paths,
                            scope,
                            results,
                            () -> lock.map(l -> pinned(l.sdk(), scope).image()))
                    .run();
        }
        return Map.of();
    }

    /** Reads the mark that a fetched kit has. */
    Digest digestOf(Path kit) {
        Path file = kit.resolve(Fetcher.DIGEST_FILE);
        try {
            return Digest.parse(Files.readString(file));
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** Holds the SDK that the lock names against its registry. */
    void verifySdk(Consumer<String> progress, Consumer<String> warn) {
        lock.ifPresent(l -> {
            beginVerifying();
            fetcher.requirePinned(l.sdk(), progress, warn);
        });
    }

    /** Until everything has been verified again, nobody shall find that it was. */
    private synchronized void beginVerifying() {
        if (!verifying) {
            verifying = true;
            AtomicFiles.deleteTree(paths.externalKits().resolve(SDK_MARKER));
            AtomicFiles.deleteTree(paths.externalKits().resolve(KITS_MARKER));
        }
    }

    /** What upstream's tools look for after a fetch (project-formats.md 3.7): written only when something was verified. */
    @Override
    public void finish() {
        lock.filter(l -> verifying).ifPresent(l -> {
            fetcher.requirePinned(l.sdk(), message -> {}, message -> {});
            AtomicFiles.writeIfChanged(
                    paths.externalKits().resolve("external-kit-metadata.json"), ExternalKitMetadata.format(l));
            AtomicFiles.writeIfChanged(paths.externalKits().resolve(SDK_MARKER), marker(List.of(l.sdk())));
            AtomicFiles.writeIfChanged(paths.externalKits().resolve(KITS_MARKER), marker(l.kits()));
        });
    }

    private static String marker(List<LockedImage> images) {
        return images.stream()
                .map(image -> "\"" + image + " (" + image.source() + ")\"")
                .sorted()
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public void close() {
        fetcher.close();
        vendors.close();
        registries.close();
        fetcherOfSources.close();
    }
}
