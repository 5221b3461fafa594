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
 */
public record PackageStep(
        StepId id, PackageSpec spec, Path directory, Arch arch, String buildStamp, long sourceDateEpoch) {
    public PackageStep {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(arch, "arch");
        Objects.requireNonNull(buildStamp, "buildStamp");
    }
}
