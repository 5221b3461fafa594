package dev.twoliter.rpm.internal.repo;

/** A file of a package as metadata lists it; the path of a source package's file is a bare name. */
record ListedFile(String path, Type type) {

    /** What metadata tells apart: directories, ghosts, all else. The names are those in metadata. */
    enum Type {
        FILE("file", 'f'),
        DIRECTORY("dir", 'd'),
        GHOST("ghost", 'g');

        private final String word;
        private final char letter;

        Type(String word, char letter) {
            this.word = word;
            this.letter = letter;
        }

        String word() {
            return word;
        }

        char letter() {
            return letter;
        }

        static Type ofWord(String word) {
            for (Type type : values()) {
                if (type.word.equals(word)) {
                    return type;
                }
            }
            return FILE;
        }
    }

    /** Files that dnf wants to know without reading filelists (createrepo_c, {@code cr_is_primary}). */
    boolean isPrimary() {
        return isPrimary(path);
    }

    static boolean isPrimary(String path) {
        return path.startsWith("/etc/") || path.equals("/usr/lib/sendmail") || path.contains("bin/");
    }

    /** The directory without its slash; {@code .} for a bare name. */
    String directory() {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
    }

    /** The last part; the root is its own name. */
    String name() {
        return path.equals("/") ? "/" : path.substring(path.lastIndexOf('/') + 1);
    }
}
