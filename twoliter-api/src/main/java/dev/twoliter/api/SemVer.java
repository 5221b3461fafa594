package dev.twoliter.api;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A semantic version (semver.org 2.0.0): {@code major.minor.patch[-preRelease][+build]}. Immutable, thread-safe.
 *
 * @param major 0 or more
 * @param minor 0 or more
 * @param patch 0 or more
 * @param preRelease dot-separated identifiers, empty when this is a release
 * @param build dot-separated identifiers, empty when there are none; does not count in the order
 */
public record SemVer(long major, long minor, long patch, String preRelease, String build)
        implements Comparable<SemVer> {

    private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
    private static final String PRE = "(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-(" + PRE
            + "(?:\\." + PRE + ")*))?(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");

    public SemVer {
        Objects.requireNonNull(preRelease, "preRelease");
        Objects.requireNonNull(build, "build");
    }

    /**
     * Reads a version strictly: no leading {@code v}, no ranges, no blanks.
     *
     * @param text such as {@code 1.2.3} or {@code 1.0.0-rc.1}
     * @return the version
     * @throws IllegalArgumentException if it is not a semantic version
     */
    public static SemVer parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a semantic version: write three numbers, such as 1.2.3");
        }
        return new SemVer(
                Long.parseLong(m.group(1)),
                Long.parseLong(m.group(2)),
                Long.parseLong(m.group(3)),
                Objects.requireNonNullElse(m.group(4), ""),
                Objects.requireNonNullElse(m.group(5), ""));
    }

    /** Orders by semver precedence (semver 2.0.0, item 11), then by build text so that it agrees with equals. */
    @Override
    public int compareTo(SemVer other) {
        int order = Long.compare(major, other.major);
        if (order == 0) {
            order = Long.compare(minor, other.minor);
        }
        if (order == 0) {
            order = Long.compare(patch, other.patch);
        }
        if (order == 0) {
            order = comparePreRelease(preRelease, other.preRelease);
        }
        return order != 0 ? order : build.compareTo(other.build);
    }

    private static int comparePreRelease(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Boolean.compare(a.isEmpty(), b.isEmpty());
        }
        String[] left = a.split("\\.");
        String[] right = b.split("\\.");
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = compareIdentifier(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static int compareIdentifier(String a, String b) {
        boolean aNumber = a.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean bNumber = b.chars().allMatch(c -> c >= '0' && c <= '9');
        if (aNumber && bNumber) {
            // Without leading zeros the longer number is the larger one, at any length.
            return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
        }
        if (aNumber != bNumber) {
            return aNumber ? -1 : 1;
        }
        return a.compareTo(b);
    }

    /** {@return the version as text, without a leading {@code v}} */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch + (preRelease.isEmpty() ? "" : "-" + preRelease)
                + (build.isEmpty() ? "" : "+" + build);
    }
}
