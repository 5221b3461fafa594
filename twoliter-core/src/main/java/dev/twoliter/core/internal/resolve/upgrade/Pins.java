package dev.twoliter.core.internal.resolve.upgrade;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which versions of one kit pin which values of something else, as far as they have been read: one version of another kit
 * or of the SDK, or one of several label versions. Not thread-safe.
 */
final class Pins {

    private static final int NOTHING = 0;
    private static final int SEVERAL = -1;

    final Variable from;
    final Variable to;
    private int[] pin = new int[16];
    private final Map<Integer, ValueSet> several = new HashMap<>();
    private ValueSet known = ValueSet.NONE;

    Pins(Variable from, Variable to) {
        this.from = from;
        this.to = to;
    }

    /** Says that a version pins one value, 1 or more. */
    void put(int value, int target) {
        if (value >= pin.length) {
            pin = Arrays.copyOf(pin, Math.max(value + 1, pin.length * 2));
        }
        pin[value] = target;
        known = known.or(ValueSet.of(value));
    }

    /** Says that a version pins one of several values. */
    void put(int value, ValueSet targets) {
        put(value, SEVERAL);
        several.put(value, targets);
    }

    /** {@return whether a version is known to pin something else than a value} */
    boolean isOther(int value, int target) {
        return value < pin.length && pin[value] != NOTHING && pin[value] != target;
    }

    /** {@return what a version pins, of which one must be; nothing when it is not known} */
    ValueSet of(int value) {
        return pin[value] == SEVERAL
                ? several.getOrDefault(value, ValueSet.NONE)
                : pin[value] == NOTHING ? ValueSet.NONE : ValueSet.of(pin[value]);
    }

    /** {@return the versions that are known to pin something} */
    ValueSet known() {
        return known;
    }

    /** {@return what these versions pin, all together} */
    ValueSet targets(ValueSet values) {
        ValueSet.Collector targets = new ValueSet.Collector();
        values.and(known).forEach(value -> {
            if (pin[value] == SEVERAL) {
                of(value).forEach(targets::add);
            } else {
                targets.add(pin[value]);
            }
        });
        return targets.collected();
    }

    /** {@return those of some versions that pin nothing of what is left} */
    ValueSet impossible(ValueSet values, ValueSet left) {
        ValueSet.Collector impossible = new ValueSet.Collector();
        values.and(known).forEach(value -> {
            if (pin[value] == SEVERAL ? !of(value).meets(left) : !left.contains(pin[value])) {
                impossible.add(value);
            }
        });
        return impossible.collected();
    }

    /** {@return the versions that pin nothing but these} */
    ValueSet into(ValueSet some) {
        ValueSet.Collector into = new ValueSet.Collector();
        known.forEach(value -> {
            if (pin[value] == SEVERAL ? of(value).isWithin(some) : some.contains(pin[value])) {
                into.add(value);
            }
        });
        return into.collected();
    }
}
