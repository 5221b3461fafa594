package dev.twoliter.rpm.internal.solve;

import dev.twoliter.api.ResolutionException;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.internal.solve.Rich.Atom;
import dev.twoliter.rpm.internal.solve.Rich.Chain;
import dev.twoliter.rpm.internal.solve.Rich.If;
import dev.twoliter.rpm.solve.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A depth-first search: needs with one candidate are settled first, then the oldest open need takes its best
 * candidate; where that leads nowhere, the next one is tried. The number of tries is bounded. Not thread-safe.
 */
final class Search {
    private static final int MAX_TRIES = 20_000;

    /** A package in the set, and why. */
    record Pick(
            Candidate candidate, Reason because, @Nullable Pick parent) {}

    /** Something the set needs: on behalf of a package, or of the request when that is null. */
    private record Need(
            Rich what, @Nullable Pick by, @Nullable List<Candidate> named) {
        String who() {
            return by == null ? "the request" : by.candidate.toString();
        }

        Reason because() {
            return by == null
                    ? new Reason.Requested(describe(what))
                    : new Reason.Required(by.candidate.pkg(), describe(what));
        }
    }

    /** The set so far and what is open; copied before a guess. */
    private static final class State {
        final Map<String, Pick> chosen;
        final List<Need> open;
        final List<Need> conditional;

        State() {
            chosen = new LinkedHashMap<>();
            open = new ArrayList<>();
            conditional = new ArrayList<>();
        }

        State(State other) {
            chosen = new LinkedHashMap<>(other.chosen);
            open = new ArrayList<>(other.open);
            conditional = new ArrayList<>(other.conditional);
        }

        Collection<Candidate> set() {
            return chosen.values().stream().map(Pick::candidate).toList();
        }
    }

    private static final Need FAILED = new Need(new Atom(Relation.of("failed")), null, null);

    private final Pool pool;
    private final State start = new State();
    private @Nullable ResolutionException firstFailure;
    private int tries;

    Search(Pool pool) {
        this.pool = pool;
    }

    /** A name wins over a capability of the same name, as for {@code dnf install}. */
    void request(String wanted) {
        Relation relation = SimpleSolver.parseWanted(wanted);
        List<Candidate> named = relation.evr() == null ? pool.named(wanted) : List.of();
        if (named.isEmpty()) {
            add(start, Rich.of(relation), null);
        } else {
            start.open.add(new Need(new Atom(relation), null, named));
        }
    }

    Collection<Pick> run() {
        State solved = solve(start);
        if (solved == null) {
            throw firstFailure == null
                    ? new ResolutionException("no set of packages satisfies the request", "", List.of())
                    : firstFailure;
        }
        return solved.chosen.values();
    }

    @SuppressWarnings("ReferenceEquality") // FAILED is a mark, not a need
    private @Nullable State solve(State state) {
        Need guess = propagate(state);
        if (guess == null) {
            return state;
        }
        if (guess == FAILED) {
            return null;
        }
        for (Candidate candidate : pool.sort(candidates(guess, state), capability(guess.what))) {
            if (++tries > MAX_TRIES) {
                throw new ResolutionException(
                        "the dependencies are too entangled: gave up after " + MAX_TRIES + " tries",
                        "Name more packages in the request, or exclude some.",
                        List.of());
            }
            State next = new State(state);
            choose(next, candidate, guess);
            State solved = solve(next);
            if (solved != null) {
                return solved;
            }
        }
        return null;
    }

    /** Settles what has one candidate; returns the first need with several, null when all is done, or FAILED. */
    private @Nullable Need propagate(State state) {
        while (true) {
            boolean changed = activateConditions(state, false);
            Need guess = null;
            for (Need need : List.copyOf(state.open)) {
                if (isMet(need, state)) {
                    state.open.remove(need);
                    continue;
                }
                List<Candidate> candidates = candidates(need, state);
                if (candidates.isEmpty()) {
                    fail(need, state);
                    return FAILED;
                }
                if (candidates.size() == 1) {
                    state.open.remove(need);
                    choose(state, candidates.get(0), need);
                    changed = true;
                } else if (guess == null) {
                    guess = need;
                }
            }
            if (changed) {
                continue;
            }
            if (guess != null) {
                return guess;
            }
            if (!activateConditions(state, true)) {
                return null;
            }
        }
    }

