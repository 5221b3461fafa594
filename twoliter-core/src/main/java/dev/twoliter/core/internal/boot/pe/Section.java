package dev.twoliter.core.internal.boot.pe;

import java.util.Objects;

/**
 * A line of a PE file's section table. Immutable.
 *
 * @param name with its dot; of at most 256 characters
 * @param virtualSize the bytes that count, 0 to 2³²−1
 * @param address where it is loaded, relative to the image, 0 to 2³²−1
 * @param rawSize its bytes in the file, with padding
 * @param rawOffset where they are; 0 if there are none
 */
public record Section(String name, long virtualSize, long address, int rawSize, int rawOffset) {
    /** Checks for null. */
    public Section {
        Objects.requireNonNull(name, "name");
    }

    int rawEnd() {
        return rawOffset + rawSize;
    }
}
