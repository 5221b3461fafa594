package dev.twoliter.rpm;

import java.util.Objects;

/**
 * The version of a package: epoch, version and release, ordered as rpm orders them (rpm's manual, "Dependencies";
 * {@code rpmvercmp}). Two values that rpm holds for the same version may differ in spelling ({@code 1.0} and
 * {@code 1.00}): {@link #compareTo} returns 0 for them although {@link #equals} tells them apart. Immutable,
 * thread-safe.
 *
 * @param epoch 0 to 4,294,967,295; an absent epoch is 0
 * @param version not empty
 * @param release empty when absent, as in most dependencies
 */
public record Evr(long epoch, String version, String release) implements Comparable<Evr> {

    private static final long MAX_EPOCH = 0xFFFF_FFFFL;

    public Evr {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(release, "release");
        if (epoch < 0 || epoch > MAX_EPOCH) {
            throw new IllegalArgumentException("an epoch lies between 0 and 4294967295, but this is " + epoch);
        }
        if (version.isEmpty()) {
            throw new IllegalArgumentException("a version must not be empty");
        }
    }

    /**
     * Reads {@code [epoch:]version[-release]}.
     *
     * @param text such as {@code 1:2.0-3}
     * @return the version
     * @throws IllegalArgumentException if the version is empty or the epoch is too large
     */
    public static Evr parse(String text) {
        int colon = text.indexOf(':');
        long epoch = 0;
        if (colon >= 0 && text.chars().limit(colon).allMatch(Evr::isDigit)) {
            if (colon > 10) {
                throw new IllegalArgumentException("the epoch of '" + text + "' is too large");
            }
            epoch = colon == 0 ? 0 : Long.parseLong(text.substring(0, colon));
        } else {
            colon = -1;
        }
        int dash = text.lastIndexOf('-');
        return dash > colon
                ? new Evr(epoch, text.substring(colon + 1, dash), text.substring(dash + 1))
                : new Evr(epoch, text.substring(colon + 1), "");
    }

    /**
     * Compares two version or two release strings as rpm does: runs of digits by value, runs of letters as text,
     * separators ignored, {@code ~} before everything (also before the end), {@code ^} after the end but before
     * everything else.
     *
     * @param a one string
     * @param b the other
     * @return negative, zero or positive
     */
    public static int compareSegments(String a, String b) {
        int i = 0;
        int j = 0;
        while (true) {
            i = skipSeparators(a, i);
            j = skipSeparators(b, j);
            char ca = i < a.length() ? a.charAt(i) : 0;
            char cb = j < b.length() ? b.charAt(j) : 0;
            if (ca == '~' || cb == '~') {
                if (ca != cb) {
                    return ca == '~' ? -1 : 1;
                }
                i++;
                j++;
                continue;
            }
            if (ca == '^' || cb == '^') {
                if (ca == cb) {
                    i++;
                    j++;
                    continue;
                }
                if (ca == 0 || cb == 0) {
                    return ca == 0 ? -1 : 1;
                }
                return ca == '^' ? -1 : 1;
            }
            if (ca == 0 || cb == 0) {
                return Boolean.compare(ca != 0, cb != 0);
            }
            boolean digits = isDigit(ca);
            if (digits != isDigit(cb)) {
                return digits ? 1 : -1; // a number is newer than letters
            }
            int endA = endOfRun(a, i, digits);
            int endB = endOfRun(b, j, digits);
            int order = digits
                    ? compareNumbers(a.substring(i, endA), b.substring(j, endB))
                    : a.substring(i, endA).compareTo(b.substring(j, endB));
            if (order != 0) {
                return order;
            }
            i = endA;
            j = endB;
        }
    }

    private static int skipSeparators(String text, int from) {
        int i = from;
        while (i < text.length()
                && !isDigit(text.charAt(i))
                && !isLetter(text.charAt(i))
                && text.charAt(i) != '~'
                && text.charAt(i) != '^') {
            i++;
        }
        return i;
    }

    private static int endOfRun(String text, int from, boolean digits) {
        int i = from;
        while (i < text.length() && (digits ? isDigit(text.charAt(i)) : isLetter(text.charAt(i)))) {
            i++;
        }
        return i;
    }

    private static int compareNumbers(String a, String b) {
        String x = a.replaceFirst("^0+", "");
        String y = b.replaceFirst("^0+", "");
        return x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Orders by epoch, then version, then release; an absent release comes first. */
    @Override
    public int compareTo(Evr other) {
        int order = Long.compare(epoch, other.epoch);
        if (order == 0) {
            order = compareSegments(version, other.version);
        }
        if (order == 0 && release.isEmpty() != other.release.isEmpty()) {
            return release.isEmpty() ? -1 : 1; // also before a release that begins with '~'
        }
        return order == 0 ? compareSegments(release, other.release) : order;
    }

    /**
     * {@return {@code [epoch:]version[-release]}, which {@link #parse} reads; an epoch of 0 is left out unless the
     * version itself has a colon}
     */
    @Override
    public String toString() {
        boolean plain = epoch == 0 && version.indexOf(':') < 0;
        boolean bare = release.isEmpty() && version.indexOf('-') < 0;
        return (plain ? "" : epoch + ":") + version + (bare ? "" : "-" + release);
    }
}
