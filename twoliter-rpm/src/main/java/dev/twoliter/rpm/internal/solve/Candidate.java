package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.solve.SolveRepo;
import java.util.ArrayList;
import java.util.List;

/**
 * A package that may be chosen, and where it is from.
 *
 * @param id its variable: 1 and up, by the priority of repositories, their order, and that of packages in them
 * @param provides its capabilities, its own name and version among them
 * @param isExcluded whether it must not be chosen
 * @param isForeign whether that is because of its architecture
 */
record Candidate(
        int id, RepoPackage pkg, SolveRepo repo, List<Relation> provides, boolean isExcluded, boolean isForeign) {

    static Candidate of(int id, RepoPackage pkg, SolveRepo repo, boolean isExcluded, boolean isForeign) {
        Relation self = Relation.equal(pkg.name(), pkg.nevra().evr());
        List<Relation> provides = pkg.provides();
        if (provides.stream().noneMatch(provide -> provide.name().equals(self.name()) && provide.equals(self))) {
            provides = new ArrayList<>(provides);
            provides.add(self);
        }
        return new Candidate(id, pkg, repo, List.copyOf(provides), isExcluded || isForeign, isForeign);
    }

    String name() {
        return pkg.name();
    }

    Evr evr() {
        return pkg.nevra().evr();
    }

    int priority() {
        return repo.priority();
    }

    List<Relation> relations(RelationKind kind) {
        return pkg.relations(kind);
    }

    /** Tells whether another is obsoleted by this; that looks at names and versions, not at other capabilities. */
    boolean obsoletes(Candidate other) {
        for (Relation relation : pkg.obsoletes()) {
            if (relation.name().equals(other.name()) && Versions.meet(relation, other.evr())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return pkg.nevra() + " from " + repo.name();
    }
}
