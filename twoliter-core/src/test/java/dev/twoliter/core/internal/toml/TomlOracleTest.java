package dev.twoliter.core.internal.toml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random texts mean to our parser what they mean to tomlj. */
class TomlOracleTest {

    private static final String[] KEYS = {"a", "b", "c", "\"a\"", "'b c'", "\"\\u00e9\"", "1", "-", "a.b", "b . 'c'"};
    private static final String[] VALUES = {
        "1",
        "-17",
        "+0",
        "0x1f",
        "0o7",
        "0b10",
        "1_0",
        "1.5",
        "-1e3",
        "6.0E-2",
        "inf",
        "true",
        "false",
        "\"\"",
        "'x'",
        "\"a\\n\\\"b\\\\\"",
        "\"\\u00e9\\U0001F680\"",
        "'''\nx\n'y''''",
        "\"\"\"a\\\n   b\"\"\"",
        "1979-05-27",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00.25",
        "07:32:00",
        "[]",
        "{}",
        "[1, 'a', [2]]",
        "[ # c\n 1,\n]",
        "{a = 1, b.c = 'x'}",
        "{ 'x y' = {} }"
    };
    private static final String[] NOISE = {
        "01", "1.", "\"", "'''", "[", "]", "}", "=", ",", "{a=1,}", "tru", "\\", "1__0"
    };

    private final Random random = new Random(7);

    private String any(String[] words) {
        return words[random.nextInt(words.length)];
    }

    private String document(int noise) {
        StringBuilder text = new StringBuilder();
        String end = random.nextBoolean() ? "\n" : "\r\n";
        for (int i = random.nextInt(9); i >= 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append('[').append(any(KEYS)).append(']');
                case 1 -> text.append("[[").append(any(KEYS)).append("]]");
                case 2 -> text.append("# é");
                default -> text.append(any(KEYS)).append(" = ").append(any(VALUES));
            }
            if (random.nextInt(100) < noise) {
                text.append(any(NOISE));
            }
            text.append(random.nextInt(4) == 0 ? " # c" : "").append(end);
        }
        return text.toString();
    }

    @Test
    void both_parsers_say_the_same_of_random_documents() {
        int read = 0;
        int refused = 0;
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            String text = document(i % 3 == 0 ? 20 : 0);
            Object expected = TomlOracle.tomlj(text);
            Object actual;
            try {
                actual = TomlOracle.withoutTimes(TomlDocument.parse(text.getBytes(StandardCharsets.UTF_8))
                        .root());
                read++;
            } catch (TomlSyntaxException e) {
                actual = List.of();
                refused++;
            }
            if (!actual.equals(expected)) {
                differences.add(text + "\n  ours: " + actual + "\n  tomlj: " + expected);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(read).isGreaterThan(1000);
        assertThat(refused).isGreaterThan(1000);
    }
}
