package dev.twoliter.rpm.solve;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RichDependency;
import dev.twoliter.rpm.RichDependency.Chain;
import dev.twoliter.rpm.RichDependency.Condition;
import dev.twoliter.rpm.RichDependency.Conditional;
import dev.twoliter.rpm.RichDependency.Operator;
import dev.twoliter.rpm.RichDependency.Simple;
import dev.twoliter.rpm.repo.RepoPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Checks a set of packages against what they say themselves; shares nothing with the solver but the data. */
final class Checker {
    private final List<RepoPackage> set;

    Checker(List<RepoPackage> set) {
        this.set = set;
    }

    /** Returns what is wrong with the set. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (RepoPackage pkg : set) {
            pkg.requires().stream()
                    .filter(relation -> !holds(RichDependency.of(relation), set))
                    .forEach(relation -> problems.add(pkg + " lacks " + relation));
            List<RepoPackage> others =
                    set.stream().filter(other -> other != pkg).toList();
            pkg.conflicts().stream()
                    .filter(relation -> conflicts(RichDependency.of(relation), pkg, others))
                    .forEach(relation -> problems.add(pkg + " conflicts with " + relation));
            pkg.relations(RelationKind.OBSOLETES)
                    .forEach(relation -> others.stream()
                            .filter(other -> meets(
                                    relation,
                                    Relation.equal(other.name(), other.nevra().evr())))
                            .forEach(other -> problems.add(pkg + " obsoletes " + other)));
            others.stream()
                    .filter(other -> other.name().equals(pkg.name()))
                    .forEach(other -> problems.add(pkg + " beside " + other));
        }
        return problems;
    }

    /** A package does not conflict with what it provides itself, unless with the help of others. */
    private boolean conflicts(RichDependency dependency, RepoPackage pkg, List<RepoPackage> others) {
        return dependency instanceof Simple
                ? holds(dependency, others)
                : holds(dependency, set) && !holds(dependency, List.of(pkg));
    }

    private boolean holds(RichDependency dependency, List<RepoPackage> among) {
        if (dependency instanceof Condition rule) {
            RichDependency otherwise = rule.otherwise();
            boolean applies = holds(rule.condition(), among) == (rule.operator() == Conditional.IF);
            if (applies) {
                return holds(rule.wanted(), among);
            }
            return otherwise == null ? rule.operator() == Conditional.IF : holds(otherwise, among);
        }
        if (dependency instanceof Chain chain && chain.operator() == Operator.AND) {
            return chain.operands().stream().allMatch(operand -> holds(operand, among));
        }
        if (dependency instanceof Chain chain && chain.operator() == Operator.OR) {
            return chain.operands().stream().anyMatch(operand -> holds(operand, among));
        }
        return among.stream().anyMatch(satisfying(dependency));
    }

    private static Predicate<RepoPackage> satisfying(RichDependency dependency) {
        if (dependency instanceof Simple simple) {
            return pkg -> provides(pkg, simple.relation());
        }
        Chain chain = (Chain) dependency;
        Predicate<RepoPackage> all = satisfying(chain.operands().get(0));
        for (RichDependency operand :
                chain.operands().subList(1, chain.operands().size())) {
            all = switch (chain.operator()) {
                case OR -> all.or(satisfying(operand));
                case WITH -> all.and(satisfying(operand));
                case WITHOUT -> all.and(satisfying(operand).negate());
                case AND -> throw new AssertionError(chain + " is not about one package");
            };
        }
        return all;
    }

    static boolean provides(RepoPackage pkg, Relation wanted) {
        return pkg.provides().stream().anyMatch(provide -> meets(wanted, provide))
                || (wanted.name().startsWith("/") && pkg.files().contains(wanted.name()));
    }

    private static boolean meets(Relation wanted, Relation provided) {
        if (!wanted.name().equals(provided.name())) {
            return false;
        }
        Evr a = wanted.evr();
        Evr b = provided.evr();
        // Where only one of them names a release, the capability stands for all of them.
        if (a != null && b != null && a.release().isEmpty() != b.release().isEmpty()) {
            Evr wantedVersion = new Evr(a.epoch(), a.version(), "");
            Evr providedVersion = new Evr(b.epoch(), b.version(), "");
            if (wantedVersion.compareTo(providedVersion) == 0) {
                Set<Relation.Comparison> equal =
                        Set.of(Relation.Comparison.EQ, Relation.Comparison.LE, Relation.Comparison.GE);
                boolean sameDirection =
                        (wanted.comparison().bits() & provided.comparison().bits() & 6) != 0;
                return sameDirection || equal.contains((b.release().isEmpty() ? provided : wanted).comparison());
            }
        }
        return wanted.matches(provided);
    }

    static String names(List<RepoPackage> packages) {
        return packages.stream().map(RepoPackage::toString).collect(Collectors.joining(" "));
    }
}
