package dev.twoliter.api;

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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A project on disk, as it was when it was opened. Not for implementing by users. Thread-safe: its methods may be
 * called at the same time; two builds of one project wait for each other, also across processes.
 */
public interface Project {

    /** {@return the directory that holds Twoliter.toml, absolute} */
    Path directory();

    /** {@return {@code project-name} where Twoliter.toml has one, else the directory's name} */
    String name();

    /** {@return what the project's files say} */
    ProjectSpec spec();

    /** {@return what is suspicious in them; every entry is a warning} */
    List<Problem> warnings();

    /**
     * Reads Twoliter.lock.
     *
     * @return the lock; empty when there is none
     * @throws LockException if the file contradicts itself
     * @throws InvalidProjectException if it cannot be parsed
     */
    Optional<Lock> lock();

    /**
     * Says who needs whom among the packages, kits and variants. Circles were refused when the project was opened.
     *
     * @return the graph
     * @throws LockException if the lock contradicts itself
     * @throws InvalidProjectException if the lock cannot be parsed
     */
    ProjectGraph graph();

    /**
     * Resolves the SDK and every kit that the project needs, reading the metadata of each from its registry. Exact
     * versions in Twoliter.toml stay; where it has requirements, the newest kits are taken that fit them and each other,
     * by the rules of {@link #upgrade(UnaryOperator)}. Offline, what is locked stays where it fits. Writes nothing.
     *
     * @return the resolved lock, to look at and to write
     * @throws ResolutionException if kits contradict each other
     * @throws RegistryException if a registry cannot be asked
     * @throws VerificationException if an image is not signed as its vendor's trust demands
     */
    default LockUpdate updateLock() {
        return updateLock(options -> options);
    }

    /**
     * Like {@link #updateLock()}, with a listener.
     *
     * @param options listener and number of parallel transfers
     * @return the resolved lock, to look at and to write
     */
    LockUpdate updateLock(UnaryOperator<RunOptions.Builder> options);

    /**
     * Finds the newest kits that fit together, newer than Twoliter.toml says: an exact version there may be raised, never
     * lowered; a requirement is honoured and stays as it is, and no kit that fits it gets an older version than it is
     * locked at. A set of kits fits together when all agree on every other kit, on one SDK, and on a label version. Of all
     * such sets the greatest is taken, kit by kit in the order of Twoliter.toml: the first as new as it can be, the second
     * as new as it can be beside that, and so on. An SDK that Twoliter.toml names is raised along. Tags that are no
     * versions are passed over, and so, with a warning, are versions whose metadata cannot be read. Writes nothing.
     *
     * <p>{@link #updateLock()} searches in the same way, but only where a requirement leaves a choice.
     *
     * @param request what may move, such as {@code u -> u.kits("core-kit").preReleases(true)}
     * @return the resolved lock and what changes in Twoliter.toml, to look at and to write
     * @throws ResolutionException with the reasons if no kits fit together
     * @throws RegistryException if a registry cannot be asked
     * @throws InvalidProjectException if the request names a kit that Twoliter.toml does not, or Twoliter.toml has changed
     *     since the project was opened
     */
    default LockUpdate upgrade(UnaryOperator<UpgradeRequest.Builder> request) {
        return upgrade(request.apply(UpgradeRequest.builder()).build(), options -> options);
    }

    /**
     * Like {@link #upgrade(UnaryOperator)}, with a listener.
     *
     * @param request what may move
     * @param options listener and number of parallel transfers
     * @return the resolved lock and what changes in Twoliter.toml, to look at and to write
     */
    LockUpdate upgrade(UpgradeRequest request, UnaryOperator<RunOptions.Builder> options);

    /**
     * Pulls every external kit of the lock and unpacks it below {@code build/external-kits}. Everything is verified
     * against the lock, and against the vendor's keys where there are any, before it is put in place.
     *
     * @param arches for which architectures
     * @return where the kits are
     * @throws LockException if the lock is missing, stale or not what the registry holds
     * @throws VerificationException if content or a signature is bad
     * @throws RegistryException if a registry cannot be asked
     */
    default FetchResult fetch(Arch... arches) {
        return fetch(List.of(arches), options -> options);
    }

