package dev.twoliter.core.internal.resolve.upgrade;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of one kit pin which values of something else, as far as they have been read: one version of another kit
 * or of the SDK, or one of several label versions. Not thread-safe.
 */
final class Pins {

    final Variable from;
    final Variable to;
    private final List<@Nullable ValueSet> targets = new ArrayList<>();
    private ValueSet known = ValueSet.NONE;

    Pins(Variable from, Variable to) {
        this.from = from;
        this.to = to;
    }

    void put(int value, ValueSet target) {
        while (targets.size() <= value) {
            targets.add(null);
        }
        targets.set(value, target);
        known = known.or(ValueSet.of(value));
    }

    /** {@return what a version pins, of which one must be; it is known} */
    ValueSet of(int value) {
        return Objects.requireNonNull(targets.get(value));
    }

    /** {@return the versions that are known to pin something} */
    ValueSet known() {
        return known;
    }

    /** {@return what these versions pin, all together} */
    ValueSet targets(ValueSet values) {
        ValueSet[] result = {ValueSet.NONE};
        values.and(known).forEach(value -> {
            if (!of(value).isWithin(result[0])) {
                result[0] = result[0].or(of(value));
            }
        });
        return result[0];
    }

    /** {@return those of some versions that pin nothing of what is left} */
    ValueSet impossible(ValueSet values, ValueSet left) {
        long[] words = new long[targets.size() / 64 + 1];
        values.and(known).forEach(value -> {
            if (!of(value).meets(left)) {
                words[value / 64] |= 1L << value;
            }
        });
        return ValueSet.ofWords(words);
    }

    /** {@return the versions that pin nothing but these} */
    ValueSet into(ValueSet some) {
        long[] words = new long[targets.size() / 64 + 1];
        known.forEach(value -> {
            if (of(value).isWithin(some)) {
                words[value / 64] |= 1L << value;
            }
        });
        return ValueSet.ofWords(words);
    }
}
