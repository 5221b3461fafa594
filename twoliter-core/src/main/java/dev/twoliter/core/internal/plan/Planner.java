package dev.twoliter.core.internal.plan;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.plan.BuildRequest;
import dev.twoliter.api.plan.Step;
import dev.twoliter.api.spi.PackageNeeds;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.core.internal.graph.Graph;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.project.LockFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into tasks: what is asked for and everything it needs, in an order in which it can be built. One
 * object makes one plan. Not thread-safe.
 */
public final class Planner {

    /** What engines that run the SDK have in common. */
    public static final String CONTAINER = "container";

    private final ProjectSpec project;
    private final ProjectPaths paths;
    private final Optional<Lock> lock;
    private final Graph graph;
    private final @Nullable KeyFile rpmKey;
    private final Stamp stamp;
    private final String packageStamp;
    private final Work.VariantFiles files;
    private final String engine;
    private final Map<StepId, Task> tasks = new LinkedHashMap<>();

    /**
     * Prepares a plan.
     *
     * @param project the project
     * @param paths where it is
     * @param lock its lock; empty where it depends on nothing outside
     * @param request key and build identifier; what is asked for is given to {@link #add}
     * @param environment build identifier and times, where the request has none
     * @param engine what the results of spec packages depend on: {@value #CONTAINER}, or an engine without an SDK
     */
    public Planner(
            ProjectSpec project,
            ProjectPaths paths,
            Optional<Lock> lock,
            BuildRequest request,
            Environment environment,
            String engine) {
        this.engine = engine;
        this.project = project;
        this.paths = paths;
        this.lock = lock;
        this.graph = Graph.of(project, lock);
        this.rpmKey = request.rpmKey().orElse(null);
        this.stamp = new Stamp(
                project.releaseVersion(),
                BuildStamps.buildId(request.buildId(), environment),
                BuildStamps.sourceDateEpoch(environment),
                project.projectVendor());
        this.files = VariantInputs.of(request, environment, paths.directory());
        this.packageStamp = BuildStamps.packageStamp(stamp.buildId(), environment);
    }

