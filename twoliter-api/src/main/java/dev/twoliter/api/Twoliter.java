package dev.twoliter.api;

import dev.twoliter.api.spi.TwoliterRuntime;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Where everything starts.
 *
 * <pre>{@code
 * import dev.twoliter.api.Arch;
 * import dev.twoliter.api.Project;
 * import dev.twoliter.api.Twoliter;
 * import java.nio.file.Path;
 *
 * Project project = Twoliter.open(Path.of("."));
 * project.updateLock().write();
 * project.plan(b -> b.variant("metal-demo").arch(Arch.X86_64)).run();
 * }</pre>
 *
 * Thread-safe. The implementation is found by {@link ServiceLoader}: {@code twoliter-core} must be on the class path or
 * module path.
 */
public final class Twoliter {

    private Twoliter() {}

    /**
     * Writes a new project: Twoliter.toml and Twoliter.trust where needed, the Cargo.toml tables, package.toml files and
     * their sources.
     *
     * @param directory where; made if it is missing; must not hold a Twoliter.toml
     * @param spec what to write
     * @return the project, opened
     * @throws InvalidProjectException if the directory holds a project already
     * @throws StorageException if a file cannot be written
     */
    public static Project create(Path directory, ProjectSpec spec) {
        return create(directory, spec, Environment.system());
    }

    /**
     * Like {@link #create(Path, ProjectSpec)} in an environment of its own.
     *
     * @param directory where
     * @param spec what to write
     * @param environment variables and cache directory
     * @return the project, opened
     */
    public static Project create(Path directory, ProjectSpec spec, Environment environment) {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(spec, "spec");
        return runtime().create(directory, spec, environment);
    }

    /**
     * Writes a small new project from a template. Needs no network.
     *
     * <p>The {@linkplain Template#DECLARATIVE declarative} one can be locked and built at once: its vendor {@code local}
     * is the directory {@code registry/} in it, which holds a stand-in for an SDK. The {@linkplain Template#SPEC spec}
     * one takes its kits, and by them its SDK, from the vendor {@code bottlerocket}.
     *
     * @param directory where; made if it is missing; must not hold a Twoliter.toml
     * @param project what to write
     * @return the project, opened
     * @throws InvalidProjectException if the directory holds a project already, a file is in the way, or a name is not
     *     allowed
     * @throws StorageException if a file cannot be written; nothing is left then
     */
    public static Project create(Path directory, NewProject project) {
        return create(directory, project, Environment.system());
    }

    /**
     * Like {@link #create(Path, NewProject)} in an environment of its own.
     *
     * @param directory where
     * @param project what to write
     * @param environment variables and cache directory
     * @return the project, opened
     */
    public static Project create(Path directory, NewProject project, Environment environment) {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(project, "project");
        return runtime().create(directory, project, environment);
    }

