package dev.twoliter.api.spi;

import dev.twoliter.api.Arch;
import dev.twoliter.api.DiskInspection;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.KeyRequest;
import dev.twoliter.api.KeySet;
import dev.twoliter.api.KitDiff;
import dev.twoliter.api.KitMetadata;
import dev.twoliter.api.Lock;
import dev.twoliter.api.NewProject;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Template;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What stands behind {@link dev.twoliter.api.Twoliter}; twoliter-core provides it. Thread-safe. */
public interface TwoliterRuntime {

    /** Does {@link dev.twoliter.api.Twoliter#create(Path, ProjectSpec, Environment)}. */
    Project create(Path directory, ProjectSpec spec, Environment environment);

    /** Does {@link dev.twoliter.api.Twoliter#create(Path, NewProject, Environment)}. */
    Project create(Path directory, NewProject project, Environment environment);

    /** Does {@link dev.twoliter.api.Twoliter#newPackage(String, Template)}. */
    PackageSpec newPackage(String name, Template template);

    /** Does {@link dev.twoliter.api.Twoliter#open(Path, Environment)}. */
    Project open(Path directory, Environment environment);

    /** Does {@link dev.twoliter.api.Twoliter#readLock(Path)}. */
    Lock readLock(Path file);

    /** Does {@link dev.twoliter.api.Twoliter#kitMetadata(Map)}. */
    Optional<KitMetadata> kitMetadata(Map<String, String> labels);

    /** Does {@link dev.twoliter.api.Twoliter#compareKits(ImageRef, ImageRef, Arch)}. */
    KitDiff compareKits(ImageRef before, ImageRef after, Optional<Arch> arch);

    /**
     * Does {@link dev.twoliter.api.Twoliter#inspectDisk(Path)}, or {@link dev.twoliter.api.Twoliter#verifyDisk(Path)} if
     * everything shall be read.
     */
    DiskInspection inspectDisk(Path image, boolean everything);

    /** Does {@link dev.twoliter.api.Twoliter#buildPackage(Path, Arch, Path, Environment)}. */
    Path buildPackage(Path directory, Arch arch, Path output, Environment environment);

    /** Does {@link dev.twoliter.api.Twoliter#generateKeys(Path, KeyRequest)}. */
    KeySet generateKeys(Path directory, KeyRequest request);
}