    /** Opens what an {@code if} asks for, once its condition holds; at the very end also what an {@code else} does. */
    private boolean activateConditions(State state, boolean atEnd) {
        boolean changed = false;
        for (Need need : List.copyOf(state.conditional)) {
            If rule = (If) need.what;
            if (holds(rule.condition(), state.set())) {
                state.conditional.remove(need);
                changed |= add(state, rule.wanted(), need.by);
            } else if (atEnd && rule.otherwise() != null && !holds(rule.otherwise(), state.set())) {
                changed |= add(state, rule.otherwise(), need.by);
            }
        }
        return changed;
    }

    private boolean add(State state, Rich what, @Nullable Pick by) {
        if (what instanceof Chain chain && chain.operator().equals("and")) {
            boolean changed = false;
            for (Rich part : chain.parts()) {
                changed |= add(state, part, by);
            }
            return changed;
        }
        if (what instanceof If) {
            state.conditional.add(new Need(what, by, null));
        } else {
            state.open.add(new Need(what, by, null));
        }
        return true;
    }

    private void choose(State state, Candidate candidate, Need need) {
        Pick pick = new Pick(candidate, need.because(), need.by);
        state.chosen.put(candidate.name(), pick);
        for (Relation relation : candidate.pkg().requires()) {
            add(state, Rich.of(relation), pick);
        }
    }

    private boolean isMet(Need need, State state) {
        if (need.named != null) {
            return need.named.stream().anyMatch(candidate -> isChosen(candidate, state));
        }
        return holds(need.what, state.set());
    }

    private static boolean isChosen(Candidate candidate, State state) {
        Pick pick = state.chosen.get(candidate.name());
        return pick != null && pick.candidate.order() == candidate.order();
    }

    private boolean holds(Rich what, Collection<Candidate> set) {
        if (what instanceof If rule) {
            Rich otherwise = rule.otherwise();
            return holds(rule.condition(), set)
                    ? holds(rule.wanted(), set)
                    : otherwise == null || holds(otherwise, set);
        }
        if (what instanceof Chain chain && chain.operator().equals("and")) {
            return chain.parts().stream().allMatch(part -> holds(part, set));
        }
        if (what instanceof Chain chain && chain.operator().equals("or")) {
            return chain.parts().stream().anyMatch(part -> holds(part, set));
        }
        return providers(what).stream().anyMatch(set::contains);
    }

    /** All packages of which each alone satisfies a need. */
    private Set<Candidate> providers(Rich what) {
        if (what instanceof Atom atom) {
            return new LinkedHashSet<>(pool.providers(atom.relation()));
        }
        if (what instanceof Chain chain && !chain.operator().equals("and")) {
            Set<Candidate> found = providers(chain.parts().get(0));
            for (Rich part : chain.parts().subList(1, chain.parts().size())) {
                switch (chain.operator()) {
                    case "or" -> found.addAll(providers(part));
                    case "with" -> found.retainAll(providers(part));
                    default -> found.removeAll(providers(part));
                }
            }
            return found;
        }
        throw new Rich.UnsupportedDependencyException(
                "this nesting of 'and' or 'if' in a rich dependency is not supported: " + describe(what));
    }

    private List<Candidate> candidates(Need need, State state) {
        Collection<Candidate> all = need.named == null ? providers(need.what) : need.named;
        return all.stream()
                .filter(candidate -> obstacle(candidate, state) == null)
                .toList();
    }

