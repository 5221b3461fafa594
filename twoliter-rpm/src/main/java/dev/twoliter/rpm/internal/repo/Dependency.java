package dev.twoliter.rpm.internal.repo;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Relation;

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

    Dependency withoutPre() {
        return pre ? new Dependency(name, flags, epoch, version, release, false) : this;
    }
}
