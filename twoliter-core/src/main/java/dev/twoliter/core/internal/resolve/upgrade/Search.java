package dev.twoliter.core.internal.resolve.upgrade;

import dev.twoliter.api.ImageDependency;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A conflict-driven search (PubGrub's incompatibilities over sets of versions, CDCL's first unique implication point) for
 * the newest kits that fit together. A version's needs are read when the search gets to it, not before.
 *
 * <p>Kits are decided in the order of Twoliter.toml, each for its newest version that is left. Therefore the first answer
 * is the best one: when a kit was decided, every newer version of it had been excluded by propagation from decisions on
 * kits before it, which are part of the answer, and from incompatibilities that follow from the problem alone; so no
 * answer has the same versions of the kits before it and a newer one of this. By induction along the order it is the
 * greatest in lexicographic order. It ends, because each conflict excludes something for good.
 *
 * <p>One object searches once. Not thread-safe.
 */
final class Search {

    /** What came out. */
    sealed interface Outcome {}

    /** The best answer: the version of every kit in the set, those that the project names first; and the SDK. */
    record Found(List<ImageDependency> named, Optional<ImageDependency> sdk) implements Outcome {
        Found {
            named = List.copyOf(named);
        }
    }

    /** A proof that there is none. */
    record Refuted(Incompatibility proof) implements Outcome {}

    /** More conflicts than were allowed. */
    record Undecided() implements Outcome {}

    private static final int MOST_AT_ONCE = 8;

    private final Releases releases;
    private final Optional<SdkRule> rule;
    private final int mostConflicts;
    private final List<Variable> order = new ArrayList<>();
    private final Map<String, Variable> kits = new LinkedHashMap<>();
    private final Variable sdk = new Variable(null, Variable.Kind.SDK);
    private final Variable label = new Variable(null, Variable.Kind.LABEL);
    private final List<Variable.Step> trail = new ArrayList<>();
    private final Deque<Variable> changed = new ArrayDeque<>();
    private final Set<Variable> isChanged = new HashSet<>();
    /** Of which variables something was learned below level 0 that holds on every level. */
    private final Map<Variable, Integer> late = new LinkedHashMap<>();

    private int level;
    private int conflicts;
    private @Nullable Incompatibility conflict;

    Search(List<Wanted> wanted, Optional<SdkRule> rule, Releases releases, int mostConflicts) {
        this.releases = releases;
        this.rule = rule;
        this.mostConflicts = mostConflicts;
        for (Wanted kit : wanted) {
            Variable variable = new Variable(kit, Variable.Kind.KIT);
            order.add(variable);
            kits.put(key(kit.vendor(), kit.name()), variable);
        }
    }

    private static String key(String vendor, String name) {
        return vendor + "/" + name;
    }

    Outcome run() {
        for (Variable kit : order) {
            Wanted wanted = Objects.requireNonNull(kit.wanted);
            ValueSet rest = ValueSet.range(1, wanted.candidates().size()).not();
            remove(kit, rest, Incompatibility.of(kit, rest, new Incompatibility.Named(wanted)));
        }
        while (true) {
            propagate();
            Incompatibility found = conflict;
            if (found != null) {
                conflict = null;
                Incompatibility learned = learn(found);
                if (learned.size() == 0) {
                    return new Refuted(learned);
                }
                if (++conflicts > mostConflicts) {
                    return new Undecided();
                }
                continue;
            }
            if (readChosen()) {
                continue;
            }
            Optional<Variable> next =
                    order.stream().filter(kit -> !kit.isChosen()).findFirst();
            if (next.isPresent()) {
                decide(next.get());
            } else if (!readSdk()) {
                return new Found(
                        order.stream().map(Search::chosen).toList(),
                        sdk.isChosen() ? Optional.of(chosen(sdk)) : Optional.empty());
            }
        }
    }

    /** {@return how many conflicts there were} */
    int conflicts() {
        return conflicts;
    }

    private static ImageDependency chosen(Variable variable) {
        return variable.value(variable.domain().first());
    }

    // Decisions and reading

