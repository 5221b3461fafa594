package dev.twoliter.core.internal;

import dev.twoliter.api.Arch;
import dev.twoliter.api.BuildFailedException;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.FetchResult;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockException;
import dev.twoliter.api.LockUpdate;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.PackageExplanation;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectGraph;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SourceResult;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.plan.BuildPlan;
import dev.twoliter.api.plan.BuildRequest;
import dev.twoliter.api.plan.ContainerRequest;
import dev.twoliter.api.plan.ContainerResult;
import dev.twoliter.api.plan.ExecRequest;
import dev.twoliter.api.plan.PublishPlan;
import dev.twoliter.api.plan.PublishRequest;
import dev.twoliter.api.plan.RepackRequest;
import dev.twoliter.api.plan.RepackResult;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.plan.SourceRequest;
import dev.twoliter.api.plan.UpgradeRequest;
import dev.twoliter.api.spi.EngineContext;
import dev.twoliter.core.internal.container.ToolsContainer;
import dev.twoliter.core.internal.engine.Engines;
import dev.twoliter.core.internal.engine.container.TaskContainer;
import dev.twoliter.core.internal.graph.Graph;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.plan.Planner;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.Task;
import dev.twoliter.core.internal.plan.VariantInputs;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.project.LockFile;
import dev.twoliter.core.internal.project.ProjectAdditions;
import dev.twoliter.core.internal.project.ProjectFiles;
import dev.twoliter.core.internal.project.ProjectModel;
import dev.twoliter.core.internal.publish.KitPublication;
import dev.twoliter.core.internal.resolve.Fetcher;
import dev.twoliter.core.internal.resolve.KitCatalog;
import dev.twoliter.core.internal.resolve.LockChanges;
import dev.twoliter.core.internal.resolve.PinnedImage;
import dev.twoliter.core.internal.resolve.Registries;
import dev.twoliter.core.internal.resolve.Updater;
import dev.twoliter.core.internal.resolve.Vendors;
import dev.twoliter.core.internal.run.BuildLock;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.core.internal.run.Runner;
import dev.twoliter.core.internal.run.SingleStep;
import dev.twoliter.core.internal.sources.SourceFetcher;
import dev.twoliter.core.internal.sources.SourceReport;
import dev.twoliter.core.internal.sources.SourceSettings;
import dev.twoliter.core.internal.variant.VariantCheck;
import dev.twoliter.core.internal.variant.VariantQuestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A project as it was read. Thread-safe: it holds no state of its own. */
final class DefaultProject implements Project {

    private final ProjectModel model;
    private final Environment environment;
    private final ProjectPaths paths;

    DefaultProject(ProjectModel model, Environment environment) {
        this.model = model;
        this.environment = environment;
        this.paths = new ProjectPaths(model.directory());
    }

    @Override
    public Path directory() {
        return model.directory();
    }

    @Override
    public String name() {
        return spec().name().orElseGet(() -> String.valueOf(directory().getFileName()));
    }

    @Override
    public ProjectSpec spec() {
        return model.spec();
    }

    @Override
    public List<Problem> warnings() {
        return model.warnings();
    }

    @Override
    public Optional<Lock> lock() {
        return LockFile.read(directory());
    }

    @Override
    public ProjectGraph graph() {
        return Graph.of(spec(), lock());
    }

    @Override
    public LockUpdate updateLock(UnaryOperator<RunOptions.Builder> fill) {
        return update(fill.apply(RunOptions.builder()).build(), "an update was asked for", null);
    }

    @Override
    public LockUpdate upgrade(UpgradeRequest request, UnaryOperator<RunOptions.Builder> fill) {
        requireUnchanged();
        Updates.requireKnown(spec(), request);
        return update(fill.apply(RunOptions.builder()).build(), "an upgrade was asked for", request);
    }

    private LockUpdate update(RunOptions options, String because, @Nullable UpgradeRequest upgrade) {
        StepId step = new StepId(StepId.Kind.RESOLVE, name(), null);
        // An update is how a broken lock is mended, so it must not be stopped by one.
        Optional<Lock> before = options.offline() ? lock() : Updates.readable(this);
        return SingleStep.run(options, step, because, reporter -> {
            try (Vendors vendors = new Vendors(spec(), directory(), environment, options);
                    Registries.Listening listening = vendors.reportTo(reporter.registries())) {
                Objects.requireNonNull(listening);
                Optional<Lock> pinned = options.offline() ? before : Optional.empty();
                KitCatalog catalog = new KitCatalog(vendors, pinned, reporter::progress, reporter::warn);
                Updater updater = new Updater(spec(), before, vendors, catalog, options, reporter::warn);
                return new Updates(model, before, upgrade == null ? updater.update() : updater.upgrade(upgrade));
            }
        });
    }