    /**
     * Adds what a request asks for.
     *
     * @param request packages, kits and variants
     * @return this planner
     * @throws InvalidProjectException if the project has no such package, kit or variant
     */
    public Planner add(BuildRequest request) {
        List<Problem> problems = new ArrayList<>();
        List<PackageSpec> packages =
                find("package", request.packages(), project.packages(), PackageSpec::name, problems);
        List<KitSpec> kits = find("kit", request.kits(), project.kits(), KitSpec::name, problems);
        List<VariantSpec> variants =
                find("variant", request.variants(), project.variants(), VariantSpec::name, problems);
        if (problems.isEmpty() && packages.isEmpty() && kits.isEmpty() && variants.isEmpty()) {
            problems.add(Problem.error("", "nothing to build: name a package, kit or variant"));
        }
        for (VariantSpec variant : variants) {
            for (Arch arch : request.arches()) {
                if (!supports(variant, arch)) {
                    problems.add(Problem.error(
                                    "package.metadata.build-variant.supported-arches",
                                    "variant '" + variant.name() + "' does not support " + arch)
                            .withHint("it supports " + variant.supportedArches()));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidProjectException(problems);
        }
        for (Arch arch : request.arches()) {
            packages.forEach(p -> addPackage(p.name(), arch));
            kits.forEach(kit -> addKit(kit.name(), arch));
            variants.forEach(variant -> addVariant(variant, arch));
        }
        return this;
    }

    /**
     * Adds the fetching of every external kit.
     *
     * @param arches the architectures
     * @return this planner
     */
    public Planner addFetches(Collection<Arch> arches) {
        for (Arch arch : arches) {
            lock.ifPresent(l -> l.kits().forEach(kit -> addFetch(kit, arch)));
        }
        return this;
    }

    /** {@return the tasks, each after those it depends on} */
    public List<Task> tasks() {
        return List.copyOf(tasks.values());
    }

    private static <T> List<T> find(
            String what, Set<String> names, List<T> all, Function<T, String> nameOf, List<Problem> problems) {
        Map<String, T> byName = all.stream().collect(Collectors.toMap(nameOf, Function.identity()));
        List<T> found = new ArrayList<>();
        for (String name : names) {
            T one = byName.get(name);
            if (one == null) {
                problems.add(Problem.error(what, "the project has no " + what + " '" + name + "'")
                        .withHint(
                                byName.isEmpty()
                                        ? "it has none at all"
                                        : "it has " + String.join(", ", new java.util.TreeSet<>(byName.keySet()))));
            } else {
                found.add(one);
            }
        }
        return found;
    }

    private StepId addFetch(LockedImage kit, Arch arch) {
        StepId id = new StepId(StepId.Kind.FETCH, kit.vendor() + "/" + kit.name(), arch);
        if (!tasks.containsKey(id)) {
            Inputs.Builder inputs = Inputs.builder()
                    .add("version", kit.version())
                    .add("source", kit.source())
                    .add("digest in Twoliter.lock", kit.digest());
            TrustSpec trust = project.trust().get(kit.vendor());
            if (trust != null) {
                inputs.add("trust policy", trust.policy());
                for (String key : trust.imageKeys()) {
                    inputs.add("key " + key, fileDigest(key));
                }
                for (String key : trust.rpmKeys()) {
                    inputs.add("key " + key, fileDigest(key));
                }
            }
            add(
                    id,
                    List.of(),
                    inputs.build(),
                    paths.externalKit(kit.vendor(), kit.name(), arch),
                    new Work.Fetch(kit, arch));
        }
        return id;
    }

    private String fileDigest(String relative) {
        Path file = paths.directory().resolve(relative);
        return Files.isRegularFile(file) ? Hashing.sha256(file).toString() : "missing";
    }

    private StepId addPackage(String name, Arch arch) {
        StepId id = new StepId(StepId.Kind.PACKAGE, name, arch);
        if (!tasks.containsKey(id)) {
            PackageSpec spec = named(project.packages(), PackageSpec::name, name);
            List<StepId> needs = new ArrayList<>();
            graph.needsOf(name).packages().forEach(other -> needs.add(addPackage(other, arch)));
            graph.needsOf(name).kits().forEach(kit -> needs.add(addKit(kit, arch)));
            Path directory = paths.packageDirectory(name);
            PackageNeeds offered = PackageNeeds.none();
            // As upstream, neither commit nor time is an input of a package: a new commit rebuilds no package.
            Inputs.Builder inputs = Inputs.builder().add("architecture", arch).addFiles("packages/" + name, directory);
            if (spec.recipe() == Recipe.SPEC) {
                // As upstream, a spec package may use whatever the external kits hold.
                lock.ifPresent(l -> l.kits().forEach(kit -> needs.add(addFetch(kit, arch))));
                offered = offered(name, arch);
                addSpecInputs(inputs, spec, offered);
                addNeeds(inputs, needs);
            }
            add(
                    id,
                    needs,
                    inputs.build(),
                    paths.rpms(name),
                    new Work.Rpm(
                            new PackageStep(id, spec, directory, arch, packageStamp, stamp.epochSeconds(), offered)));
        }
        return id;
    }

    /** What a spec package may take its build requirements from: its packages, then local kits, then external ones. */
    private PackageNeeds offered(String name, Arch arch) {
        List<PackageNeeds.Kit> kits = new ArrayList<>();
        graph.needsOf(name)
                .kits()
                .forEach(
                        kit -> kits.add(new PackageNeeds.Kit(kit, paths.kit(kit).resolve(arch.rpmName()))));
        lock.ifPresent(l -> l.kits()
                .forEach(kit -> kits.add(
                        new PackageNeeds.Kit(repositoryName(kit), paths.externalKit(kit.vendor(), kit.name(), arch)))));
        return new PackageNeeds(
                graph.needsOf(name).packages().stream().map(paths::rpms).toList(), kits);
    }

    private void addSpecInputs(Inputs.Builder inputs, PackageSpec spec, PackageNeeds offered) {
        for (String group : spec.sourceGroups()) {
            inputs.addFiles(
                    "sources/" + group, paths.directory().resolve("sources").resolve(group));
        }
        // The workspace decides on profiles and locked versions of every group.
        for (String file : List.of("Cargo.toml", "Cargo.lock")) {
            Path path = paths.directory().resolve("sources").resolve(file);
            if (!spec.sourceGroups().isEmpty() && Files.isRegularFile(path)) {
                inputs.add("sources/" + file, Hashing.sha256(path));
            }
        }
        inputs.add("engine", engine)
                .add("kits", offered.kits().stream().map(PackageNeeds.Kit::name).toList());
        if (engine.equals(CONTAINER)) {
            lock.ifPresent(l -> inputs.add("SDK in Twoliter.lock", l.sdk()));
        }
    }

    private static String repositoryName(LockedImage kit) {
        return kit.vendor() + "-" + kit.name();
    }

    private StepId addKit(String name, Arch arch) {
        StepId id = new StepId(StepId.Kind.KIT, name, arch);
        if (!tasks.containsKey(id)) {
            KitSpec spec = named(project.kits(), KitSpec::name, name);
            List<StepId> packages = graph.needsOf(name).packages().stream()
                    .map(p -> addPackage(p, arch))
                    .toList();
            List<String> localKits = graph.needsOf(name).kits();
            List<StepId> needs = new ArrayList<>(packages);
            localKits.forEach(kit -> needs.add(addKit(kit, arch)));
            Inputs.Builder inputs = Inputs.builder()
                    .add("architecture", arch)
                    .add("vendor", spec.vendor())
                    .add("local kits", localKits)
                    .add("RPM key", rpmKey == null ? "none" : Hashing.sha256(rpmKey.path()));
            lock.ifPresent(l -> inputs.add("Twoliter.lock", LockFile.format(l)));
            addStamp(inputs);
            addNeeds(inputs, packages);
            add(
                    id,
                    needs,
                    inputs.build(),
                    paths.kit(name),
                    new Work.Kit(spec, arch, packages, localKits, lock, Optional.ofNullable(rpmKey), stamp));
        }
        return id;
    }

    private StepId addVariant(VariantSpec spec, Arch arch) {
        StepId id = new StepId(StepId.Kind.VARIANT, spec.name(), arch);
        if (tasks.containsKey(id)) {
            return id;
        }
        List<Work.Guest> guests = guests(spec, arch);
        List<StepId> packages = graph.needsOf(spec).packages().stream()
                .map(p -> addPackage(p, arch))
                .toList();
        List<Work.KitSource> kits = kitsByPriority(spec, arch);
        List<StepId> needs = new ArrayList<>(packages);
        guests.forEach(guest -> needs.add(guest.step()));
        for (Work.KitSource kit : kits) {
            needs.add(kit.local().orElseGet(() -> addFetch(kit.external().orElseThrow(), arch)));
        }
        Inputs.Builder inputs = Inputs.builder()
                .add("architecture", arch)
                .add("kit priorities", kits.stream().map(Work.KitSource::name).toList())
                .addFiles("variants/" + spec.name(), paths.variantDirectory(spec.name()));
        Work.VariantFiles own = new Work.VariantFiles(
                spec.has(ImageFeature.UEFI_SECURE_BOOT) ? files.secureBootKeys() : Optional.empty(),
                files.caBundle(),
                files.updateRoot());
        if (Work.kernelOfKmodKit(spec).isPresent()) {
            lock.ifPresent(l -> inputs.add("SDK in Twoliter.lock", l.sdk()));
        }
        own.secureBootKeys().ifPresent(keys -> inputs.addFiles("Secure Boot keys", keys));
        own.caBundle().ifPresent(file -> inputs.add("CA bundle", Hashing.sha256(file)));
        own.updateRoot().ifPresent(file -> inputs.add("root of updates", Hashing.sha256(file)));
        addStamp(inputs);
        addNeeds(inputs, needs);
        add(
                id,
                needs,
                inputs.build(),
                paths.images(spec.name(), arch),
                new Work.Variant(spec, arch, packages, kits, stamp, own, guests));
        return id;
    }

    private List<Work.Guest> guests(VariantSpec host, Arch arch) {
        List<Work.Guest> guests = new ArrayList<>();
        host.guestImages().forEach((name, directory) -> {
            VariantSpec guest = named(project.variants(), VariantSpec::name, name);
            if (!supports(guest, arch)) {
                throw new InvalidProjectException(List.of(Problem.error(
                                "package.metadata.build-variant.guest-images." + name,
                                "the guest '" + name + "' of variant '" + host.name() + "' does not support " + arch)
                        .withHint("it supports " + guest.supportedArches())));
            }
            guests.add(new Work.Guest(name, addVariant(guest, arch), directory));
        });
        return guests;
    }

    private static boolean supports(VariantSpec variant, Arch arch) {
        return variant.supportedArches().isEmpty() || variant.supportedArches().contains(arch);
    }

    /** The named kits first, as named; then the other local kits by name; then the other external ones in lock order. */
    private List<Work.KitSource> kitsByPriority(VariantSpec spec, Arch arch) {
        Map<String, LockedImage> external = new LinkedHashMap<>();
        lock.ifPresent(l -> l.kits().forEach(kit -> external.put(kit.vendor() + "/" + kit.name(), kit)));
        List<String> local = graph.needsOf(spec).kits();
        Set<String> order = new LinkedHashSet<>(spec.kits());
        order.addAll(local);
        order.addAll(external.keySet());
        List<Work.KitSource> sources = new ArrayList<>();
        for (String name : order) {
            int priority = 10 * (sources.size() + 1);
            LockedImage image = external.get(name);
            if (image != null) {
                sources.add(new Work.KitSource(
                        repositoryName(image),
                        priority,
                        Optional.empty(),
                        Optional.of(image),
                        trustedKeys(image.vendor())));
            } else if (local.contains(name)) {
                sources.add(new Work.KitSource(
                        name, priority, Optional.of(addKit(name, arch)), Optional.empty(), List.of()));
            } else {
                throw new InvalidProjectException(List.of(Problem.error(
                                "package.metadata.build-variant.kits",
                                "variant '" + spec.name() + "': kit '" + name
                                        + "' is neither in Twoliter.lock nor among its build-dependencies")
                        .withHint("add it to Twoliter.toml and run `twoliter update`, or to [build-dependencies]")));
            }
        }
        return sources;
    }

    private List<Path> trustedKeys(String vendor) {
        TrustSpec trust = project.trust().get(vendor);
        return trust == null || trust.policy() == TrustPolicy.OFF
                ? List.of()
                : trust.rpmKeys().stream().map(paths.directory()::resolve).toList();
    }

    private void addStamp(Inputs.Builder inputs) {
        inputs.add("release version", stamp.version())
                .add("build identifier", stamp.buildId())
                .add("SOURCE_DATE_EPOCH", stamp.epochSeconds())
                .add("project vendor", stamp.projectVendor());
    }

    private void addNeeds(Inputs.Builder inputs, List<StepId> needs) {
        needs.forEach(need -> inputs.add(need.toString(), task(need).inputs().hash()));
    }

    private Task task(StepId id) {
        Task task = tasks.get(id);
        if (task == null) {
            throw new IllegalStateException(id + " is used before it is planned");
        }
        return task;
    }

    private void add(StepId id, List<StepId> needs, Inputs inputs, Path target, Work work) {
        String because = whyNotUpToDate(id, needs, inputs, target);
        Step step = new Step(id, needs, inputs.hash(), because.isEmpty(), because);
        tasks.put(id, new Task(step, inputs, target, work));
    }

    private String whyNotUpToDate(StepId id, List<StepId> needs, Inputs inputs, Path target) {
        return Freshness.whyNot(paths.record(id), inputs, target)
                .or(() -> needs.stream()
                        .filter(need -> !task(need).step().upToDate())
                        .findFirst()
                        .map(need -> need + " is made anew"))
                .orElse("");
    }

    private static <T> T named(List<T> all, Function<T, String> nameOf, String name) {
        return all.stream()
                .filter(one -> nameOf.apply(one).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " was checked to be in the project"));
    }
}