    /**
     * Like {@link #fetch(Arch...)}, with a listener.
     *
     * @param arches for which architectures
     * @param options listener and number of parallel transfers
     * @return where the kits are
     */
    FetchResult fetch(List<Arch> arches, UnaryOperator<RunOptions.Builder> options);

    /**
     * Downloads the sources of every spec package: the external files that the packages' manifests name, from lookaside
     * caches or from where upstream publishes them ({@link RunOptions#lookasideCaches()}, {@link
     * RunOptions#upstreamSources()}). Each is held against its SHA-512 before anything else sees it, and kept in the cache
     * that all projects of a user share; what was cut short is gone on with. A build does this by itself.
     *
     * @return where they are
     * @throws SourceException if some cannot be had; those that can are in the cache then
     * @throws StorageException if a file cannot be read or written
     */
    default SourceResult fetchSources() {
        return fetchSources(SourceRequest.builder().build(), options -> options);
    }

    /**
     * Like {@link #fetchSources()}, of some packages or into a lookaside cache of one's own.
     *
     * @param request which sources, and where to, such as {@code
     *     SourceRequest.builder().mirror(Path.of("/srv/sources")).build()}
     * @param options listener, number of parallel transfers, and where sources come from
     * @return where they are
     * @throws InvalidProjectException if the project has no package of a name that is asked for
     */
    SourceResult fetchSources(SourceRequest request, UnaryOperator<RunOptions.Builder> options);

    /**
     * Plans a build. Reads files and hashes them, but writes nothing and asks no registry.
     *
     * @param request what to build
     * @return the plan, to look at and to run
     * @throws LockException if the lock is missing or stale
     * @throws InvalidProjectException if the request names something that the project does not have
     */
    BuildPlan plan(BuildRequest request);

    /**
     * Plans a build.
     *
     * @param request fills in what to build, such as {@code b -> b.variant("metal-demo").arch(X86_64)}
     * @return the plan, to look at and to run
     */
    default BuildPlan plan(UnaryOperator<BuildRequest.Builder> request) {
        return plan(request.apply(BuildRequest.builder()).build());
    }

    /**
     * Says why a package is in a variant, or why not: solves the variant's request anew with the packages and kits that
     * are there, and follows the dependencies back. Builds and fetches nothing.
     *
     * @param packageName the package, with or without {@code bottlerocket-}, or a file or capability that packages
     *     provide
     * @param variant the variant
     * @param arch the architecture
     * @return the explanation
     * @throws InvalidProjectException if the project has no such variant
     * @throws LockException if the lock is missing or stale
     * @throws EngineException if a package or kit of the variant has not been built or fetched, or not since it changed
     * @throws ResolutionException if no kit has such a package, or no set of packages fits
     */
    PackageExplanation why(String packageName, String variant, Arch arch);

    /**
     * Assembles the twoliter container: the SDK that the lock pins, with a layer of tools on top. The SDK's layers are
     * shared to the byte, its user, environment and entry point kept. Needs no daemon; the same SDK and tools give the
     * same digests.
     *
     * @param request fills in what goes into it and where it goes, such as
     *     {@code c -> c.tools(Path.of("tools")).to("oci:containers/twoliter:v1")}
     * @return what was made
     * @throws LockException if there is no lock, or the registry holds another SDK than it pins
     * @throws VerificationException if content is bad, or the SDK is not signed as its vendor's trust demands
     * @throws RegistryException if a registry cannot be asked
     * @throws StorageException if the tools cannot be read, or a file cannot be written
     */
    default ContainerResult container(UnaryOperator<ContainerRequest.Builder> request) {
        return container(request.apply(ContainerRequest.builder()).build(), options -> options);
    }

    /**
     * Like {@link #container(UnaryOperator)}, with a listener.
     *
     * @param request what goes into it and where it goes
     * @param options listener, number of parallel transfers, and whether a registry may be asked
     * @return what was made
     */
    ContainerResult container(ContainerRequest request, UnaryOperator<RunOptions.Builder> options);