    private void decide(Variable kit) {
        int newest = kit.domain().first();
        if (!kit.read.contains(newest)) {
            // Where one version did not fit, the next ones may not either: so more and more are read ahead.
            List<ImageDependency> ahead = new ArrayList<>();
            kit.domain().minus(kit.read).forEach(value -> {
                if (ahead.size() < Math.min(MOST_AT_ONCE, Math.max(1, kit.reads))) {
                    ahead.add(kit.value(value));
                }
            });
            releases.expect(ahead);
            read(kit, newest);
            return;
        }
        level++;
        push(kit, ValueSet.of(newest), null);
    }

    /** Reads what is in the set for certain; returns whether there was anything to read. */
    private boolean readChosen() {
        List<Variable> unread = new ArrayList<>();
        for (Variable kit : kits.values()) {
            if (kit.isChosen() && !kit.read.contains(kit.domain().first())) {
                unread.add(kit);
            }
        }
        if (!unread.isEmpty()) {
            releases.expect(unread.stream().map(Search::chosen).toList());
            unread.forEach(kit -> read(kit, kit.domain().first()));
        }
        return !unread.isEmpty();
    }

    /** Reads the SDK; it comes last, because it is another one as long as kits change. */
    private boolean readSdk() {
        if (!sdk.isChosen() || sdk.read.contains(sdk.domain().first())) {
            return false;
        }
        int value = sdk.domain().first();
        sdk.read = sdk.read.or(ValueSet.of(value));
        if (releases.sdk(sdk.value(value)) instanceof Release.Unusable unusable) {
            forbid(sdk, value, new Incompatibility.Unusable(sdk, value, unusable.because()));
        }
        return true;
    }

    private void read(Variable kit, int value) {
        kit.read = kit.read.or(ValueSet.of(value));
        kit.reads++;
        Release release = releases.kit(kit.value(value));
        if (release instanceof Release.Unusable unusable) {
            forbid(kit, value, new Incompatibility.Unusable(kit, value, unusable.because()));
        } else if (release instanceof Release.Usable usable) {
            usable.needs().forEach(need -> pin(kit, value, need));
            usable.sdk().forEach(need -> pinSdk(kit, value, need));
            if (!usable.labels().isEmpty()) {
                kit.pinsOf(label).put(value, ValueSet.of(usable.labels()));
            }
        }
        learnedLate(kit);
    }

    private void pin(Variable kit, int value, ImageDependency need) {
        Variable other =
                kits.computeIfAbsent(key(need.vendor(), need.name()), k -> new Variable(null, Variable.Kind.KIT));
        if (other == kit) {
            if (!need.equals(kit.value(value))) {
                forbid(kit, value, new Incompatibility.Unusable(kit, value, "it needs itself as " + need.version()));
            }
            return;
        }
        Pins table = kit.pinsOf(other);
        int number = other.number(need);
        if (table.isOther(value, number)) {
            forbid(
                    kit,
                    value,
                    new Incompatibility.Unusable(
                            kit,
                            value,
                            "it needs two versions of " + need.name() + ", "
                                    + other.value(table.of(value).first()).version() + " and "
                                    + need.version()));
            return;
        }
        table.put(value, number);
    }

    private void pinSdk(Variable kit, int value, ImageDependency need) {
        int number = sdk.number(need);
        kit.pinsOf(sdk).put(value, number);
        rule.filter(r -> !r.allows(need))
                .filter(r -> sdk.facts.stream().noneMatch(fact -> fact.sets[0].contains(number)))
                .ifPresent(r -> forbid(sdk, number, new Incompatibility.OtherSdk(r)));
    }

    private void forbid(Variable variable, int value, Incompatibility.Cause cause) {
        variable.facts.add(Incompatibility.of(variable, ValueSet.of(value), cause));
        learnedLate(variable);
    }

    /** What was read holds on every level, but has been followed up on this one only. */
    private void learnedLate(Variable variable) {
        touch(variable);
        if (level > 0) {
            late.put(variable, level);
        }
    }

    // Propagation

    private void touch(Variable variable) {
        if (isChanged.add(variable)) {
            changed.add(variable);
        }
    }

