package dev.twoliter.api;

import java.util.Optional;

/** What an entry of {@code [[contents]]} in a package.toml becomes; the words are nfpm's. */
public enum ContentType {
    FILE("file"),
    /** A configuration file ({@code %config}). */
    CONFIG("config"),
    /** A configuration file that an update leaves alone ({@code %config(noreplace)}). */
    CONFIG_NOREPLACE("config|noreplace"),
    DOC("doc"),
    LICENSE("license"),
    /** An empty directory that the package owns. */
    DIR("dir"),
    /** A symbolic link to {@code src}. */
    SYMLINK("symlink"),
    /** A file that the package owns but does not contain. */
    GHOST("ghost"),
    /** A directory with everything below it. */
    TREE("tree");

    private final String key;

    ContentType(String key) {
        this.key = key;
    }

    /** {@return the word in package.toml} */
    public String key() {
        return key;
    }

    /**
     * Finds a type by its word.
     *
     * @param key such as {@code config|noreplace}
     * @return the type; empty when there is none of that name
     */
    public static Optional<ContentType> of(String key) {
        for (ContentType type : values()) {
            if (type.key.equals(key)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
