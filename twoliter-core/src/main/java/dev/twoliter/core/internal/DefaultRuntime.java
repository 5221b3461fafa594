package dev.twoliter.core.internal;

import dev.twoliter.api.Arch;
import dev.twoliter.api.DiskInspection;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.KeyRequest;
import dev.twoliter.api.KeySet;
import dev.twoliter.api.KitDiff;
import dev.twoliter.api.KitMetadata;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockException;
import dev.twoliter.api.NewProject;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.Template;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.spi.PackageNeeds;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.api.spi.TwoliterRuntime;
import dev.twoliter.core.internal.boot.secure.SecureBootKeyGenerator;
import dev.twoliter.core.internal.compare.KitComparison;
import dev.twoliter.core.internal.compare.KitLabels;
import dev.twoliter.core.internal.disk.inspect.DiskInspector;
import dev.twoliter.core.internal.engine.EmbeddedEngine;
import dev.twoliter.core.internal.plan.BuildStamps;
import dev.twoliter.core.internal.project.LockFile;
import dev.twoliter.core.internal.project.PackageDirectory;
import dev.twoliter.core.internal.project.ProjectFiles;
import dev.twoliter.core.internal.resolve.Registries;
import dev.twoliter.core.internal.scaffold.StandInSdk;
import dev.twoliter.core.internal.scaffold.Templates;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.rpm.OpenPgpKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands behind {@link dev.twoliter.api.Twoliter}. Thread-safe. */
public final class DefaultRuntime implements TwoliterRuntime {

    /** For {@link java.util.ServiceLoader}. */
    public DefaultRuntime() {}

    @Override
    public Project create(Path directory, ProjectSpec spec, Environment environment) {
        ProjectFiles.create(directory, spec);
        return open(directory, environment);
    }

    @Override
    public Project create(Path directory, NewProject project, Environment environment) {
        boolean needsSdk = project.template() == Template.DECLARATIVE;
        ProjectFiles.create(directory, Templates.project(project), needsSdk ? StandInSdk.files() : Map.of());
        return open(directory, environment);
    }

    @Override
    public PackageSpec newPackage(String name, Template template) {
        return Templates.newPackage(name, template);
    }

    @Override
    public Project open(Path directory, Environment environment) {
        return new DefaultProject(ProjectFiles.read(ProjectFiles.find(directory)), environment);
    }

    @Override
    public Lock readLock(Path file) {
        return LockFile.readFile(file)
                .orElseThrow(() -> new LockException(
                        LockException.Reason.MISSING, file + " is missing", "Check the path.", List.of()));
    }

    @Override
    public Optional<KitMetadata> kitMetadata(Map<String, String> labels) {
        return KitLabels.read("the image", labels);
    }

    @Override
    public KitDiff compareKits(ImageRef before, ImageRef after, Optional<Arch> arch) {
        try (Registries registries = new Registries(Path.of(""), Environment.system(), 1, false)) {
            return KitComparison.compare(before, after, arch, registries);
        }
    }

    @Override
    public DiskInspection inspectDisk(Path image, boolean everything) {
        return DiskInspector.inspect(image, everything);
    }

    @Override
    public Path buildPackage(Path directory, Arch arch, Path output, Environment environment) {
        PackageStep step = new PackageStep(
                new StepId(StepId.Kind.PACKAGE, directory.toString(), arch),
                PackageDirectory.read(directory),
                directory,
                arch,
                "",
                BuildStamps.sourceDateEpoch(environment),
                PackageNeeds.none());
        try {
            Files.createDirectories(output);
        } catch (IOException e) {
            throw StorageException.of("make", output, e);
        }
        return EmbeddedEngine.build(step, output);
    }

    @Override
    public KeySet generateKeys(Path directory, KeyRequest request) {
        Path home = directory.toAbsolutePath().normalize();
        KeySet keys = KeySet.in(home);
        boolean rpm = request.kinds().contains(KeyRequest.Kind.RPM);
        boolean image = request.kinds().contains(KeyRequest.Kind.IMAGE);
        boolean secureBoot = request.kinds().contains(KeyRequest.Kind.SECURE_BOOT);
        // All of them first: half a set would be in the way of the next attempt.
        Stream.of(
                        rpm ? Stream.of(keys.rpmSecret(), keys.rpmPublic()) : Stream.<Path>empty(),
                        image ? Stream.of(keys.imagePrivate(), keys.imagePublic()) : Stream.<Path>empty(),
                        secureBoot
                                ? SecureBootKeyGenerator.fileNames().stream().map(keys.secureBoot()::resolve)
                                : Stream.<Path>empty())
                .flatMap(files -> files)
                .forEach(DefaultRuntime::requireAbsent);
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw StorageException.of("make", home, e);
        }
        if (rpm) {
            OpenPgpKeys.generate(
                    OpenPgpKeys.Algorithm.ED25519,
                    request.owner(),
                    OpenPgpKeys.DEFAULT_CREATION,
                    KeyFile.of(keys.rpmSecret(), request.rpmPassphrase()),
                    keys.rpmPublic());
        }
        if (image) {
            ImageKeys.generate(KeyFile.of(keys.imagePrivate(), request.imagePassphrase()), keys.imagePublic());
        }
        if (secureBoot) {
            SecureBootKeyGenerator.generate(keys.secureBoot(), Instant.now());
        }
        return keys;
    }

    private static void requireAbsent(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SigningException(
                    "the key file " + file + " is there already and is not overwritten",
                    "Move it away, or choose another directory.",
                    null);
        }
    }
}