    /** The lock, checked; empty for a project that depends on nothing outside and has none. */
    private Optional<Lock> checkedLock() {
        Optional<Lock> lock = lock();
        if (lock.isPresent()) {
            LockChanges.requireFits(spec(), lock.get());
        } else if (spec().sdk().isPresent() || !spec().dependencies().isEmpty()) {
            throw new LockException(
                    LockException.Reason.MISSING,
                    directory().resolve(LockFile.NAME) + " is missing",
                    "Run `twoliter update`, or project.updateLock().write().",
                    List.of());
        }
        return lock;
    }

    @Override
    public FetchResult fetch(List<Arch> arches, UnaryOperator<RunOptions.Builder> fill) {
        BuildRequest request = BuildRequest.builder().build();
        Optional<Lock> lock = checkedLock();
        List<Task> tasks = new Planner(
                        spec(),
                        paths,
                        lock,
                        request,
                        environment,
                        engines(request).identity())
                .addFetches(arches.isEmpty() ? List.of(Arch.host()) : arches)
                .tasks();
        RunOptions options = fill.apply(RunOptions.builder()).build();
        try (Workshop workshop = new Workshop(spec(), paths, lock, environment, options, engines(request))) {
            workshop.verifySdk(message -> {}, message -> {});
            Runner.Finished finished = new Runner(tasks, paths, workshop, options).run();
            List<FetchResult.FetchedKit> kits = new ArrayList<>();
            for (Task task : tasks) {
                if (task.work() instanceof Work.Fetch fetch) {
                    kits.add(new FetchResult.FetchedKit(
                            fetch.kit(),
                            fetch.arch(),
                            task.target(),
                            workshop.digestOf(task.target()),
                            finished.took().containsKey(task.id())));
                }
            }
            return new FetchResult(kits);
        } catch (BuildFailedException e) {
            // Fetching is one thing to its caller, not a build of several steps.
            if (e.getCause() instanceof TwoliterException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public SourceResult fetchSources(SourceRequest request, UnaryOperator<RunOptions.Builder> fill) {
        RunOptions options = fill.apply(RunOptions.builder()).build();
        ProjectSources sources = new ProjectSources(spec(), paths, request);
        StepId step = new StepId(StepId.Kind.FETCH, "sources", null);
        return SingleStep.run(options, step, "the sources were asked for", reporter -> {
            SourceReport report = new SourceReport(reporter::progress, reporter::warn, reporter::transfer, () -> false);
            try (SourceFetcher fetcher = new SourceFetcher(SourceSettings.of(options, environment), environment)) {
                return sources.get(fetcher, report);
            }
        });
    }

    @Override
    public BuildPlan plan(BuildRequest request) {
        requireUnchanged();
        Engines engines = engines(request);
        Optional<Lock> lock = checkedLock(request, engines);
        return new DefaultPlan(
                tasks(request, lock, engines),
                paths,
                options -> new Workshop(spec(), paths, lock, environment, options, engines));
    }

    /** The lock; where it is missing or stale, what no engine can build comes first, as no update helps that. */
    private Optional<Lock> checkedLock(BuildRequest request, Engines engines) {
        try {
            return checkedLock();
        } catch (LockException e) {
            try {
                tasks(request, Optional.empty(), engines);
            } catch (InvalidProjectException needsTheLock) {
                e.addSuppressed(needsTheLock);
            }
            throw e;
        }
    }

    private List<Task> tasks(BuildRequest request, Optional<Lock> lock, Engines engines) {
        List<Task> tasks = new Planner(
                        spec(),
                        paths,
                        lock,
                        request,
                        environment,
                        engines(request).identity())
                .add(request)
                .tasks();
        for (Task task : tasks) {
            if (task.work() instanceof Work.Rpm work && !task.step().upToDate()) {
                engines.engineFor(work.step());
            } else if (task.work() instanceof Work.Variant work) {
                VariantCheck.require(work, paths);
            }
        }
        return tasks;
    }

    @Override
    public PackageExplanation why(String packageName, String variant, Arch arch) {
        requireUnchanged();
        Optional<Lock> lock = checkedLock();
        BuildRequest request =
                BuildRequest.builder().variant(variant).arch(arch).build();
        List<Task> tasks = new Planner(
                        spec(),
                        paths,
                        lock,
                        request,
                        environment,
                        engines(request).identity())
                .add(request)
                .tasks();
        List<Task> needed = tasks.subList(0, tasks.size() - 1);
        for (Task task : needed) {
            if (!task.step().upToDate()) {
                throw new EngineException(
                        task.id() + ", which variant '" + variant + "' is made from, is not up to date: "
                                + task.step().because(),
                        "Run `twoliter build variant --name " + variant + " --arch " + arch + "` first.",
                        null);
            }
        }
        if (!(tasks.get(tasks.size() - 1).work() instanceof Work.Variant work)) {
            throw new IllegalStateException("a variant is planned last");
        }
        return BuildLock.whileHeld(
                paths.lockFile(),
                () -> VariantQuestion.answer(
                        packageName,
                        work,
                        paths,
                        Results.recorded(needed, paths),
                        paths.scratch().resolve("why")));
    }

    /** What is built must be what the recorded inputs say: so the model and the files must not have drifted apart. */
    private void requireUnchanged() {
        if (!ProjectFiles.read(model.file()).spec().equals(spec())) {
            throw new InvalidProjectException(
                    List.of(Problem.error("", "the project's files have changed since it was opened")
                            .withHint("open it again")));
        }
    }

    private Engines engines(BuildRequest request) {
        return new Engines(new EngineContext(directory(), environment), request.engine());
    }

    @Override
    public ContainerResult container(ContainerRequest request, UnaryOperator<RunOptions.Builder> fill) {
        LockedImage sdk = requireLock("a container is made").sdk();
        RunOptions options = fill.apply(RunOptions.builder()).build();
        StepId step = new StepId(StepId.Kind.CONTAINER, name(), null);
        return SingleStep.run(options, step, "a container was asked for", reporter -> {
            try (Vendors vendors = new Vendors(spec(), directory(), environment, options);
                    Fetcher fetcher = new Fetcher(vendors, options.jobs());
                    Registries registries =
                            new Registries(directory(), environment, options.jobs(), options.offline());
                    Registries.Listening listening = registries.reportTo(reporter.registries())) {
                Objects.requireNonNull(listening);
                PinnedImage base = fetcher.requirePinned(sdk, reporter::progress, reporter::warn);
                return new ToolsContainer(request, base, reporter::progress)
                        .assemble(directory(), registries::repository);
            }
        });
    }

    @Override
    public int exec(ExecRequest request, UnaryOperator<RunOptions.Builder> fill) {
        LockedImage sdk = requireLock("a task is run").sdk();
        RunOptions options = fill.apply(RunOptions.builder()).build();
        TaskContainer container = new TaskContainer(request, spec(), directory(), environment);
        StepId step = new StepId(StepId.Kind.CONTAINER, request.task(), null);
        return SingleStep.run(options, step, "it was asked for", reporter -> {
            try (Vendors vendors = new Vendors(spec(), directory(), environment, options);
                    Fetcher fetcher = new Fetcher(vendors, options.jobs());
                    Registries.Listening listening = vendors.reportTo(reporter.registries())) {
                Objects.requireNonNull(listening);
                PinnedImage base = fetcher.requirePinned(sdk, reporter::progress, reporter::warn);
                return container.run(
                        sdk,
                        base,
                        paths.build().resolve("state").resolve("exec"),
                        reporter::output,
                        reporter::progress);
            }
        });
    }

    /** The lock, without which something cannot be done. */
    private Lock requireLock(String what) {
        return checkedLock()
                .orElseThrow(() -> new LockException(
                        LockException.Reason.MISSING,
                        what + " only by a project with an SDK and a lock",
                        "Add [sdk] to Twoliter.toml and run `twoliter update`.",
                        List.of()));
    }

    @Override
    public RepackResult repack(RepackRequest request, UnaryOperator<RunOptions.Builder> fill) {
        Work.VariantFiles files = VariantInputs.of(
                new Work.VariantFiles(request.secureBootKeys(), request.caBundle(), request.updateRoot()),
                environment,
                directory());
        RunOptions options = fill.apply(RunOptions.builder()).build();
        StepId step = new StepId(StepId.Kind.VARIANT, request.variant(), request.arch());
        return SingleStep.runLocked(
                paths.lockFile(),
                options,
                step,
                "it was asked for",
                reporter -> new Repacking(spec(), paths, request, files).run(reporter::progress));
    }

    @Override
    public PublishPlan publish(PublishRequest request) {
        requireLock("a kit can be published");
        return new KitPublication(spec(), paths, request, environment);
    }

    @Override
    public Project addPackage(PackageSpec spec, String... kits) {
        return reopened(ProjectAdditions.addPackage(model, spec, new LinkedHashSet<>(List.of(kits))));
    }

    @Override
    public Project addKit(KitSpec spec) {
        return reopened(ProjectAdditions.addKit(model, spec));
    }

    @Override
    public Project addVariant(VariantSpec spec) {
        return reopened(ProjectAdditions.addVariant(model, spec));
    }

    private Project reopened(ProjectModel now) {
        return new DefaultProject(now, environment);
    }

    @Override
    public void clean() {
        if (Files.isDirectory(paths.build())) {
            BuildLock.whileHeld(paths.lockFile(), () -> {
                AtomicFiles.deleteTree(paths.build());
                return true;
            });
        }
    }
}
