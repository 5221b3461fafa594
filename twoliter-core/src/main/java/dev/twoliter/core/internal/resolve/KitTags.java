package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.SemVer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the tags of a kit's repository mean (formats.md, section 2): {@code vVERSION} is a version, all others belong to
 * one. A pre-release looks much like them, {@code v1.0.0-rc.1} like {@code v1.0.0-metadata} or {@code
 * v1.0.0-0a1b2c3d-aarch64}; so a tag that ends in {@code -metadata} or in an architecture is never read as a version.
 */
final class KitTags {

    private static final String METADATA = "-metadata";

    /** What follows a version and belongs to it. With {@code x86_64} it would be no semantic version anyway. */
    private static final Pattern COMPANION = Pattern.compile(".*-(metadata|x86_64|aarch64|amd64|arm64)");

    private KitTags() {}

    /** {@return the version that a tag stands for; empty when it is something else} */
    static Optional<SemVer> version(String tag) {
        if (!tag.startsWith("v") || COMPANION.matcher(tag).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SemVer.parse(tag.substring(1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@return the tag of a version's index} */
    static String index(SemVer version) {
        return "v" + version;
    }

    /** {@return the tag of a version's metadata image} */
    static String metadata(SemVer version) {
        return index(version) + METADATA;
    }
}
