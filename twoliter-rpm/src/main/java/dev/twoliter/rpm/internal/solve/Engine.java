package dev.twoliter.rpm.internal.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Decides variables, follows what rules make of that, and learns a rule from each contradiction: the satisfiability
 * solver (conflict-driven clause learning with two watched literals) below {@link Search}. It chooses nothing itself.
 * The order in which it visits rules is libsolv's, since what it learns, and so the answer, depends on it. Used once.
 */
final class Engine {
    /** Stands for "no rule": a decision that was free. */
    static final int FREE = 0;

    /** Is told when decisions are taken back. */
    interface Listener {
        /**
         * Says that no decision above a level stands any more.
         *
         * @param level the level
         * @param decisions how many decisions are left
         */
        void reverted(int level, int decisions);
    }

    private final int variables;
    private final List<Rule> rules = new ArrayList<>();
    private final int given;
    private final List<int[]> premises = new ArrayList<>(); // of the learned rules

    // By literal, moved up by the number of variables: the first rule of a list that goes on in next1 and next2.
    private final int[] watching;
    private int[] watch1;
    private int[] watch2;
    private int[] next1;
    private int[] next2;

    private final int[] levels; // by variable; negative for those that are decided against
    private final IntList decisions = new IntList();
    private final IntList reasons = new IntList();
    private int propagated;
    private Listener listener = (level, count) -> {};

    /**
     * Makes an engine.
     *
     * @param variables how many there are; they count from 1
     * @param given the rules, which count from 1 too
     */
    Engine(int variables, List<Rule> given) {
        this.variables = variables;
        this.given = given.size();
        rules.add(new Rule(new int[] {0}, Rule.LEARNED)); // rules count from 1
        rules.addAll(given);
        watching = new int[2 * variables + 1];
        levels = new int[variables + 1];
        watch1 = new int[rules.size()];
        watch2 = new int[rules.size()];
        next1 = new int[rules.size()];
        next2 = new int[rules.size()];
        for (int rule = this.given; rule >= 1; rule--) {
            int[] literals = rules.get(rule).literals();
            if (literals.length > 1) {
                watch(rule, literals[0], literals[1]);
            }
        }
    }

    void listen(Listener toReverts) {
        listener = toReverts;
    }

    private void watch(int rule, int first, int second) {
        watch1[rule] = first;
        next1[rule] = watching[variables + first];
        watching[variables + first] = rule;
        watch2[rule] = second;
        next2[rule] = watching[variables + second];
        watching[variables + second] = rule;
    }

    /** {@return the number of the last rule} */
    int lastRule() {
        return rules.size() - 1;
    }

    Rule rule(int number) {
        return rules.get(number);
    }

    boolean isChosen(int variable) {
        return levels[variable] > 0;
    }

    boolean isOpen(int variable) {
        return levels[variable] == 0;
    }

    /** {@return the level at which a variable was chosen; negative for one decided against, 0 for an open one} */
    int level(int variable) {
        return levels[variable];
    }

    private boolean isTrue(int literal) {
        return literal > 0 ? levels[literal] > 0 : levels[-literal] < 0;
    }

    private boolean isFalse(int literal) {
        return literal > 0 ? levels[literal] < 0 : levels[-literal] > 0;
    }

    /** {@return the decisions so far, as literals} */
    IntList decisions() {
        return decisions;
    }

    private void assign(int literal, int level, int reason) {
        levels[Math.abs(literal)] = literal > 0 ? level : -level;
        decisions.add(literal);
        reasons.add(reason);
    }

    /**
     * Follows the rules of one literal.
     *
     * @throws ContradictionException if they contradict each other
     */
    void begin() {
        for (int rule = 1; rule < rules.size(); rule++) {
            if (!rules.get(rule).isAssertion()) {
                continue;
            }
            int literal = rules.get(rule).literals()[0];
            if (isFalse(literal)) {
                throw contradiction(rule);
            }
            if (!isTrue(literal)) {
                assign(literal, 1, rule);
            }
        }
        int conflict = propagate(1);
        if (conflict != 0) {
            throw contradiction(conflict);
        }
    }

    /**
     * Decides an open literal and follows the rules; steps back and learns as long as that leads to a contradiction.
     *
     * @param level the level so far
     * @param literal the literal
     * @return the level that was reached: one more, or less when it stepped back
     * @throws ContradictionException if the rules cannot be satisfied
     */
    int decide(int level, int literal) {
        int reached = level + 1;
        assign(literal, reached, FREE);
        while (true) {
            int conflict = propagate(reached);
            if (conflict == 0) {
                return reached;
            }
            if (reached == 1) {
                throw contradiction(conflict);
            }
            reached = learn(reached, conflict);
        }
    }

    /** Returns a rule that cannot be satisfied any more, or 0. */
    private int propagate(int level) {
        while (propagated < decisions.size()) {
            int conflict = follow(-decisions.get(propagated++), level);
            if (conflict != 0) {
                return conflict;
            }
        }
        return 0;
    }

