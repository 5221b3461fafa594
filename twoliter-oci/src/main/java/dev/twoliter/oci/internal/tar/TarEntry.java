package dev.twoliter.oci.internal.tar;

/**
 * An entry of a tar archive, as its headers say. Immutable, thread-safe.
 *
 * @param name its path, not checked
 * @param kind what it is
 * @param mode its permission bits, with set-id and sticky bits
 * @param size the size of its content in bytes; 0 if it is no file
 * @param link what it links to, not checked; empty if it is no link
 */
public record TarEntry(String name, Kind kind, int mode, long size, String link) {

    private static final int SHORT = 200;

    /** What an entry is. */
    public enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK,
        HARD_LINK,
        /** A device, a pipe, a volume label, or what only some program knows. */
        OTHER
    }

    /** {@return the name, for messages} */
    public String shortName() {
        return name.length() > SHORT ? name.substring(0, SHORT) + "…" : name;
    }
}
