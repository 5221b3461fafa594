package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.solve.SolveRepo;

/** A package that may be chosen, and where it is from. */
record Candidate(RepoPackage pkg, SolveRepo repo, int order) {
    String name() {
        return pkg.name();
    }

    boolean provides(Relation wanted) {
        return pkg.provides().stream().anyMatch(wanted::matches);
    }

    /** Obsoletes look at names and versions, not at what else a package provides. */
    boolean obsoletes(Candidate other) {
        Relation self = Relation.equal(other.name(), other.pkg.nevra().evr());
        return order != other.order
                && !name().equals(other.name())
                && pkg.obsoletes().stream().anyMatch(relation -> relation.matches(self));
    }

    @Override
    public String toString() {
        return pkg.nevra() + " from " + repo.name();
    }
}
