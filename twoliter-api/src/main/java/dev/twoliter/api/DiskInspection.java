package dev.twoliter.api;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a disk image holds. Immutable.
 *
 * @param file the image
 * @param format how it stores the disk: {@code raw}, {@code qcow2} or {@code vmdk}
 * @param size the disk's size in bytes
 * @param id the disk's GUID; empty if it has no partition table
 * @param parts its partitions by number; the whole disk as the only part, with number 0, if it has no partition table
 */
public record DiskInspection(Path file, String format, long size, Optional<String> id, List<Part> parts) {
    /** Checks for null; copies. */
    public DiskInspection {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(id, "id");
        parts = List.copyOf(parts);
    }

    /**
     * A partition, or a whole disk. Immutable.
     *
     * @param number its number in the partition table, from 1 on; 0 for a whole disk
     * @param label its name in the partition table; may be empty
     * @param id its GUID in the partition table; empty for a whole disk
     * @param offset its first byte
     * @param size in bytes
     * @param content what is in it: {@code ext4}, {@code erofs}, {@code fat12}, {@code fat16}, {@code fat32}, {@code
     *     verity}, {@code xfs}, {@code empty} (it begins with zeros) or {@code data} (something else)
     * @param details of the content by name, such as {@code label}, {@code uuid} and verity's {@code root}
     * @param problem what is wrong with the content; empty if nothing was found
     */
    public record Part(
            int number,
            String label,
            String id,
            long offset,
            long size,
            String content,
            Map<String, String> details,
            Optional<String> problem) {
        /** Checks for null; copies. */
        public Part {
            Objects.requireNonNull(label, "label");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(content, "content");
            Objects.requireNonNull(problem, "problem");
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        }
    }

    /** {@return whether no part has a problem, as far as was looked} */
    public boolean isIntact() {
        return parts.stream().allMatch(part -> part.problem().isEmpty());
    }
}