    /** Says why a package cannot join the set, or null. */
    private @Nullable String obstacle(Candidate candidate, State state) {
        Pick same = state.chosen.get(candidate.name());
        if (same != null) {
            return same.candidate.order() == candidate.order()
                    ? null
                    : candidate + " cannot stand beside " + same.candidate + " (" + same.because + ")";
        }
        for (Pick pick : state.chosen.values()) {
            String clash = clash(candidate, pick.candidate);
            clash = clash == null ? clash(pick.candidate, candidate) : clash;
            if (clash != null) {
                return clash + " (" + pick.because + ")";
            }
        }
        return richClash(candidate, state);
    }

    private static @Nullable String clash(Candidate a, Candidate b) {
        for (Relation conflict : a.pkg().conflicts()) {
            if (!conflict.isRich() && b.provides(conflict)) {
                return a + " conflicts with " + conflict + ", which is " + b;
            }
        }
        return a.obsoletes(b) ? a + " obsoletes " + b : null;
    }

    private @Nullable String richClash(Candidate candidate, State state) {
        List<Candidate> set = new ArrayList<>(state.set());
        set.add(candidate);
        for (Candidate owner : set) {
            for (Relation conflict : owner.pkg().conflicts()) {
                if (conflict.isRich()) {
                    List<Candidate> others = new ArrayList<>(set);
                    others.remove(owner);
                    if (holds(Rich.of(conflict), others)) {
                        return owner + " conflicts with " + conflict;
                    }
                }
            }
        }
        return null;
    }

    private static String capability(Rich what) {
        return what instanceof Atom atom ? atom.relation().name() : "";
    }

    private static String describe(Rich what) {
        if (what instanceof Chain chain) {
            return chain.parts().stream()
                    .map(Search::describe)
                    .collect(Collectors.joining(" " + chain.operator() + " ", "(", ")"));
        }
        if (what instanceof If rule) {
            Rich otherwise = rule.otherwise();
            return "(" + describe(rule.wanted()) + " if " + describe(rule.condition())
                    + (otherwise == null ? "" : " else " + describe(otherwise)) + ")";
        }
        return what.toString();
    }

    /** Keeps the first failure: it is the one on the way that the best candidates lead. */
    private void fail(Need need, State state) {
        if (firstFailure != null) {
            return;
        }
        Collection<Candidate> all = need.named == null ? providers(need.what) : need.named;
        String wanted = describe(need.what);
        List<String> reasons = all.stream()
                .map(candidate -> obstacle(candidate, state))
                .filter(java.util.Objects::nonNull)
                .distinct()
                .toList();
        String message = need.who() + (need.by == null ? " asks for " : " needs ") + wanted + "; "
                + (reasons.isEmpty() ? absent(need.what) : String.join("; ", reasons));
        List<String> chain = new ArrayList<>();
        for (Pick pick = need.by; pick != null; pick = pick.parent) {
            chain.add(0, pick.candidate.toString());
        }
        chain.add(wanted);
        firstFailure = new ResolutionException(
                message,
                "Add a repository or a package that provides it, or change the request.",
                List.of("requested > " + String.join(" > ", chain)));
    }

    private String absent(Rich what) {
        String capability = capability(what);
        String others = pool.anyVersion(capability).stream()
                .map(candidate -> candidate.repo().name() + " has " + provided(candidate, capability))
                .distinct()
                .collect(Collectors.joining(", "));
        if (!others.isEmpty()) {
            return others;
        }
        Relation wanted = what instanceof Atom atom ? atom.relation() : Relation.of("(none)");
        return pool.excluded().stream()
                .filter(candidate -> candidate.provides(wanted))
                .findFirst()
                .map(candidate -> candidate + " is excluded")
                .orElse("no repository has it");
    }

    private static String provided(Candidate candidate, String capability) {
        return candidate.pkg().provides().stream()
                .filter(relation -> relation.name().equals(capability))
                .map(relation -> relation.evr() == null ? "it without a version" : capability + " " + relation.evr())
                .findFirst()
                .orElse(candidate.toString());
    }
}
