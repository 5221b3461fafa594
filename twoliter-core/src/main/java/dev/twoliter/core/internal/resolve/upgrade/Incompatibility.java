package dev.twoliter.core.internal.resolve.upgrade;

import java.util.List;

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

    /** Says what follows from others. */
    static Incompatibility learned(List<Variable> variables, List<ValueSet> sets, List<Incompatibility> from) {
        return new Incompatibility(variables, sets, new Learned(List.copyOf(from)));
    }
}
