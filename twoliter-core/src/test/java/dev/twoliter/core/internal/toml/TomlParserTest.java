package dev.twoliter.core.internal.toml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.core.internal.toml.TomlDocument.Position;
import dev.twoliter.core.internal.toml.TomlTable.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of toml.io/en/v1.0.0, one after the other. */
class TomlParserTest {

    private static TomlDocument parse(String text) {
        try {
            return TomlDocument.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (TomlSyntaxException e) {
            throw new AssertionError(e.position() + ": " + e.getMessage() + " in " + text, e);
        }
    }

    private static Object value(String text) {
        return TomlOracle.plain(entry(parse("v = " + text), "v").value());
    }

    private static Entry entry(TomlDocument document, String... path) {
        TomlTable table = document.root();
        for (int i = 0; i < path.length - 1; i++) {
            table = (TomlTable) Objects.requireNonNull(table.get(path[i])).value();
        }
        return Objects.requireNonNull(table.get(path[path.length - 1]));
    }

    private static TomlSyntaxException refused(String text) {
        TomlSyntaxException e = catchThrowableOfType(
                TomlSyntaxException.class, () -> TomlDocument.parse(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(e).as(text).isNotNull();
        return e;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "+99 | 99",
                "-0 | 0",
                "1_000 | 1000",
                "0xDEAD_beef | 3735928559",
                "0o755 | 493",
                "0b1101 | 13",
                "-9223372036854775808 | -9223372036854775808",
                "9223372036854775807 | 9223372036854775807",
                "true | true",
                "\"\\u00E9\\U0001F680\\t\" | `é🚀\t`",
                "'C:\\a' | C:\\a",
                "\"\"\"a\\   ~~  b\"\"\" | ab",
                "'''~''a''''' | ''a''",
                "\"\"\"\"\"a\"\"\"\"\" | \"\"a\"\"",
                "1979-05-27 | 1979-05-27",
                "1979-05-27 07:32:00.5-07:00 | 1979-05-27 07:32:00.5-07:00",
                "07:32:00 | 07:32:00",
                "6.626e-34 | 6.626E-34",
                "-inf | -Infinity",
                "nan | NaN",
                "5e+2 | 500.0",
            })
    void values_are_what_the_specification_says(String text, String value) {
        // A tilde stands for a line break, which the table cannot hold.
        assertThat(value(text.replace('~', '\n'))).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v",
                "v =",
                "= 1",
                "v = 1 w = 2",
                "v = 01",
                "v = 1__0",
                "v = _1",
                "v = 1_",
                "v = +0x1",
                "v = 0xG",
                "v = 0X1",
                "v = 9223372036854775808",
                "v = 1.",
                "v = .1",
                "v = 1.e2",
                "v = 1e",
                "v = 01.2",
                "v = +true",
                "v = True",
                "v = Inf",
                "v = 1979-02-29",
                "v = 1979-5-27",
                "v = 1979-05-27T",
                "v = 1979-05-27T24:00:00",
                "v = 07:32",
                "v = 07:32:00Z",
                "v = 1979-05-27T07:32:00+1:00",
                "v = \"a",
                "v = \"a\nb\"",
                "v = \"\\x\"",
                "v = \"\\u00e\"",
                "v = \"\\uD800\"",
                "v = \"\\U00110000\"",
                "v = \"\\UFFFFFFFF\"",
                "v = 'a\u0000'",
                "v = 'a\u007f'",
                "v = '''a",
                "v = \"\"\"a\rb\"\"\"",
                "v = \"\"\"a\\ b\"\"\"",
                "# \u0001",
                "a\r= 1",
                "\"\"\"a\"\"\" = 1",
                "é = 1",
                "a.\nb = 1",
                "v = [1, 2",
                "v = [1 2]",
                "v = [,]",
                "v = {a = 1,}",
                "v = {a = 1\n}",
                "v = {a = 1, a = 2}",
                "[a",
                "[a]]",
                "[ [a]]",
                "[]",
                "[a.]",
                "[a] b = 1",
                "[a]\n[a]",
                "a = 1\na = 2",
                "a = 1\n\"a\" = 2",
                "a = 1\na.b = 2",
                "a.b = 1\na = 2",
                "a = 1\n[a]",
                "a.b = 1\n[a]",
                "[t]\na.b = 1\n[t.a]",
                "[t]\na.b.c = 1\n[t.a.b]",
                "[a.b.c]\n[a]\nb.c.d = 1",
                "[[a.b]]\n[a]\nb.c = 1",
                "a = {b = 1}\n[a.c]",
                "a = {b = 1}\na.c = 2",
                "a = {b = {c = 1}, b.d = 2}",
                "a = []\n[[a]]",
                "a = [{}]\n[a.b]",
                "[[a]]\n[a]",
                "[a]\n[[a]]",
                "[a.b]\n[[a]]",
                "\uFEFF\uFEFFa = 1",
            })
    void what_is_not_toml_is_refused(String text) {
        assertThat(refused(text).getMessage()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\uFEFF",
                "# é \t",
                "a.b = 1\na.c.d = 2",
                "\"a.b\" = 1\n'' = 2\n3.14 = 3\n-_ = 4",
                "[a.b]\n[a]\nc = 1",
                "[a.b]\n[a]\nc.d = 1",
                "[t]\na.b = 1\n[t.a.c]\nd = 1",
                "[[a]]\nb = 1\n[a.c]\n[[a]]\n[a.c]",
                "[[a.b]]\n[[a.b.c]]\n[[a.b]]",
                "[ a . \"b\" ]\nc={}",
                "v = [ # c\n 1, # d\n\n 2,\n]",
                "v = { a.b = 1, a.c = [{}, []], 'd' = \"\" }",
                "a = 1\r\n\r\n[b]\r\nc = '''\r\nx\r\n'''\r\n",
            })
    void what_is_toml_is_read(String text) {
        assertThat(parse(text).text()).isEqualTo(text);
    }

    @Test
    void line_breaks_in_strings_do_not_depend_on_the_checkout() {
        assertThat(TomlOracle.plain(parse("v = \"\"\"\r\na\r\nb\"\"\"").root()))
                .isEqualTo(TomlOracle.plain(parse("v = \"\"\"\na\nb\"\"\"").root()));
    }

    @Test
    void keys_and_values_have_their_places() {
        String text = "\uFEFFé = 1\n".replace("é", "'é'")
                + "[one.'t w']\r\n  key.sub = [ \"🚀é\", 2 ] # no\r\nx = {y = 1}\r\n"
                + "[[list]]\n[[list]]\nz=''''''\n";
        TomlDocument document = parse(text);
        assertThat(document.position(entry(document, "é").keyStart())).isEqualTo(new Position(1, 1));
        assertThat(document.position(entry(document, "one", "t w").keyStart())).isEqualTo(new Position(2, 6));
        Entry sub = entry(document, "one", "t w", "key", "sub");
        assertThat(text.substring(sub.keyStart(), sub.keyEnd())).isEqualTo("sub");
        assertThat(text.substring(sub.value().start(), sub.value().end())).isEqualTo("[ \"🚀é\", 2 ]");
        TomlValue two = ((TomlArray) sub.value()).values().get(1);
        assertThat(document.position(two.start())).isEqualTo(new Position(3, 21));
        Entry x = entry(document, "one", "t w", "x");
        assertThat(text.substring(x.value().start(), x.value().end())).isEqualTo("{y = 1}");
        TomlArray list = (TomlArray) entry(document, "list").value();
        assertThat(list.ofHeaders()).isTrue();
        assertThat(document.position(list.values().get(1).start())).isEqualTo(new Position(6, 1));
        assertThat(text.substring(
                        list.values().get(1).start(), list.values().get(1).end()))
                .isEqualTo("[[list]]");
    }

    @Test
    void errors_say_where_and_what_to_do() {
        TomlSyntaxException colon = refused("[a]\n  é: 1".replace("é", "b"));
        assertThat(colon.position()).isEqualTo(new Position(2, 4));
        assertThat(colon).hasMessage("there must be '=' after the key, not ':'");
        assertThat(colon.hint()).isEqualTo("write key = value");
        TomlSyntaxException curly = refused("a = \u201Cb\u201D");
        assertThat(curly).hasMessage("expected a value, found '\u201C'");
        assertThat(curly.hint()).isEqualTo("write straight quotes");
        TomlSyntaxException twice = refused("ab = 1\n\n'ab' = 2");
        assertThat(twice).hasMessage("'ab' is there already, on line 1");
        assertThat(twice.position()).isEqualTo(new Position(3, 1));
        TomlSyntaxException bare = refused("vendor = nord");
        assertThat(bare).hasMessage("'nord' is not a value");
        assertThat(bare.hint()).isEqualTo("put text in quotes");
        assertThat(refused("a = '🚀é' x").position()).isEqualTo(new Position(1, 10));
        assertThat(refused("a = \"b").position()).isEqualTo(new Position(1, 5));
    }

    @Test
    void hostile_texts_end_in_typed_errors() throws Exception {
        for (String text : List.of(
                "a=" + "[".repeat(100_000),
                "a=" + "{a=".repeat(100_000),
                "a" + ".a".repeat(100_000) + "=1",
                "[a" + ".a".repeat(100_000) + "]",
                "[a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a]\nb.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b.b=1",
                "a=" + "9".repeat(500_000),
                "a='" + "x".repeat(500_000),
                "#".repeat(TomlDocument.MAX_BYTES + 1))) {
            assertThat(refused(text).getMessage()).hasSizeLessThan(200);
        }
        assertThat(parse("a=[" + "1,".repeat(500_000) + "]").root().keys()).containsExactly("a");
        TomlSyntaxException notText = catchThrowableOfType(
                TomlSyntaxException.class, () -> TomlDocument.parse(new byte[] {'a', '\n', 'b', (byte) 0xFF}));
        assertThat(notText.position()).isEqualTo(new Position(2, 2));
        byte[] good = ("a.'b' = [1, {c = \"\\u00e9\"}, '''\nx''', 1979-05-27 07:32:00Z, 0x1F, -1.5e3, true]\n"
                        + "[t.\"u\"] # é\n[[v.w]]\nx = \"\"\"\\\n \"\"\"\n")
                .getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int i = 0; i < good.length; i++) {
            for (int mask = 1; mask < 256; mask += 6) {
                byte[] flipped = good.clone();
                flipped[i] ^= (byte) mask;
                for (byte[] bytes : List.of(Arrays.copyOf(good, i), flipped)) {
                    try {
                        TomlDocument document = TomlDocument.parse(bytes);
                        read += document.root().keys().size();
                    } catch (TomlSyntaxException e) {
                        assertThat(e.position().line()).isPositive();
                    }
                }
            }
        }
        assertThat(read).isPositive();
    }
}
