package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.rpm.RichDependency.Chain;
import dev.twoliter.rpm.RichDependency.Condition;
import dev.twoliter.rpm.RichDependency.Conditional;
import dev.twoliter.rpm.RichDependency.Operator;
import dev.twoliter.rpm.RichDependency.Simple;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RichDependencyTest {

    private static Simple simple(String text) {
        return new Simple(Relation.parse(text));
    }

    @Test
    void is_a_tree() {
        assertThat(RichDependency.parse(
                        "((a and b and c >= 1:2) if (d or e(x)) else (f with g without))".replace(" without)", ")")))
                .isEqualTo(new Condition(
                        Conditional.IF,
                        new Chain(Operator.AND, List.of(simple("a"), simple("b"), simple("c >= 1:2"))),
                        new Chain(Operator.OR, List.of(simple("d"), simple("e(x)"))),
                        new Chain(Operator.WITH, List.of(simple("f"), simple("g")))));
        assertThat(RichDependency.parse("(a unless b)"))
                .isEqualTo(new Condition(Conditional.UNLESS, simple("a"), simple("b"), null));
        assertThat(RichDependency.parse("a >= 1")).isEqualTo(simple("a >= 1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a and b)",
                "(a or b or c)",
                "(a if b)",
                "(a if b else c)",
                "(a unless (b and c) else d)",
                "(a with b >= 1 with c < 2)",
                "(a without b)",
                "((a or b) and (c or d = 1:2-3))",
                "(lib.so.6()(64bit) and font(:lang=de))",
                "(and or or)",
                "(a if (b if (c if d)))"
            })
    void prints_what_it_parsed(String text) {
        assertThat(RichDependency.parse(text)).hasToString(text);
        assertThat(Relation.parse(text)).hasToString(text);
    }

    @Test
    void drops_what_has_no_meaning() {
        assertThat(RichDependency.parse("(  a\tand ,( b, ) )")).hasToString("(a and b)");
        assertThat(RichDependency.parse("(a)")).isEqualTo(simple("a"));
        assertThat(RichDependency.parse("(a == 0:1)")).hasToString("a = 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "()",
                "(a",
                "(a and)",
                "(a and b",
                "(a and b))",
                "(a and b or c)",
                "(a without b without c)",
                "(a if b if c)",
                "(a if b else c else d)",
                "(a else b)",
                "(a xor b)",
                "(a b)",
                "(a >= )",
                "(a > and b)x",
                "((a and b) with c)",
                "((a if b) without c)",
                "(a and b( )",
                "(a and \u001e)"
            })
    void refuses_what_rpm_refuses(String text) {
        assertThatThrownBy(() -> RichDependency.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refuses_what_is_nested_too_deeply() {
        String deep = "(".repeat(100_000);
        assertThatThrownBy(() -> RichDependency.parse(deep)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knows_which_operator_makes_sense_where() {
        assertThatThrownBy(() -> RichDependency.parse("(a unless b)").requireAllowedIn(RelationKind.REQUIRES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'or'");
        assertThatThrownBy(() -> RichDependency.parse("(a if b)").requireAllowedIn(RelationKind.CONFLICTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'and'");
        RichDependency.parse("(a if b)").requireAllowedIn(RelationKind.RECOMMENDS);
        RichDependency.parse("(a unless b)").requireAllowedIn(RelationKind.CONFLICTS);
        assertThatThrownBy(() ->
                        Samples.small("x", "1").addRelation(RelationKind.REQUIRES, Relation.of("(a or (b if c))")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Peer("rpmspec")
    void accepts_what_rpm_accepts(@TempDir Path dir) throws Exception {
        Random random = new Random(7);
        int accepted = 0;
        for (int i = 0; i < 150; i++) {
            String text = random(random, 3);
            RelationKind kind = random.nextBoolean() ? RelationKind.REQUIRES : RelationKind.CONFLICTS;
            Path spec = Files.writeString(dir.resolve("t.spec"), """
                    Name: t
                    Version: 1
                    Release: 1
                    Summary: t
                    License: MIT
                    %s: %s
                    %%description
                    %%files
                    """.formatted(
                            kind == RelationKind.REQUIRES ? "Requires" : "Conflicts", text));
            Command rpm = Command.run("rpmspec", "-q", "--conflicts", "--requires", spec);
            boolean ours;
            try {
                RichDependency.parse(text).requireAllowedIn(kind);
                ours = true;
            } catch (IllegalArgumentException e) {
                ours = false;
            }
            assertThat(ours).as(kind + " " + text + ": " + rpm.output()).isEqualTo(rpm.exit() == 0);
            accepted += ours ? 1 : 0;
        }
        assertThat(accepted).as("some of both").isBetween(20, 130);
    }

    private static String random(Random random, int depth) {
        String[] operators = {"and", "or", "with", "without", "if", "unless"};
        String operator = operators[random.nextInt(operators.length)];
        StringBuilder text = new StringBuilder("(").append(operand(random, depth));
        for (int n = random.nextInt(8) == 0 ? 2 : 1; n > 0; n--) {
            text.append(' ').append(operator).append(' ').append(operand(random, depth));
        }
        if (random.nextInt(5) == 0) {
            text.append(" else ").append(operand(random, depth));
        }
        return text.append(')').toString();
    }

    private static String operand(Random random, int depth) {
        String[] names = {"a", "b >= 1", "c(x)", "/bin/d", "e = 1:2-3"};
        return depth > 0 && random.nextInt(3) == 0 ? random(random, depth - 1) : names[random.nextInt(names.length)];
    }
}
