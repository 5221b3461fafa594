package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.solve.Loser;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Why a candidate lost against another: the first step of {@link Policy} that tells them apart. */
final class Rivalry {
    private final Pool pool;
    private final BitSet chosen;
    private final Map<Integer, List<Rule>> against = new HashMap<>(); // by candidate, without those of the same name

    Rivalry(Pool pool, List<Rule> rules, BitSet chosen) {
        this.pool = pool;
        this.chosen = chosen;
        for (Rule rule : rules) {
            if (rule.origin() instanceof Rule.Dependency && rule.literals().length <= 2) {
                for (int literal : rule.literals()) {
                    if (literal < 0 && !chosen.get(-literal)) {
                        against.computeIfAbsent(-literal, id -> new ArrayList<>())
                                .add(rule);
                    }
                }
            }
        }
    }

    /**
     * {@return the losers, by the order of candidates}
     *
     * @param winner the chosen candidate
     * @param rivals candidates that satisfy the same dependency; others of the winner's name are added
     */
    List<Loser> losers(Candidate winner, int[] rivals) {
        return IntStream.concat(IntStream.of(rivals), IntStream.of(pool.named(winner.name())))
                .filter(id -> id > 0 && !chosen.get(id))
                .sorted()
                .distinct()
                .mapToObj(pool::get)
                .map(loser -> new Loser(loser.pkg(), loser.repo().name(), because(loser, winner)))
                .toList();
    }

    private String because(Candidate loser, Candidate winner) {
        if (loser.isForeign()) {
            return "it is for " + loser.pkg().nevra().arch();
        }
        if (loser.isExcluded()) {
            return "it is excluded";
        }
        if (loser.priority() > winner.priority()) {
            return winner.repo().name() + " has priority " + winner.priority() + ", "
                    + loser.repo().name() + " only " + loser.priority();
        }
        if (loser.priority() < winner.priority()) {
            return obstacle(loser);
        }
        if (loser.name().equals(winner.name())) {
            int order = loser.evr().compareTo(winner.evr());
            if (order == 0 && loser.id() > winner.id()) {
                return winner.repo().name() + " comes first, with the same version";
            }
            return order < 0 ? "it is older than " + winner.evr() : obstacle(loser);
        }
        if (winner.obsoletes(loser)) {
            return winner.name() + " obsoletes it";
        }
        String obstacle = obstacle(loser);
        return obstacle.equals(MISFIT) ? winner.name() + " is preferred" : obstacle;
    }

    private static final String MISFIT = "it does not fit with the others";

    /** What keeps a candidate out that would have been taken first. */
    private String obstacle(Candidate loser) {
        for (Rule rule : against.getOrDefault(loser.id(), List.of())) {
            Rule.Dependency dependency = (Rule.Dependency) rule.origin();
            if (dependency.kind() == RelationKind.REQUIRES) {
                boolean missing = IntStream.of(rule.literals())
                        .filter(literal -> literal > 0)
                        .allMatch(literal -> pool.get(literal).isExcluded());
                if (missing) {
                    return "it needs " + dependency.what() + ", which is not there";
                }
                continue;
            }
            for (int literal : rule.literals()) {
                if (literal < 0 && chosen.get(-literal)) {
                    String verb = dependency.kind() == RelationKind.CONFLICTS ? "conflicts with" : "obsoletes";
                    return dependency.owner() == loser.id()
                            ? "it " + verb + " " + pool.get(-literal).name()
                            : pool.get(-literal).name() + " " + verb + " it";
                }
            }
        }
        return MISFIT;
    }
}
