package dev.twoliter.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The sources of a project's packages, each held against its SHA-512. Immutable, thread-safe.
 *
 * @param sources one for each name in each package, by package, then in the manifest's order
 * @param leftOut those that a lookaside cache did not get because they have {@code force-upstream}
 */
public record SourceResult(List<FetchedSource> sources, List<LeftOut> leftOut) {

    public SourceResult {
        sources = List.copyOf(sources);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * One source.
     *
     * @param packageName whose
     * @param file what the manifest says of it
     * @param path where it is: in the lookaside cache that was filled, else in the cache of this user, where it is for
     *     reading only
     * @param size its size in bytes
     * @param fresh whether it was downloaded now rather than found in place
     */
    public record FetchedSource(String packageName, ExternalFile file, Path path, long size, boolean fresh) {
        public FetchedSource {
            Objects.requireNonNull(packageName, "packageName");
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(path, "path");
        }
    }

    /**
     * A source that was left out.
     *
     * @param packageName whose
     * @param file what the manifest says of it
     */
    public record LeftOut(String packageName, ExternalFile file) {
        public LeftOut {
            Objects.requireNonNull(packageName, "packageName");
            Objects.requireNonNull(file, "file");
        }
    }
}