    /** Visits the rules that watch a literal which has just become false. */
    private int follow(int falsified, int level) {
        int before = 0;
        int rule = watching[variables + falsified];
        while (rule != 0) {
            boolean isFirst = watch1[rule] == falsified;
            int other = isFirst ? watch2[rule] : watch1[rule];
            int after = isFirst ? next1[rule] : next2[rule];
            if (!isTrue(other)) {
                int[] literals = rules.get(rule).literals();
                int replacement = literals.length > 2 ? replacement(literals, other) : 0;
                if (replacement != 0) {
                    unlink(falsified, before, after);
                    if (isFirst) {
                        watch1[rule] = replacement;
                        next1[rule] = watching[variables + replacement];
                    } else {
                        watch2[rule] = replacement;
                        next2[rule] = watching[variables + replacement];
                    }
                    watching[variables + replacement] = rule;
                    rule = after;
                    continue;
                }
                if (isFalse(other)) {
                    return rule;
                }
                assign(other, level, rule);
            }
            before = rule;
            rule = after;
        }
        return 0;
    }

    private int replacement(int[] literals, int watched) {
        for (int literal : literals) {
            if (literal != watched && !isFalse(literal)) {
                return literal;
            }
        }
        return 0;
    }

    private void unlink(int literal, int before, int after) {
        if (before == 0) {
            watching[variables + literal] = after;
        } else if (watch1[before] == literal) {
            next1[before] = after;
        } else {
            next2[before] = after;
        }
    }

    /** Learns a rule from a conflict, steps back to where it decides something, and decides that. */
    private int learn(int level, int conflict) {
        BitSet seen = new BitSet();
        BitSet ground = new BitSet(); // level 1: certain, so it has no place in the rule, but in the proof
        IntList literals = new IntList();
        literals.add(0); // the one that will follow
        IntList because = new IntList();
        int back = 1;
        int pending = 0;
        int position = decisions.size();
        int rule = conflict;
        while (true) {
            because.add(rule);
            for (int literal : rules.get(rule).literals()) {
                int variable = Math.abs(literal);
                if (isTrue(literal) || seen.get(variable)) {
                    continue;
                }
                int at = Math.abs(levels[variable]);
                if (at == 1) {
                    ground.set(variable);
                    continue;
                }
                seen.set(variable);
                if (at == level) {
                    pending++;
                } else {
                    literals.add(literal);
                    back = Math.max(back, at);
                }
            }
            do {
                position--;
            } while (!seen.get(Math.abs(decisions.get(position))));
            if (--pending == 0) {
                literals.set(0, -decisions.get(position));
                break;
            }
            rule = reasons.get(position);
        }
        addGround(ground, because);
        revert(back);
        int learned = add(literals.toArray(), because.toArray());
        assign(literals.get(0), back, learned);
        return back;
    }

    /** Adds the rules behind decisions of level 1 to a proof. */
    private void addGround(BitSet ground, IntList because) {
        if (ground.isEmpty()) {
            return;
        }
        for (int i = levelOneEnd() - 1; i >= 0; i--) {
            int variable = Math.abs(decisions.get(i));
            if (!ground.get(variable)) {
                continue;
            }
            int rule = reasons.get(i);
            because.add(rule);
            for (int literal : rules.get(rule).literals()) {
                ground.set(Math.abs(literal));
            }
        }
    }

    private int levelOneEnd() {
        int end = 0;
        while (end < decisions.size() && Math.abs(levels[Math.abs(decisions.get(end))]) == 1) {
            end++;
        }
        return end;
    }

    private int add(int[] literals, int[] because) {
        int number = rules.size();
        rules.add(new Rule(literals, Rule.LEARNED));
        premises.add(because);
        if (number == watch1.length) {
            int size = 2 * number;
            watch1 = Arrays.copyOf(watch1, size);
            watch2 = Arrays.copyOf(watch2, size);
            next1 = Arrays.copyOf(next1, size);
            next2 = Arrays.copyOf(next2, size);
        }
        if (literals.length > 1) {
            int highest = literals[1];
            for (int literal : literals) {
                if (Math.abs(levels[Math.abs(literal)]) > Math.abs(levels[Math.abs(highest)])) {
                    highest = literal;
                }
            }
            watch(number, literals[0], highest);
        }
        return number;
    }

    /** Takes back all decisions above a level. */
    void revert(int level) {
        while (!decisions.isEmpty()) {
            int variable = Math.abs(decisions.get(decisions.size() - 1));
            if (Math.abs(levels[variable]) <= level) {
                break;
            }
            levels[variable] = 0;
            decisions.truncate(decisions.size() - 1);
        }
        reasons.truncate(decisions.size());
        propagated = Math.min(propagated, decisions.size());
        listener.reverted(level, decisions.size());
    }

    /** Finds all given rules that a conflict at level 1 comes from. */
    private ContradictionException contradiction(int conflict) {
        BitSet involved = new BitSet();
        BitSet proof = new BitSet();
        involve(conflict, involved, proof);
        for (int i = decisions.size() - 1; i >= 0; i--) {
            if (involved.get(Math.abs(decisions.get(i)))) {
                involve(reasons.get(i), involved, proof);
            }
        }
        return new ContradictionException(proof.stream().mapToObj(rules::get).toList());
    }

    private void involve(int rule, BitSet involved, BitSet proof) {
        for (int literal : rules.get(rule).literals()) {
            involved.set(Math.abs(literal));
        }
        IntList open = new IntList(rule);
        BitSet seen = new BitSet();
        while (!open.isEmpty()) {
            int next = open.get(open.size() - 1);
            open.truncate(open.size() - 1);
            if (next <= given) {
                proof.set(next);
            } else if (!seen.get(next)) {
                seen.set(next);
                for (int premise : premises.get(next - given - 1)) {
                    open.add(premise);
                }
            }
        }
    }
}
