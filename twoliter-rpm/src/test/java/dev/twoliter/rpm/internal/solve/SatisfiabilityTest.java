package dev.twoliter.rpm.internal.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

/** Compares the engine with another satisfiability solver, on random rules around the point where half can be met. */
class SatisfiabilityTest {
    private static final int VARIABLES = 40;

    private static List<Rule> rules(long seed) {
        Random random = new Random(seed);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < VARIABLES * 4.2; i++) {
            BitSet variables = new BitSet();
            int size = random.nextInt(20) == 0 ? 1 + random.nextInt(2) : 3;
            while (variables.cardinality() < size) {
                variables.set(1 + random.nextInt(VARIABLES));
            }
            rules.add(new Rule(
                    variables.stream()
                            .map(variable -> random.nextBoolean() ? variable : -variable)
                            .toArray(),
                    new Rule.Job("rule " + i)));
        }
        return rules;
    }

    private static boolean isSatisfiable(List<Rule> rules) throws TimeoutException {
        ISolver solver = SolverFactory.newDefault();
        solver.newVar(VARIABLES);
        try {
            for (Rule rule : rules) {
                solver.addClause(new VecInt(rule.literals()));
            }
        } catch (ContradictionException e) {
            return false;
        }
        return solver.isSatisfiable();
    }

    @Test
    void agrees_with_sat4j_and_proves_each_contradiction() throws TimeoutException {
        int satisfiable = 0;
        for (long seed = 0; seed < 1000; seed++) {
            List<Rule> rules = rules(seed);
            boolean expected = isSatisfiable(rules);
            satisfiable += expected ? 1 : 0;
            List<Rule> proof = Core.contradiction(rules, VARIABLES);
            assertThat(proof == null).as("rules of seed " + seed).isEqualTo(expected);
            if (proof != null) {
                assertThat(rules).containsAll(proof);
                assertThat(isSatisfiable(proof)).as("proof of seed " + seed).isFalse();
            }
        }
        assertThat(satisfiable).isBetween(100, 900);
    }

    @Test
    void reduces_proofs_until_no_rule_can_be_spared() throws TimeoutException {
        for (long seed = 0; seed < 60; seed++) {
            List<Rule> proof = Core.contradiction(rules(seed), VARIABLES);
            if (proof == null) {
                continue;
            }
            List<Rule> core = Core.of(proof, VARIABLES);
            assertThat(isSatisfiable(core)).isFalse();
            for (int i = 0; i < core.size(); i++) {
                List<Rule> fewer = new ArrayList<>(core);
                fewer.remove(i);
                assertThat(isSatisfiable(fewer)).as("core of seed " + seed).isTrue();
            }
        }
    }
}
