package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kit that has one version in the end, or none; the one SDK; or the
 * label version that all kits have. Its values are numbers: 0 is "not in the set", the
 * others are versions in the order in which they were met, which for a kit that the project names is newest first. Not
 * thread-safe.
 */
final class Variable {

    /** What there is to agree on. */
    enum Kind {
        KIT,
        SDK,
        /** The number of the kits' label, which stands for what is inside their RPMs (newer-twoliter.md 3). */
        LABEL
    }

    /** One narrowing of a variable. */
    record Step(Variable variable, ValueSet after, @Nullable Incompatibility cause, int level, int position) {}

    final @Nullable Wanted wanted;
    final Kind kind;
    final List<Step> steps = new ArrayList<>();
    /** What the versions of this kit pin, by what is pinned; and who pins this. */
    final List<Pins> pins = new ArrayList<>();

    final List<Pins> pinned = new ArrayList<>();
    /** What is known of single values. */
    final List<Incompatibility> facts = new ArrayList<>();
    /** Learned, and watched for this variable. */
    List<Incompatibility> watched = new ArrayList<>();

    ValueSet read = ValueSet.NONE;
    int reads;
    private final List<ImageDependency> values = new ArrayList<>();
    private final Map<ImageDependency, Integer> numbers = new HashMap<>();

    Variable(@Nullable Wanted wanted, Kind kind) {
        this.wanted = wanted;
        this.kind = kind;
        if (wanted != null) {
            wanted.candidates().forEach(version -> number(wanted.at(version)));
        }
    }

    /** {@return the number of a version} */
    int number(ImageDependency value) {
        return numbers.computeIfAbsent(value, v -> {
            values.add(v);
            return values.size();
        });
    }

    ImageDependency value(int number) {
        return values.get(number - 1);
    }

    /** {@return what it still can be} */
    ValueSet domain() {
        return steps.isEmpty() ? ValueSet.ALL : steps.get(steps.size() - 1).after();
    }

    /** {@return whether it is known to be in the set, and in which version} */
    boolean isChosen() {
        ValueSet domain = domain();
        return domain.isSingle() && !domain.contains(0);
    }

    /** {@return the first step after which only these values were left; there is one} */
    Step firstWithin(ValueSet set) {
        int low = 0;
        int high = steps.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (steps.get(middle).after().isWithin(set)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return steps.get(low);
    }

    /** {@return the table of what this kit pins of another} */
    Pins pinsOf(Variable other) {
        for (Pins table : pins) {
            if (table.to == other) {
                return table;
            }
        }
        Pins table = new Pins(this, other);
        pins.add(table);
        other.pinned.add(table);
        return table;
    }
}
