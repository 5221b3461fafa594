package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.Learned;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.Named;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.OtherSdk;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.Pinned;
import dev.twoliter.core.internal.resolve.upgrade.Incompatibility.Unusable;
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
        return named.stream()
                .anyMatch(one -> one.name().equals(kit.name()) && one.vendor().equals(kit.vendor()));
    }

    /** {@return a message of clauses; where there are many, of the first ones} */
    static String joined(List<String> clauses) {
        if (clauses.size() <= MOST_JOINED) {
            return String.join("; ", clauses);
        }
        return String.join("; ", clauses.subList(0, MOST_JOINED)) + "; and " + (clauses.size() - MOST_JOINED)
                + " more reasons";
    }

    /** {@return one clause for each fact, in an order that can be followed} */
    List<String> inWords() {
        List<String> words = new ArrayList<>();
        Set<Variable> told = new LinkedHashSet<>();
        pinned.keySet().stream()
                .map(table -> table.from)
                .filter(kit -> kit.wanted != null)
                .sorted(Comparator.comparingInt(this::place))
                .forEach(kit -> tell(kit, told, words));
        pinned.keySet().forEach(table -> tell(table.from, told, words));
        unusable.stream()
                .map(fact -> shown(fact.variable().value(fact.value()), fact.variable()) + " cannot be used: "
                        + fact.because())
                .sorted()
                .forEach(words::add);
        rules.forEach(
                rule -> words.add("Twoliter.toml has SDK " + rule.written().name() + " "
                        + rule.written().version() + " of " + rule.written().vendor()
                        + (rule.mayRise() ? ", which is not lowered or replaced by another" : "")));
        named.stream()
                .filter(kit -> !kit.rule().isEmpty() && (kit.told() || isTarget(kit)))
                .map(Wanted::rule)
                .forEach(words::add);
        return words.isEmpty() ? List.of("there is nothing to choose from") : words;
    }

    private int place(Variable kit) {
        int i = 0;
        for (Wanted one : named) {
            if (one == kit.wanted) {
                return one.candidates().size() == 1 ? i - named.size() : i;
            }
            i++;
        }
        return i;
    }

    private boolean isTarget(Wanted kit) {
        return pinned.keySet().stream().anyMatch(table -> table.to.wanted == kit);
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
        Map<Integer, List<ImageDependency>> groups = new LinkedHashMap<>();
        List<ImageDependency> versions = new ArrayList<>();
        Map<ImageDependency, Integer> targets = new LinkedHashMap<>();
        relevant(table.from, pinned.getOrDefault(table, ValueSet.NONE)).forEach(value -> {
            versions.add(table.from.value(value));
            targets.put(table.from.value(value), table.of(value));
        });
        versions.sort(Comparator.comparing(ImageDependency::version).reversed());
        versions.forEach(
                version -> groups.computeIfAbsent(targets.getOrDefault(version, 0), target -> new ArrayList<>())
                        .add(version));
        if (groups.isEmpty()) {
            return Stream.empty();
        }
        StringBuilder text = new StringBuilder(table.from.isSdk ? "SDK " : "")
                .append(versions.get(0).name());
        int shown = 0;
        int told = 0;
        String before = "";
        for (Map.Entry<Integer, List<ImageDependency>> group : groups.entrySet()) {
            if (shown == MOST_GROUPS) {
                text.append(", and ").append(versions.size() - told).append(" other versions need others");
                break;
            }
            ImageDependency target = table.to.value(group.getKey());
            text.append(shown == 0 ? " " : ", ")
                    .append(list(table.from, group.getValue()))
                    .append(group.getValue().size() == 1 ? " needs " : " need ")
                    .append(target.name().equals(before) ? target.version() : shown(target, table.to));
            before = target.name();
            told += group.getValue().size();
            shown++;
        }
        return Stream.of(text.toString());
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
        return (variable.isSdk ? "SDK " : "") + image.name() + " " + image.version();
    }

    /** {@return versions in words; the list is sorted, the newest first} */
    private static String list(Variable kit, List<ImageDependency> versions) {
        int count = versions.size();
        String newest = versions.get(0).version().toString();
        String oldest = versions.get(count - 1).version().toString();
        if (count == 1) {
            return newest;
        }
        if (count == 2) {
            return oldest + " and " + newest;
        }
        boolean all = kit.number(versions.get(count - 1)) - kit.number(versions.get(0)) == count - 1;
        return kit.wanted != null && all
                ? oldest + " to " + newest
                : newest + " and " + (count - 1) + " other versions";
    }
}
