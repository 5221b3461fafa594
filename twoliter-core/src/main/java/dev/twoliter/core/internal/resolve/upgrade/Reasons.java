package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.Learned;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.Named;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.OtherSdk;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.Pinned;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.Unusable;
import dev.twoliter.core.internal.resolve.upgrade.Variable.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The facts that a proof rests on, in words. How they were combined is left out: the facts about a kit together, and after
 * them those about the kits that it needs, are what a maintainer can check. Not thread-safe.
 */
final class Reasons {

    private static final int MOST_GROUPS = 3;
    private static final int MOST_JOINED = 6;

    private final Set<Wanted> named = new LinkedHashSet<>();
    private final Map<Pins, ValueSet> pinned = new LinkedHashMap<>();
    private final List<Unusable> unusable = new ArrayList<>();
    private final Set<SdkRule> rules = new LinkedHashSet<>();

    Reasons(Incompatibility proof) {
        Set<Incompatibility> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Incompatibility> open = new ArrayDeque<>(List.of(proof));
        while (!open.isEmpty()) {
            Incompatibility one = open.remove();
            if (!seen.add(one)) {
                continue;
            }
            if (one.cause instanceof Learned learned) {
                open.addAll(learned.from());
            } else if (one.cause instanceof Pinned fact) {
                pinned.merge(fact.table(), fact.versions(), ValueSet::or);
            } else if (one.cause instanceof Named fact) {
                named.add(fact.wanted());
            } else if (one.cause instanceof Unusable fact) {
                unusable.add(fact);
            } else if (one.cause instanceof OtherSdk fact) {
                rules.add(fact.rule());
            }
        }
    }

    /** {@return whether the proof needs it that this kit is in the set} */
    boolean names(Wanted kit) {
        return named.stream().anyMatch(kit::isSameKit);
    }

    /** {@return a message of clauses; where there are many, of the first ones} */
    static String joined(List<String> clauses) {
        if (clauses.size() <= MOST_JOINED) {
            return String.join("; ", clauses);
        }
        return String.join("; ", clauses.subList(0, MOST_JOINED)) + "; and " + (clauses.size() - MOST_JOINED)
                + " more reasons";
    }

    /**
     * {@return one clause for each fact, in an order that can be followed}
     *
     * @param order the kits that the project names, the one that it is about first
     */
    List<String> inWords(List<Wanted> order) {
        List<String> words = new ArrayList<>();
        Set<Variable> told = new LinkedHashSet<>();
        for (Wanted kit : order) {
            pinned.keySet().stream()
                    .map(table -> table.from)
                    .filter(from -> from.wanted != null && from.wanted.isSameKit(kit))
                    .forEach(from -> tell(from, told, words));
        }
        pinned.keySet().forEach(table -> tell(table.from, told, words));
        if (pinned.keySet().stream().anyMatch(table -> table.to.kind == Kind.LABEL)) {
            words.add("kits of different label versions cannot be mixed");
        }
        unusable.stream()
                .map(fact -> shown(fact.variable().value(fact.value()), fact.variable()) + " cannot be used: "
                        + fact.because())
                .sorted()
                .forEach(words::add);
        rules.forEach(
                rule -> words.add("Twoliter.toml has SDK " + rule.written().name() + " "
                        + rule.written().version() + " of " + rule.written().vendor()
                        + (rule.mayRise() ? ", which is not lowered or replaced by another" : "")));
        order.stream()
                .flatMap(kit -> named.stream().filter(kit::isSameKit))
                .filter(kit -> !kit.rule().isEmpty() && (kit.told() || isTarget(kit)))
                .map(Wanted::rule)
                .forEach(words::add);
        return words.isEmpty() ? List.of("there is nothing to choose from") : words;
    }

    private boolean isTarget(Wanted kit) {
        return pinned.keySet().stream().anyMatch(table -> table.to.wanted != null && table.to.wanted.isSameKit(kit));
    }

    private void tell(Variable kit, Set<Variable> told, List<String> words) {
        if (!told.add(kit)) {
            return;
        }
        List<Pins> tables =
                pinned.keySet().stream().filter(table -> table.from == kit).toList();
        tables.forEach(table -> sentence(table).forEach(words::add));
        tables.stream()
                .map(table -> table.to)
                .filter(other -> other.wanted == null)
                .forEach(other -> tell(other, told, words));
    }

    /** {@return what versions of one kit need of another, such as {@code app-kit 2.0.0 needs base-kit 1.1.0}} */
    private Stream<String> sentence(Pins table) {
        List<Integer> versions = new ArrayList<>();
        relevant(table.from, pinned.getOrDefault(table, ValueSet.NONE)).forEach(versions::add);
        versions.sort(
                Comparator.comparing((Integer value) -> table.from.value(value).version())
                        .reversed());
        Map<ValueSet, List<Integer>> groups = new LinkedHashMap<>();
        versions.forEach(version -> groups.computeIfAbsent(table.of(version), target -> new ArrayList<>())
                .add(version));
        if (groups.isEmpty()) {
            return Stream.empty();
        }
        StringBuilder text = new StringBuilder(table.from.value(versions.get(0)).name());
        // One more would be said in fewer words than that there is one more.
        int most = groups.size() > MOST_GROUPS + 1 ? MOST_GROUPS : groups.size();
        int shown = 0;
        int told = 0;
        String before = "";
        for (Map.Entry<ValueSet, List<Integer>> group : groups.entrySet()) {
            List<Integer> same = group.getValue();
            if (shown == most) {
                text.append(", and ").append(versions.size() - told).append(" other versions need others");
                break;
            }
            text.append(told == 0 ? " " : ", ").append(list(table.from, same));
            if (table.to.kind == Kind.LABEL) {
                text.append(same.size() == 1 ? " has" : " have").append(told == 0 ? " label version " : " ");
                text.append(labels(group.getKey()));
            } else {
                ImageDependency target = table.to.value(group.getKey().first());
                text.append(same.size() == 1 ? " needs " : " need ")
                        .append(target.name().equals(before) ? target.version() : shown(target, table.to));
                before = target.name();
            }
            told += same.size();
            shown++;
        }
        return Stream.of(text.toString());
    }

    private static String labels(ValueSet numbers) {
        List<String> words = new ArrayList<>();
        numbers.forEach(number -> words.add("v" + number));
        return String.join(" or ", words);
    }

    /** Of a kit that others bring, only the versions that they bring here. */
    private ValueSet relevant(Variable kit, ValueSet values) {
        if (kit.wanted != null) {
            return values.and(ValueSet.range(1, kit.wanted.candidates().size()));
        }
        ValueSet brought = ValueSet.NONE;
        for (Map.Entry<Pins, ValueSet> one : pinned.entrySet()) {
            if (one.getKey().to == kit) {
                brought = brought.or(one.getKey().targets(one.getValue()));
            }
        }
        return brought.isEmpty() ? values : values.and(brought);
    }

    private static String shown(ImageDependency image, Variable variable) {
        return (variable.kind == Kind.SDK ? "SDK " : "") + image.name() + " " + image.version();
    }

    /** {@return versions in words; the list is sorted, the newest first} */
    private static String list(Variable kit, List<Integer> versions) {
        int count = versions.size();
        int newest = versions.get(0);
        int oldest = versions.get(count - 1);
        String last = kit.value(newest).version().toString();
        String first = kit.value(oldest).version().toString();
        if (count == 1) {
            return last;
        }
        if (count == 2) {
            return first + " and " + last;
        }
        boolean unbroken = kit.wanted != null && oldest - newest == count - 1;
        return unbroken ? first + " to " + last : last + " and " + (count - 1) + " other versions";
    }
}
