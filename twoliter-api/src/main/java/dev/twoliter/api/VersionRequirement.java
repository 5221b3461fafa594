package dev.twoliter.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a kit a project takes, as the {@code version} of a {@code [[kit]]} says it (formats.md, section 1).
 * One full version means exactly that one, as for every other tool. Otherwise the words are Cargo's, all of them must
 * hold: {@code ^3.1} (up to the next major version; to the next minor one below 1.0), {@code ~3.1.0} (up to the next
 * minor one), {@code >=}, {@code >}, {@code <=}, {@code <}, {@code =}, and {@code *} alone for any. Parts of a version
 * may be left out from the right. Immutable, thread-safe.
 */
public final class VersionRequirement {

    private static final String NUMBER = "(0|[1-9][0-9]{0,17})";
    private static final Pattern PART = Pattern.compile(
            "(\\^|~|>=|<=|>|<|=)?\\s*" + NUMBER + "(?:\\." + NUMBER + "(?:\\." + NUMBER + "(-[0-9A-Za-z.-]+)?)?)?");
    private static final int MAX_LENGTH = 256;

    /** Bounds, and whether a version that equals the bound is inside; null where there is no bound. */
    private record Range(
            @Nullable SemVer from,
            boolean fromInside,
            @Nullable SemVer to,
            boolean toInside) {

        boolean holds(SemVer version) {
            if (from != null && version.compareTo(from) < (fromInside ? 0 : 1)) {
                return false;
            }
            if (to == null) {
                return true;
            }
            if (!toInside && to.preRelease().isEmpty() && sameNumbers(to, version)) {
                // What leads to 4.0.0 is not what "below 4" asks for.
                return false;
            }
            return version.compareTo(to) < (toInside ? 1 : 0);
        }

        boolean namesPreReleaseOf(SemVer version) {
            return names(from, version) || names(to, version);
        }

        private static boolean names(@Nullable SemVer bound, SemVer version) {
            return bound != null && !bound.preRelease().isEmpty() && sameNumbers(bound, version);
        }

        private static boolean sameNumbers(SemVer a, SemVer b) {
            return a.major() == b.major() && a.minor() == b.minor() && a.patch() == b.patch();
        }
    }

    private final String text;
    private final List<Range> ranges;
    private final @Nullable SemVer exact;

    private VersionRequirement(String text, List<Range> ranges, @Nullable SemVer exact) {
        this.text = text;
        this.ranges = List.copyOf(ranges);
        this.exact = exact;
    }

    /**
     * Takes one version only.
     *
     * @param version the version
     * @return the requirement
     */
    public static VersionRequirement exactly(SemVer version) {
        return new VersionRequirement(version.toString(), List.of(new Range(version, true, version, true)), version);
    }

    /**
     * Reads a requirement.
     *
     * @param text such as {@code 3.1.1}, {@code ^3.1}, {@code ~3.1.0} or {@code >=3.1, <4}
     * @return the requirement
     * @throws IllegalArgumentException if it is neither a semantic version nor a requirement
     */
    public static VersionRequirement parse(String text) {
        Objects.requireNonNull(text, "text");
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a version requirement has at most " + MAX_LENGTH + " characters");
        }
        if (!text.isEmpty() && Character.isDigit(text.charAt(0))) {
            // One number would be a range in Cargo and a mistake everywhere else.
            return exactly(SemVer.parse(text));
        }
        List<Range> ranges = new ArrayList<>();
        if (!text.strip().equals("*")) {
            for (String part : text.split(",", -1)) {
                ranges.add(range(part.strip(), text));
            }
        }
        SemVer only = null;
        for (Range range : ranges) {
            if (range.from() != null && range.from().equals(range.to())) {
                only = range.from();
            }
        }
        return new VersionRequirement(text.strip(), ranges, ranges.size() == 1 ? only : null);
    }

    private static Range range(String part, String whole) {
        Matcher m = PART.matcher(part);
        if (!m.matches() || m.group(1) == null) {
            throw new IllegalArgumentException("'" + whole
                    + "' is neither a version, such as 1.2.3, nor a requirement, such as ^1.2 or >=1.2, <2");
        }
        long major = Long.parseLong(m.group(2));
        long minor = m.group(3) == null ? 0 : Long.parseLong(m.group(3));
        long patch = m.group(4) == null ? 0 : Long.parseLong(m.group(4));
        String pre = m.group(5) == null ? "" : m.group(5).substring(1);
        SemVer low = SemVer.parse(major + "." + minor + "." + patch + (pre.isEmpty() ? "" : "-" + pre));
        // The first version that a partial one such as 3.1 does not mean any more.
        SemVer after =
                m.group(3) == null ? release(major + 1, 0, 0) : m.group(4) == null ? release(major, minor + 1, 0) : low;
        boolean full = m.group(4) != null;
        return switch (m.group(1)) {
            case "^" -> new Range(low, true, caret(m, major, minor, patch), false);
            case "~" -> new Range(low, true, m.group(3) == null ? after : release(major, minor + 1, 0), false);
            case ">=" -> new Range(low, true, null, false);
            case ">" -> new Range(full ? low : after, !full, null, false);
            case "<" -> new Range(null, false, low, false);
            case "<=" -> new Range(null, false, full ? low : after, full);
            default -> new Range(low, true, after, full);
        };
    }

    private static SemVer caret(Matcher m, long major, long minor, long patch) {
        if (major > 0 || m.group(3) == null) {
            return release(major + 1, 0, 0);
        }
        if (minor > 0 || m.group(4) == null) {
            return release(0, minor + 1, 0);
        }
        return release(0, 0, patch + 1);
    }

    private static SemVer release(long major, long minor, long patch) {
        return new SemVer(major, minor, patch, "", "");
    }

    /** {@return the one version that it takes; empty when it leaves a choice} */
    public Optional<SemVer> exact() {
        return Optional.ofNullable(exact);
    }

    /**
     * {@return whether a version fits; a pre-release fits only where the requirement names a pre-release of the same
     * three numbers}
     *
     * @param version the version
     */
    public boolean matches(SemVer version) {
        return matches(version, false);
    }

    /**
     * {@return whether a version fits}
     *
     * @param version the version
     * @param preReleases whether pre-releases fit as releases do
     */
    public boolean matches(SemVer version, boolean preReleases) {
        return ranges.stream().allMatch(range -> range.holds(version))
                && (preReleases
                        || version.preRelease().isEmpty()
                        || ranges.stream().anyMatch(range -> range.namesPreReleaseOf(version)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VersionRequirement r && ranges.equals(r.ranges) && text.equals(r.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** {@return the requirement as it was written} */
    @Override
    public String toString() {
        return text;
    }
}
