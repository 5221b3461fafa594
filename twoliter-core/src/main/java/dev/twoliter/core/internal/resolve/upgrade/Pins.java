package dev.twoliter.core.internal.resolve.upgrade;

import java.util.Arrays;

/** Which version of one kit pins which version of another, as far as it has been read. Not thread-safe. */
final class Pins {

    final Variable from;
    final Variable to;
    private int[] pin = new int[8];
    private ValueSet known = ValueSet.NONE;

    Pins(Variable from, Variable to) {
        this.from = from;
        this.to = to;
    }

    void put(int value, int pinned) {
        if (value >= pin.length) {
            pin = Arrays.copyOf(pin, Math.max(value + 1, pin.length * 2));
        }
        pin[value] = pinned;
        known = known.or(ValueSet.of(value));
    }

    /** {@return what a version pins; 0 when nothing is known} */
    int of(int value) {
        return value < pin.length ? pin[value] : 0;
    }

    /** {@return the versions that are known to pin something} */
    ValueSet known() {
        return known;
    }

    /** {@return what these versions pin} */
    ValueSet targets(ValueSet values) {
        ValueSet[] result = {ValueSet.NONE};
        int[] last = {0};
        values.and(known).forEach(value -> {
            if (pin[value] != last[0]) {
                last[0] = pin[value];
                result[0] = result[0].or(ValueSet.of(last[0]));
            }
        });
        return result[0];
    }

    /** {@return the versions that pin one of these} */
    ValueSet into(ValueSet targets) {
        long[] words = new long[pin.length / 64 + 1];
        known.forEach(value -> {
            if (targets.contains(pin[value])) {
                words[value / 64] |= 1L << value;
            }
        });
        return ValueSet.ofWords(words);
    }
}
