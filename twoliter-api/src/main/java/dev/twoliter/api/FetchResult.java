package dev.twoliter.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The external kits that are unpacked in a project. Immutable, thread-safe.
 *
 * @param kits one for each kit and architecture, in lock order
 */
public record FetchResult(List<FetchedKit> kits) {

    public FetchResult {
        kits = List.copyOf(kits);
    }

    /**
     * One kit for one architecture.
     *
     * @param kit what the lock says of it
     * @param arch the architecture
     * @param directory where it is unpacked
     * @param digest the digest of the architecture's image
     * @param fresh whether it was fetched now rather than found in place
     */
    public record FetchedKit(LockedImage kit, Arch arch, Path directory, Digest digest, boolean fresh) {
        public FetchedKit {
            Objects.requireNonNull(kit, "kit");
            Objects.requireNonNull(arch, "arch");
            Objects.requireNonNull(directory, "directory");
            Objects.requireNonNull(digest, "digest");
        }
    }
}