    private void propagate() {
        while (conflict == null && !changed.isEmpty()) {
            Variable variable = changed.remove();
            isChanged.remove(variable);
            for (Incompatibility fact : variable.facts) {
                remove(variable, fact.sets[0], fact);
            }
            for (Pins table : variable.pins) {
                narrow(table);
            }
            for (Pins table : variable.pinned) {
                narrow(table);
            }
            visitWatched(variable);
        }
        changed.clear();
        isChanged.clear();
    }

    /** Removes the versions whose pin is no longer possible, and the targets that no version left pins. */
    private void narrow(Pins table) {
        if (conflict != null || !table.from.domain().meets(table.known())) {
            return;
        }
        ValueSet impossible = table.impossible(table.from.domain(), table.to.domain());
        if (!impossible.isEmpty()) {
            ValueSet targets = table.targets(impossible);
            ValueSet versions = table.into(targets);
            remove(table.from, versions, Incompatibility.pinned(table, versions, targets));
        }
        ValueSet left = table.from.domain();
        if (conflict == null && left.isWithin(table.known())) {
            ValueSet targets = table.targets(left);
            if (!table.to.domain().isWithin(targets)) {
                remove(table.to, targets.not(), Incompatibility.pinned(table, table.into(targets), targets));
            }
        }
    }

    private void visitWatched(Variable variable) {
        List<Incompatibility> before = variable.watched;
        List<Incompatibility> kept = new ArrayList<>(before.size());
        variable.watched = kept;
        for (Incompatibility one : before) {
            if (conflict != null || !moves(one, variable)) {
                kept.add(one);
            }
        }
    }

    /** Follows an incompatibility up; returns whether it is watched elsewhere now. */
    private boolean moves(Incompatibility one, Variable variable) {
        boolean first = one.variables[one.watchedFirst] == variable;
        int mine = first ? one.watchedFirst : one.watchedSecond;
        int other = first ? one.watchedSecond : one.watchedFirst;
        if (!holds(one, mine) || !one.variables[other].domain().meets(one.sets[other])) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (i != mine && i != other && !holds(one, i)) {
                if (first) {
                    one.watchedFirst = i;
                } else {
                    one.watchedSecond = i;
                }
                one.variables[i].watched.add(one);
                return true;
            }
        }
        remove(one.variables[other], one.sets[other], one);
        return false;
    }

    private static boolean holds(Incompatibility one, int term) {
        return one.variables[term].domain().isWithin(one.sets[term]);
    }

    private void remove(Variable variable, ValueSet values, Incompatibility cause) {
        ValueSet domain = variable.domain();
        if (conflict != null || !domain.meets(values)) {
            return;
        }
        ValueSet left = domain.minus(values);
        if (left.isEmpty()) {
            conflict = cause;
            return;
        }
        push(variable, left, cause);
    }

    private void push(Variable variable, ValueSet left, @Nullable Incompatibility cause) {
        Variable.Step step = new Variable.Step(variable, left, cause, level, trail.size());
        trail.add(step);
        variable.steps.add(step);
        touch(variable);
    }

    // Learning

    /**
     * Follows a conflict back to the one step on its level that it hangs on, and goes back to where what was learned would
     * have prevented it.
     *
     * @return what was learned; without any term when there is no answer
     */
    private Incompatibility learn(Incompatibility found) {
        Analysis analysis = new Analysis(found);
        Incompatibility learned = analysis.learned();
        if (learned.size() > 0) {
            backTo(analysis.level());
            if (learned.size() > 1) {
                learned.watchedSecond = 1;
                learned.variables[0].watched.add(learned);
                learned.variables[1].watched.add(learned);
            }
            remove(learned.variables[0], learned.sets[0], learned);
        }
        return learned;
    }

    private void backTo(int earlier) {
        level = earlier;
        while (!trail.isEmpty() && trail.get(trail.size() - 1).level() > earlier) {
            Variable.Step undone = trail.remove(trail.size() - 1);
            List<Variable.Step> steps = undone.variable().steps;
            steps.remove(steps.size() - 1);
        }
        late.replaceAll((variable, learned) -> {
            if (learned > earlier) {
                touch(variable);
                return earlier;
            }
            return learned;
        });
        late.values().removeIf(learned -> learned == 0);
    }
}
