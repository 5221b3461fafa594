package dev.twoliter.rpm.internal.solve;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reduces rules that contradict each other to those of which none can be spared. */
final class Core {
    /** A reduction that takes longer than that ends early, with rules that could be spared. */
    private static final int MAX_ATTEMPTS = 3000;

    private Core() {}

    /**
     * Reduces.
     *
     * @param contradicting the rules
     * @param variables how many variables there are
     * @return some of them in the same order, which still contradict each other
     */
    static List<Rule> of(List<Rule> contradicting, int variables) {
        List<Rule> core = contradicting;
        int needed = 0; // that many at the beginning are known to be
        for (int attempt = 0; needed < core.size() && attempt < MAX_ATTEMPTS; attempt++) {
            List<Rule> fewer = new ArrayList<>(core);
            fewer.remove(needed);
            List<Rule> proof = contradiction(fewer, variables);
            if (proof == null) {
                needed++;
            } else {
                core = proof;
            }
        }
        return core;
    }

    /** Returns those of some rules that contradict each other, or null if all can be satisfied. */
    static @Nullable List<Rule> contradiction(List<Rule> rules, int variables) {
        Engine engine = new Engine(variables, rules);
        try {
            engine.begin();
            int level = 1;
            for (int literal = open(engine); literal != 0; literal = open(engine)) {
                level = engine.decide(level, literal);
            }
            return null;
        } catch (ContradictionException e) {
            return e.proof();
        }
    }

    /** Returns an open literal of a rule that is not satisfied yet, or 0. */
    private static int open(Engine engine) {
        for (int rule = 1; rule <= engine.lastRule(); rule++) {
            int open = 0;
            boolean satisfied = false;
            for (int literal : engine.rule(rule).literals()) {
                int level = engine.level(Math.abs(literal));
                satisfied |= literal > 0 ? level > 0 : level < 0;
                open = level == 0 ? literal : open;
            }
            if (!satisfied) {
                return open;
            }
        }
        return 0;
    }
}
