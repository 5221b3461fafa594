package dev.twoliter.core.internal.engine.spec;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.rpm.RpmPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a build left behind: whole RPMs for the right architecture, and nothing else. */
final class BuiltRpms {

    private BuiltRpms() {}

    /** Moves them to where the step's results belong, each checked before it. */
    static void collect(PackageStep step, Path from, Path to) {
        List<Path> files = list(from);
        if (files.isEmpty()) {
            throw new EngineException(
                    step.label() + " made no RPM",
                    "Give the spec a section that lists files; a package without one makes nothing.",
                    null);
        }
        for (Path file : files) {
            check(step, file);
            try {
                Files.move(file, to.resolve(file.getFileName()));
            } catch (IOException e) {
                throw StorageException.of("move", file, e);
            }
        }
    }

    private static void check(PackageStep step, Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".rpm") || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new EngineException(
                    step.label() + " made '" + name + "', which is no RPM",
                    "Only RPMs come out of a package: install the file into %{buildroot} and list it in %files.",
                    null);
        }
        RpmPackage rpm;
        try {
            rpm = RpmPackage.open(file);
        } catch (TwoliterException e) {
            throw new EngineException(
                    step.label() + " made '" + name + "', which cannot be read as an RPM: " + e.getMessage(),
                    "Is the disk full? Otherwise rpmbuild of the SDK is broken.",
                    e);
        }
        String arch = rpm.nevra().arch();
        if (!arch.equals("noarch") && !arch.equals(step.arch().rpmName())) {
            throw new EngineException(
                    step.label() + " made '" + name + "' for " + arch + ", but " + step.arch() + " is being built",
                    "Remove BuildArch from the spec, or have it follow %{_target_cpu}.",
                    null);
        }
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw StorageException.of("read", directory, e);
        }
    }
}
