package dev.twoliter.api.plan;

import dev.twoliter.api.Digest;
import dev.twoliter.api.event.StepId;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file that a build made. Immutable, thread-safe.
 *
 * @param kind what it is
 * @param step which step made it
 * @param path where it is, absolute
 * @param size in bytes
 * @param sha256 digest of its content
 */
public record Artifact(Kind kind, StepId step, Path path, long size, Digest sha256) {

    /** What an artefact is. */
    public enum Kind {
        /** An RPM. */
        RPM,
        /** An OCI layout archive with a kit image of one architecture. */
        KIT,
        /** A disk image. */
        IMAGE,
        /** One partition of a disk image. */
        PARTITION,
        /** A report next to an image. */
        REPORT
    }

    public Artifact {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sha256, "sha256");
    }
}
