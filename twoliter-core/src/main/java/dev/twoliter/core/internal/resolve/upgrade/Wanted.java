package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.SemVer;
import java.util.List;

/**
 * A kit that a project names, and what may be chosen for it. Immutable.
 *
 * @param vendor its vendor
 * @param name its name
 * @param candidates the versions that may be chosen, the newest first, without repetition
 * @param rule what limits them, a clause for a reader such as {@code Twoliter.toml asks for core-kit ^2.0}; may be empty
 * @param told whether a reader needs the rule always, not only where another kit breaks it
 */
public record Wanted(String vendor, String name, List<SemVer> candidates, String rule, boolean told) {
    public Wanted {
        candidates = List.copyOf(candidates);
    }

    boolean isSameKit(Wanted other) {
        return name.equals(other.name) && vendor.equals(other.vendor);
    }

    ImageDependency at(SemVer version) {
        return new ImageDependency(name, version, vendor);
    }

    Wanted only(SemVer version, String why) {
        return new Wanted(vendor, name, List.of(version), why, !why.isEmpty());
    }
}
