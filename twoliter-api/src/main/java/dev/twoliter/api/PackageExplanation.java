package dev.twoliter.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a package is in a variant, or why it is not. Immutable, thread-safe.
 *
 * @param asked what was asked about: a package's name with or without {@code bottlerocket-}, or something that packages
 *     provide, such as {@code /usr/bin/sh}
 * @param variant the variant's name
 * @param arch the architecture
 * @param installedOrNull the package that is in the variant; null when there is none
 * @param chain sentences that lead from the variant to the package, each following from the one before; empty when it is
 *     not installed
 * @param neededBy every installed package that needs it, as {@code NAME-EVR.ARCH}, sorted
 * @param losers the packages that were not taken, and why; highest priority of their kit first
 */
public record PackageExplanation(
        String asked,
        String variant,
        Arch arch,
        @Nullable Source installedOrNull,
        List<String> chain,
        List<String> neededBy,
        List<Loser> losers) {

    /**
     * A package and where it is from.
     *
     * @param nevra {@code NAME-[EPOCH:]VERSION-RELEASE.ARCH}
     * @param kit the kit: a name, {@code VENDOR-NAME} for an external one, {@code this-variant} for packages that the
     *     variant uses directly
     */
    public record Source(String nevra, String kit) {
        public Source {
            Objects.requireNonNull(nevra, "nevra");
            Objects.requireNonNull(kit, "kit");
        }
    }

    /**
     * A package that a kit has and the variant does not.
     *
     * @param source which
     * @param because why it was not taken
     */
    public record Loser(Source source, String because) {
        public Loser {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(because, "because");
        }
    }

    public PackageExplanation {
        Objects.requireNonNull(asked, "asked");
        Objects.requireNonNull(variant, "variant");
        Objects.requireNonNull(arch, "arch");
        chain = List.copyOf(chain);
        neededBy = List.copyOf(neededBy);
        losers = List.copyOf(losers);
    }

    /** {@return the package that is in the variant} */
    public Optional<Source> installed() {
        return Optional.ofNullable(installedOrNull);
    }

    /** {@return the whole answer, as a terminal shows it} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        Source installed = installedOrNull;
        if (installed == null) {
            text.append("Nothing that ")
                    .append(variant)
                    .append(" for ")
                    .append(arch)
                    .append(" asks for needs ")
                    .append(asked)
                    .append(", so it is not in it.");
        } else {
            text.append(installed.nevra())
                    .append(" of ")
                    .append(installed.kit())
                    .append(" is in ")
                    .append(variant)
                    .append(" for ")
                    .append(arch)
                    .append(":");
            chain.forEach(link -> text.append("\n  ").append(link));
        }
        if (neededBy.size() > 1) {
            text.append("\nNeeded by:");
            neededBy.forEach(one -> text.append("\n  ").append(one));
        }
        if (!losers.isEmpty()) {
            text.append("\nNot taken:");
            losers.forEach(loser -> text.append("\n  ")
                    .append(loser.source().nevra())
                    .append(" of ")
                    .append(loser.source().kit())
                    .append(": ")
                    .append(loser.because()));
        }
        return text.toString();
    }
}
