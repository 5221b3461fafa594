package dev.twoliter.core.internal.plan;

import dev.twoliter.api.SemVer;

/**
 * What identifies a build in its artefacts. Immutable, thread-safe.
 *
 * @param version the project's release version
 * @param buildId letters, digits and {@code -}
 * @param epochSeconds the time that replaces every clock, in seconds since 1970
 * @param projectVendor who makes the system
 */
public record Stamp(SemVer version, String buildId, long epochSeconds, String projectVendor) {}
