package dev.twoliter.rpm;

/** Which paths may stand in a package. */
final class RpmPaths {
    private static final int MAX_LENGTH = 4095; // PATH_MAX without the NUL

    private RpmPaths() {}

    /** Tells whether a path is absolute and normal: no empty, {@code .} or {@code ..} component, no NUL. */
    static boolean isSafe(String path) {
        if (path.equals("/")) {
            return true;
        }
        if (!path.startsWith("/") || path.endsWith("/") || path.length() > MAX_LENGTH || path.indexOf('\0') >= 0) {
            return false;
        }
        for (String component : path.substring(1).split("/", -1)) {
            if (component.isEmpty() || component.equals(".") || component.equals("..")) {
                return false;
            }
        }
        return true;
    }

    static String requireAbsolute(String path) {
        if (!isSafe(path) || path.equals("/")) {
            throw new IllegalArgumentException(
                    "a packaged file needs an absolute path without '.' and '..', not '" + path + "'");
        }
        return path;
    }
}
