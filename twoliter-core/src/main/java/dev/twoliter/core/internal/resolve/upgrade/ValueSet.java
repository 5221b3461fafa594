package dev.twoliter.core.internal.resolve.upgrade;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of the numbers from 0, finite or with a finite complement: the values of a {@link Variable} are met one by one,
 * and "all but these" has to mean those as well that nobody has met yet. Immutable, thread-safe.
 */
final class ValueSet {

    static final ValueSet NONE = new ValueSet(new long[0], false);
    static final ValueSet ALL = new ValueSet(new long[0], true);

    private final long[] words;
    /** Whether everything beyond the words is in the set. */
    private final boolean tail;

    private ValueSet(long[] words, boolean tail) {
        int length = words.length;
        while (length > 0 && words[length - 1] == fill(tail)) {
            length--;
        }
        this.words = length == words.length ? words : Arrays.copyOf(words, length);
        this.tail = tail;
    }

    private static long fill(boolean tail) {
        return tail ? -1L : 0L;
    }

    static ValueSet of(int value) {
        long[] words = new long[value / 64 + 1];
        words[value / 64] = 1L << value;
        return new ValueSet(words, false);
    }

    static ValueSet of(Collection<Integer> values) {
        Collector collector = new Collector();
        values.forEach(collector::add);
        return collector.collected();
    }

    /** {@return the numbers from one to the other, both included} */
    static ValueSet range(int from, int to) {
        Collector collector = new Collector();
        for (int value = from; value <= to; value++) {
            collector.add(value);
        }
        return collector.collected();
    }

    /** Puts a finite set together. Not thread-safe. */
    static final class Collector {
        private long[] words = new long[4];

        void add(int value) {
            if (value / 64 >= words.length) {
                words = Arrays.copyOf(words, Math.max(value / 64 + 1, words.length * 2));
            }
            words[value / 64] |= 1L << value;
        }

        ValueSet collected() {
            return new ValueSet(words.clone(), false);
        }
    }

    private long word(int i) {
        return i < words.length ? words[i] : fill(tail);
    }

    ValueSet not() {
        long[] result = new long[words.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = ~words[i];
        }
        return new ValueSet(result, !tail);
    }

    ValueSet and(ValueSet other) {
        long[] result = new long[Math.max(words.length, other.words.length)];
        for (int i = 0; i < result.length; i++) {
            result[i] = word(i) & other.word(i);
        }
        return new ValueSet(result, tail && other.tail);
    }

    ValueSet or(ValueSet other) {
        long[] result = new long[Math.max(words.length, other.words.length)];
        for (int i = 0; i < result.length; i++) {
            result[i] = word(i) | other.word(i);
        }
        return new ValueSet(result, tail || other.tail);
    }

    ValueSet minus(ValueSet other) {
        long[] result = new long[Math.max(words.length, other.words.length)];
        for (int i = 0; i < result.length; i++) {
            result[i] = word(i) & ~other.word(i);
        }
        return new ValueSet(result, tail && !other.tail);
    }

    boolean contains(int value) {
        return (word(value / 64) >>> value & 1) != 0;
    }

    boolean isEmpty() {
        return words.length == 0 && !tail;
    }

    boolean isAll() {
        return words.length == 0 && tail;
    }

    boolean isWithin(ValueSet other) {
        if (tail && !other.tail) {
            return false;
        }
        for (int i = Math.max(words.length, other.words.length) - 1; i >= 0; i--) {
            if ((word(i) & ~other.word(i)) != 0) {
                return false;
            }
        }
        return true;
    }

    boolean meets(ValueSet other) {
        if (tail && other.tail) {
            return true;
        }
        for (int i = Math.max(words.length, other.words.length) - 1; i >= 0; i--) {
            if ((word(i) & other.word(i)) != 0) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether there is exactly one value} */
    boolean isSingle() {
        if (tail) {
            return false;
        }
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count == 1;
    }

    /** {@return the least value} */
    int first() {
        for (int i = 0; i <= words.length; i++) {
            if (word(i) != 0) {
                return i * 64 + Long.numberOfTrailingZeros(word(i));
            }
        }
        throw new IllegalStateException("an empty set has no first value");
    }

    /** Visits a finite set in order. */
    void forEach(IntConsumer visitor) {
        for (int i = 0; i < words.length; i++) {
            for (long rest = words[i]; rest != 0; rest &= rest - 1) {
                visitor.accept(i * 64 + Long.numberOfTrailingZeros(rest));
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ValueSet set && tail == set.tail && Arrays.equals(words, set.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words) * 2 + (tail ? 1 : 0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(tail ? "all but {" : "{");
        (tail ? not() : this).forEach(value -> text.append(' ').append(value));
        return text.append(" }").toString();
    }
}
