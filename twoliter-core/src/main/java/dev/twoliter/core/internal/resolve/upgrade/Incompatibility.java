package dev.twoliter.core.internal.resolve.upgrade;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Things that cannot all be so at once: "this kit is one of these, and that kit is one of those". Immutable but for what
 * is watched.
 */
final class Incompatibility {

    /** Why it is so. */
    sealed interface Cause {}

    /** These versions pin those; so the other kit is none but those. */
    record Pinned(Pins table, ValueSet versions) implements Cause {}

    /** The project names the kit, and only its candidates may be chosen. */
    record Named(Wanted wanted) implements Cause {}

    /** One version cannot be used. */
    record Unusable(Variable variable, int value, String because) implements Cause {}

    /** An SDK is not the one that the project names. */
    record OtherSdk(SdkRule rule) implements Cause {}

    /** It follows from others. */
    record Learned(List<Incompatibility> from) implements Cause {}

    final Variable[] variables;
    final ValueSet[] sets;
    final Cause cause;
    /** The two terms that are looked at when something changes; as long as neither holds, nothing follows. */
    int watchedFirst;

    int watchedSecond;

    private Incompatibility(List<Variable> variables, List<ValueSet> sets, Cause cause) {
        this.variables = variables.toArray(Variable[]::new);
        this.sets = sets.toArray(ValueSet[]::new);
        this.cause = cause;
    }

    static Incompatibility of(Variable variable, ValueSet set, Cause cause) {
        return new Incompatibility(List.of(variable), List.of(set), cause);
    }

    static Incompatibility pinned(Pins table, ValueSet versions, ValueSet targets) {
        return new Incompatibility(
                List.of(table.from, table.to), List.of(versions, targets.not()), new Pinned(table, versions));
    }

    int size() {
        return variables.length;
    }

    /** {@return the set of a variable; null when it does not matter} */
    @Nullable
    ValueSet of(Variable variable) {
        for (int i = 0; i < variables.length; i++) {
            if (variables[i] == variable) {
                return sets[i];
            }
        }
        return null;
    }

    /**
     * Combines two that each leave a variable something else: whatever the variable is, one of them forbids the rest.
     *
     * @param other the other one
     * @param about the variable that both speak of
     * @return what both forbid together
     */
    Incompatibility resolve(Incompatibility other, Variable about) {
        Map<Variable, ValueSet> terms = new LinkedHashMap<>();
        for (int i = 0; i < variables.length; i++) {
            terms.put(variables[i], sets[i]);
        }
        for (int i = 0; i < other.variables.length; i++) {
            ValueSet set = other.sets[i];
            terms.merge(other.variables[i], set, other.variables[i] == about ? ValueSet::or : ValueSet::and);
        }
        List<Variable> left = new ArrayList<>();
        List<ValueSet> leftSets = new ArrayList<>();
        terms.forEach((variable, set) -> {
            if (!set.isAll()) {
                left.add(variable);
                leftSets.add(set);
            }
        });
        return new Incompatibility(left, leftSets, cause);
    }

    /** {@return the same, because of these} */
    Incompatibility learnedFrom(List<Incompatibility> from) {
        return new Incompatibility(List.of(variables), List.of(sets), new Learned(List.copyOf(from)));
    }
}