    /**
     * Runs a task of {@code cargo make} in the twoliter container: the tools on top of the SDK that the lock pins, with
     * the project at the same path inside as outside, the socket of the container daemon, and the caller's user. For
     * tasks that the library does not do itself (seed-design.md, "Twoliter Exec"). Variables of the environment are passed
     * on as upstream does (project-formats.md 6.2). What the task prints are
     * {@link dev.twoliter.api.event.BuildEvent.StepOutput} events.
     *
     * @param request the task
     * @param options who is told
     * @return the task's exit status
     * @throws EngineException if there is no engine, the project is in a directory that the container needs itself, or a
     *     variable is set that only twoliter may set
     * @throws LockException if the project has no lock
     * @throws SourceException if the tools hold no Makefile.toml
     */
    int exec(ExecRequest request, UnaryOperator<RunOptions.Builder> options);

    /**
     * Puts other trust into a finished image: certificate authorities, the root of its updates, and signatures for Secure
     * Boot. Needs no packages and no kits. The root is verified first; what is changed and whatever depends on it (hashes,
     * boot configuration, signatures) is made anew, everything else stays to the byte: the result is what a build with
     * these files would have made. The original stays as it is.
     *
     * @param variant the variant's name
     * @param request fills in what to change, such as {@code r -> r.caBundle(Path.of("ca.pem"))}
     * @return what was made
     * @throws InvalidProjectException if the project has no such variant
     * @throws SourceException if there is no finished image, or a file that is named is missing or malformed
     * @throws FormatException if the image is damaged, or its partitions are not those of the variant
     * @throws VerificationException if its root does not match its hashes
     * @throws EngineException if something does not fit into its partition, or keys are missing
     * @throws StorageException if a file cannot be read or written; nothing half-written is left
     */
    default RepackResult repack(String variant, UnaryOperator<RepackRequest.Builder> request) {
        return repack(request.apply(RepackRequest.builder(variant)).build(), options -> options);
    }

    /**
     * Like {@link #repack(String, UnaryOperator)}, with a listener.
     *
     * @param request the image, and what to change in it
     * @param options who is told
     * @return what was made
     */
    RepackResult repack(RepackRequest request, UnaryOperator<RunOptions.Builder> options);

    /**
     * Plans the publication of a kit that has been built. Reads what is in {@code build/}, but pushes nothing and asks
     * no registry.
     *
     * @param request what to publish, and where
     * @return the plan, to look at and to run
     * @throws PublishException if the kit has not been built, or its images were built from different locks
     */
    PublishPlan publish(PublishRequest request);

    /**
     * Plans the publication of a kit.
     *
     * @param request fills in what to publish, such as {@code p -> p.kit("base-kit").to("acme").imageKey(key)}
     * @return the plan, to look at and to run
     */
    default PublishPlan publish(UnaryOperator<PublishRequest.Builder> request) {
        return publish(request.apply(PublishRequest.builder()).build());
    }

    /**
     * Adds a package to the project's files: its directory with its sources, the workspace of Cargo.toml, and what its
     * kits list. Comments and layout of the files that are there stay as they are. All or nothing.
     *
     * @param spec the package
     * @param kits the local kits that get it; none leaves it in no kit
     * @return the project, opened anew
     * @throws InvalidProjectException if the project has such a package already, a file is in the way, or one is written
     *     so that it cannot be edited safely; the message then says what to write
     * @throws StorageException if a file cannot be written
     */
    Project addPackage(PackageSpec spec, String... kits);

    /**
     * Adds a local kit to the project's files, as {@link #addPackage} does.
     *
     * @param spec the kit; without a vendor it gets the only one of the project
     * @return the project, opened anew
     * @throws InvalidProjectException as {@link #addPackage} does; or if there are several vendors and none is named
     * @throws StorageException if a file cannot be written
     */
    Project addKit(KitSpec spec);

    /**
     * Adds a variant to the project's files, as {@link #addPackage} does.
     *
     * @param spec the variant, such as {@code VariantSpec.builder("metal-demo").everythingIn(project.spec()).build()}
     * @return the project, opened anew
     * @throws InvalidProjectException as {@link #addPackage} does
     * @throws StorageException if a file cannot be written
     */
    Project addVariant(VariantSpec spec);

    /**
     * Deletes {@code build/}.
     *
     * @throws StorageException if something in it cannot be deleted
     */
    void clean();
}
