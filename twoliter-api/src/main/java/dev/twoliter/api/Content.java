package dev.twoliter.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code [[contents]]} in a package.toml: what the RPM holds at a path. Immutable, thread-safe.
 *
 * @param src the file, glob or directory relative to the package directory, or a symlink's target; empty for
 *     {@link ContentType#DIR} and {@link ContentType#GHOST}
 * @param dst the absolute path in the image
 * @param type what it becomes
 * @param modeOrNull permission bits 0 to 07777, or null: 0644 for files (0755 where the source is executable), 0755 for
 *     directories
 * @param owner the owner's name
 * @param group the group's name
 */
public record Content(
        String src, String dst, ContentType type, @Nullable Integer modeOrNull, String owner, String group) {

    public Content {
        Objects.requireNonNull(src, "src");
        Objects.requireNonNull(dst, "dst");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(group, "group");
    }

    /**
     * Makes an entry that belongs to root and has the default mode.
     *
     * @param type what it becomes
     * @param src see {@link #src()}
     * @param dst see {@link #dst()}
     * @return the entry
     */
    public static Content of(ContentType type, String src, String dst) {
        return new Content(src, dst, type, null, "root", "root");
    }

    /**
     * {@return this entry with a mode}
     *
     * @param mode permission bits, 0 to 07777
     */
    public Content withMode(int mode) {
        return new Content(src, dst, type, mode, owner, group);
    }

    /**
     * {@return this entry with an owner and a group}
     *
     * @param owner the owner's name
     * @param group the group's name
     */
    public Content withOwner(String owner, String group) {
        return new Content(src, dst, type, modeOrNull, owner, group);
    }
}
