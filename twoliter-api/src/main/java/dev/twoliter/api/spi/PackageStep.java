package dev.twoliter.api.spi;

import dev.twoliter.api.Arch;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.event.StepId;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A package to build: its RPMs go into {@link StepScope#output()}. Immutable, thread-safe.
 *
 * @param id the step's name
 * @param spec the package
 * @param directory its directory, {@code packages/NAME}; not to be changed
 * @param arch the architecture to build for
 * @param buildStamp what is appended to the release, such as {@code .1700000000.abcdef12.br1}
 * @param sourceDateEpoch the time in seconds since 1970 that replaces every clock
 * @param needs what it may take its build requirements from; nothing for a declarative package
 */
public record PackageStep(
        StepId id,
        PackageSpec spec,
        Path directory,
        Arch arch,
        String buildStamp,
        long sourceDateEpoch,
        PackageNeeds needs) {
    public PackageStep {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(buildStamp, "buildStamp");
        Objects.requireNonNull(needs, "needs");
    }

    /** {@return the project's directory, which holds {@code packages/} and {@code sources/}} */
    public Path projectDirectory() {
        Path packages = Objects.requireNonNull(directory.getParent(), "a package directory is below packages/");
        return Objects.requireNonNull(packages.getParent(), "packages/ is in a project");
    }

    /** {@return what messages call it: {@code package 'NAME'}} */
    public String label() {
        return "package '" + spec.name() + "'";
    }
}
