package dev.twoliter.oci;

import java.util.Objects;

/**
 * What an image runs on (OCI image index, "platform"). Immutable, thread-safe.
 *
 * @param os such as {@code linux}
 * @param architecture GOARCH, such as {@code amd64}
 */
public record Platform(String os, String architecture) {
    public Platform {
        Objects.requireNonNull(os, "os");
        Objects.requireNonNull(architecture, "architecture");
    }
}
