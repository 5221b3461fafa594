package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.core.internal.resolve.upgrade.Variable.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows a conflict back, from what made a term hold to why that was so, until only one term hangs on the last decision:
 * what then holds together is what was wrong, and can be learned. Not thread-safe.
 */
final class Analysis {

    /** A term of what is known to be impossible, and the step since which it holds. */
    private record Term(Variable variable, ValueSet set, Step since) {}

    private final IdentityHashMap<Variable, Term> terms = new IdentityHashMap<>();
    private final List<Incompatibility> from = new ArrayList<>();
    private List<Term> latestFirst = List.of();

    /** Begins with an incompatibility of which every term holds, and follows it back. */
    Analysis(Incompatibility conflict) {
        add(conflict, null);
        while (!terms.isEmpty()) {
            Term last = latest(null);
            Term second = terms.size() == 1 ? null : latest(last.variable());
            int before = second == null ? 0 : second.since().level();
            Incompatibility cause = last.since().cause();
            if (last.since().level() > 0
                    && (cause == null || before < last.since().level())) {
                latestFirst = second == null ? List.of(last) : List.of(last, second);
                return;
            }
            add(Objects.requireNonNull(cause, "nothing is decided on level 0"), last.variable());
        }
    }

    /** {@return the term that holds last, but for one variable} */
    private Term latest(@Nullable Variable but) {
        Term latest = null;
        for (Term term : terms.values()) {
            if (!term.variable().equals(but)
                    && (latest == null
                            || term.since().position() > latest.since().position())) {
                latest = term;
            }
        }
        return Objects.requireNonNull(latest);
    }

    /**
     * Adds another incompatibility. What both say about one variable is combined: whatever it is, one of them forbids the
     * rest. What they say about other variables has to hold for both.
     */
    private void add(Incompatibility other, @Nullable Variable about) {
        from.add(other);
        for (int i = 0; i < other.size(); i++) {
            Variable variable = other.variables[i];
            Term old = terms.get(variable);
            ValueSet set = other.sets[i];
            if (old != null) {
                set = variable == about ? old.set().or(set) : old.set().and(set);
            }
            if (set.isAll()) {
                terms.remove(variable);
            } else if (old == null || !old.set().equals(set)) {
                terms.put(variable, new Term(variable, set, variable.firstWithin(set)));
            }
        }
    }

    /** {@return what was learned: the terms that hold last come first; without any term when there is no answer} */
    Incompatibility learned() {
        List<Term> ordered = new ArrayList<>(latestFirst);
        terms.values().stream()
                .filter(term -> !latestFirst.contains(term))
                .sorted(Comparator.comparingInt((Term term) -> term.since().position())
                        .reversed())
                .forEach(ordered::add);
        return Incompatibility.learned(
                ordered.stream().map(Term::variable).toList(),
                ordered.stream().map(Term::set).toList(),
                from);
    }

    /** {@return the level on which all terms but the last held already} */
    int level() {
        return latestFirst.size() < 2 ? 0 : latestFirst.get(1).since().level();
    }
}