    /**
     * Makes a package from a template: to look at, to change with {@link PackageSpec#toBuilder()}, and to add to a
     * project with {@link Project#addPackage}.
     *
     * @param name the package's name
     * @param template what it is made of
     * @return the package, with its sources
     * @throws InvalidProjectException if the name is not allowed
     */
    public static PackageSpec newPackage(String name, Template template) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(template, "template");
        return runtime().newPackage(name, template);
    }

    /**
     * Reads any lock file, to compare it with another by {@link Lock#changesSince}.
     *
     * @param file a Twoliter.lock under any name
     * @return the lock
     * @throws LockException if it is missing or contradicts itself
     * @throws InvalidProjectException if it cannot be parsed
     */
    public static Lock readLock(Path file) {
        return runtime().readLock(Objects.requireNonNull(file, "file"));
    }

    /**
     * Reads what a kit's image says of itself: its name, its version, its SDK and the kits that it needs.
     *
     * @param labels the labels of the image's configuration
     * @return what they say; empty when the image is no kit
     * @throws FormatException if the kit label is broken
     */
    public static Optional<KitMetadata> kitMetadata(Map<String, String> labels) {
        return runtime().kitMetadata(Objects.requireNonNull(labels, "labels"));
    }

    /**
     * Compares two published kits, mostly two versions of one: which packages were added, removed, upgraded, and what
     * changed of the SDK and the kits that are needed. Of the images only the layer with the package index is read.
     *
     * @param before the first kit, by tag or digest; relative directories are those of the process
     * @param after the second kit
     * @return what is different, for this machine's architecture if both have it, else for the first that both have
     * @throws RegistryException if one of them does not exist, or its registry cannot be asked
     * @throws FormatException if one of them is no kit, or both have no architecture in common
     * @throws VerificationException if content does not have its digest
     */
    public static KitDiff compareKits(ImageRef before, ImageRef after) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        return runtime().compareKits(before, after, Optional.empty());
    }

    /**
     * Like {@link #compareKits(ImageRef, ImageRef)}, for one architecture.
     *
     * @param before the first kit
     * @param after the second kit
     * @param arch which
     * @return what is different
     */
    public static KitDiff compareKits(ImageRef before, ImageRef after, Arch arch) {
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(after, "after");
        return runtime().compareKits(before, after, Optional.of(arch));
    }

    /**
     * Looks into a disk image: its partitions, and the file systems and dm-verity trees in them. Of these only the super
     * blocks are read.
     *
     * @param image a raw disk, qcow2 or streamOptimized VMDK; a single file system can be given too
     * @return what is in it
     * @throws FormatException if the image or its partition table is damaged; what is wrong in a partition is in the result
     * @throws StorageException if the file cannot be read
     */
    public static DiskInspection inspectDisk(Path image) {
        return runtime().inspectDisk(Objects.requireNonNull(image, "image"), false);
    }

    /**
     * Like {@link #inspectDisk}, and reads everything: both partition tables, all metadata of ext4, EROFS and FAT with its
     * checksums, all contents, and every block that a dm-verity tree protects. That the tree's root hash is the right one
     * is for the caller to compare.
     *
     * @param image the image
     * @return what is in it, with the problems that were found
     * @throws FormatException if the image or its partition table is damaged
     * @throws StorageException if the file cannot be read
     */
    public static DiskInspection verifyDisk(Path image) {
        return runtime().inspectDisk(Objects.requireNonNull(image, "image"), true);
    }

    /**
     * Opens the project that a directory is in: the nearest Twoliter.toml in it or above it. A file can be given too.
     *
     * @param directory a directory inside the project, or the project file itself
     * @return the project
     * @throws InvalidProjectException with every problem of every file, or if there is no project
     */
    public static Project open(Path directory) {
        return open(directory, Environment.system());
    }

    /**
     * Like {@link #open(Path)} in an environment of its own.
     *
     * @param directory a directory inside the project, or the project file itself
     * @param environment variables and cache directory
     * @return the project
     */
    public static Project open(Path directory, Environment environment) {
        Objects.requireNonNull(directory, "directory");
        return runtime().open(directory, environment);
    }

    /**
     * Builds one declarative package that need not be part of a project. No build stamp is appended to its release; its
     * times are {@code SOURCE_DATE_EPOCH} of the environment, or 0. The same input gives the same bytes.
     *
     * @param directory holds package.toml and what it refers to
     * @param arch what to build for
     * @param output the directory for the RPM; made if it is missing
     * @param environment variables
     * @return the RPM
     * @throws InvalidProjectException with every problem of package.toml
     * @throws SourceException if a file that it refers to is missing or lies outside of the directory
     * @throws StorageException if a file cannot be read or written
     */
    public static Path buildPackage(Path directory, Arch arch, Path output, Environment environment) {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(environment, "environment");
        return runtime().buildPackage(directory, arch, output, environment);
    }

    /**
     * Makes the keys that a maintainer signs with: an Ed25519 OpenPGP key for RPMs, a P-256 key for images. They are
     * not encrypted; keep the directory private.
     *
     * @param directory where; made if it is missing
     * @param owner the OpenPGP user identity, such as {@code Acme Linux <linux@acme.example>}
     * @return the files
     * @throws SigningException if one of the files is there already; nothing is overwritten
     * @throws StorageException if a file cannot be written
     */
    public static KeySet generateKeys(Path directory, String owner) {
        return generateKeys(directory, KeyRequest.builder().owner(owner).build());
    }

    /**
     * Makes keys that a maintainer signs with: one kind or several, with passphrases or without.
     *
     * @param directory where; made if it is missing
     * @param request which keys
     * @return the files; those of a kind that was not asked for need not be there
     * @throws SigningException if one of the files is there already; then nothing is made
     * @throws StorageException if a file cannot be written
     */
    public static KeySet generateKeys(Path directory, KeyRequest request) {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(request, "request");
        return runtime().generateKeys(directory, request);
    }

    private static TwoliterRuntime runtime() {
        ClassLoader own = Twoliter.class.getClassLoader();
        Optional<TwoliterRuntime> found =
                ServiceLoader.load(TwoliterRuntime.class, own).findFirst();
        if (found.isEmpty()) {
            found = ServiceLoader.load(TwoliterRuntime.class).findFirst();
        }
        return found.orElseThrow(() -> new EngineException(
                "the implementation of Twoliter is missing",
                "Add dev.twoliter:twoliter-core to the class path or module path.",
                null));
    }
}
