package dev.twoliter.oci;

/** The paths that files in layers may have. */
final class LayerPaths {

    private LayerPaths() {}

    /** Throws IllegalArgumentException unless a path is absolute and plain. */
    static void requirePlain(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException("'" + path + "' is not the absolute path of a file");
        }
        for (String part : path.substring(1).split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'" + path + "' is not a plain path");
            }
        }
    }
}
