package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelationTest {
    @Test
    void reads_what_it_prints() {
        for (String text : List.of("foo", "foo >= 1.2", "foo(x86-64) = 1:2-3", "/bin/sh", "(a if (b or c >= 2))")) {
            assertThat(Relation.parse(text)).hasToString(text);
        }
        assertThat(Relation.parse("(a if b)").isRich()).isTrue();
        assertThat(Relation.parse("(a >= 1)"))
                .as("parentheses around nothing rich")
                .isEqualTo(Relation.parse("a >= 1"));
    }

    @Test
    void refuses_what_is_no_relation() {
        for (String text : List.of(
                "", "foo >=", "foo 1 2", "(a if b", "foo >= 1 2", "foo ~ 1", "a\u0001b", "(a and b", "(a xor b)")) {
            assertThatThrownBy(() -> Relation.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "foo >= 2, foo = 2-1, true",
        "foo >= 2, foo = 1.9-1, false",
        "foo >= 2-2, foo = 2-1, false",
        "foo = 2, foo = 2-7, true",
        "foo < 2, foo = 2~rc1-1, true",
        "foo > 2, foo = 2-1, false",
        "foo, foo = 9, true",
        "foo >= 2, foo, true",
        "foo >= 2, foo >= 1, true",
        "foo < 1, foo > 2, false",
        "foo >= 2, foo = 1:1-1, true",
        "foo, bar, false"
    })
    void matches_where_ranges_overlap(String need, String provide, boolean expected) {
        assertThat(Relation.parse(need).matches(Relation.parse(provide))).isEqualTo(expected);
    }
}
