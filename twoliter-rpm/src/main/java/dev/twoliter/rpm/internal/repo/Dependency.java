package dev.twoliter.rpm.internal.repo;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Relation;
import org.jspecify.annotations.Nullable;

/**
 * A relation as metadata writes it.
 *
 * @param flags {@code EQ}, {@code LT}, {@code LE}, {@code GT} or {@code GE}; empty, as the three after it, when any
 *     version will do
 * @param release may also be empty when there is a version
 * @param pre whether it is needed before the package's scriptlets run; of requirements only
 */
record Dependency(String name, String flags, String epoch, String version, String release, boolean pre) {

    static Dependency of(Relation relation, boolean pre) {
        Evr evr = relation.evr();
        return evr == null
                ? new Dependency(relation.name(), "", "", "", "", pre)
                : new Dependency(
                        relation.name(),
                        relation.comparison().name(),
                        Long.toString(evr.epoch()),
                        evr.version(),
                        evr.release(),
                        pre);
    }

    // Written out: the JVM makes those of records when they are first used, which takes longer than an index.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Dependency that
                && pre == that.pre
                && name.equals(that.name)
                && flags.equals(that.flags)
                && epoch.equals(that.epoch)
                && version.equals(that.version)
                && release.equals(that.release);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + version.hashCode();
    }

    Dependency withoutPre() {
        return pre ? new Dependency(name, flags, epoch, version, release, false) : this;
    }
}
