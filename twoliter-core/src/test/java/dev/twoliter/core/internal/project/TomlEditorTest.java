package dev.twoliter.core.internal.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.core.internal.toml.TomlDocument;
import dev.twoliter.core.internal.toml.TomlSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TomlEditorTest {

    private static TomlEditor editor(String text) {
        return TomlEditor.of("Twoliter.toml", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(TomlEditor editor) {
        return new String(editor.bytes(), StandardCharsets.UTF_8);
    }

    @Nested
    class replacing {

        /** What is between the marks holds 2.0.0 and changes; nothing else does. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[[kit]]\nversion = \"1.0.0\"\n[[kit]] # second\n  version=\"«2.0.0»\"# pinned",
                    "kit = [{ name = \"a\", version = \"1.0.0\" }, {version='«2.0.0»',name=\"b\"}]",
                    "kit = [\n  # first\n  { version = \"1.0.0\" }, # old\n  { version = \"«2.0.0»\" },\n]\n",
                    "[[kit]]\nversion.\"x\" = \"2.0.0\"\n[[kit]]\n\"version\" = '''«2.0.0»'''\r\n",
                    "\uFEFF# \"version\" = \"2.0.0\"\r\n[[kit]]\r\n[[kit]]\r\nversion = \"\"\"«\\\r\n  2.0.0»\"\"\"\r\n",
                    "[[kit]]\nversion = \"2.0.0\"\n[kit.more]\nversion = \"2.0.0\"\n[[kit]]\nversion = \"«2.0.\\u0030»\"",
                    "a = 1979-05-27 07:32:00Z\nb = [1, [2, 'x'], 0.5]\nkit = [{ version = '1' }, { version = '«2.0.0»' }]",
                    "s = '''kit = [[['''\nt = \"\"\"\"\"q\"\"\"\"\"\nkit = [{}, { version = \"«2.0.0»\" }]",
                    "kit = [{}, { n = { version = \"2.0.0\" }, version = \"«2.0.0»\" }]"
                })
        void changes_one_value_however_it_is_spelt(String marked) {
            String before = marked.replace("«", "").replace("»", "");
            String after = text(editor(before).replace("kit[1].version", "2.0.0", "10.20.30"));

            assertThat(after).isEqualTo(marked.replaceAll("(?s)«.*»", "10.20.30"));
        }

        @Test
        void keeps_the_kind_of_quotes() {
            String before = "[sdk]\na = 'x' # a\nb = \"x\"\nc = '''\nx'''\nd = \"\"\"\nx\"\"\"\n";
            TomlEditor after = editor(before)
                    .replace("sdk.a", "x", "y")
                    .replace("sdk.b", "x", "y")
                    .replace("sdk.c", "x", "y")
                    .replace("sdk.d", "x", "y");
            assertThat(text(after)).isEqualTo(before.replace('x', 'y'));
        }

        @Test
        void escapes_what_the_quotes_cannot_hold() {
            TomlEditor after =
                    editor("a = 'x'\nb = \"x\"\n").replace("a", "x", "it's").replace("b", "x", "say \"it\"\\\u0001");
            assertThat(text(after)).isEqualTo("a = \"it's\"\nb = \"say \\\"it\\\"\\\\\\u0001\"\n");
            assertThat(text(editor("a = 'x'").replace("a", "x", "C:\\d \"q\""))).isEqualTo("a = 'C:\\d \"q\"'");
        }

        @Test
        void quoted_keys_are_part_of_the_path() {
            assertThat(text(editor("[vendor.\"a.b\"]\nregistry = \"x\"").replace("vendor.\"a.b\".registry", "x", "y")))
                    .isEqualTo("[vendor.\"a.b\"]\nregistry = \"y\"");
        }

        @Test
        void is_refused_when_the_value_is_another_one_now() {
            assertThatThrownBy(() -> editor("[sdk]\nversion = \"1.1.0\"").replace("sdk.version", "1.0.0", "1.2.0"))
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessage("Twoliter.toml: sdk.version: this is no longer '1.0.0'"
                            + " (the file has changed since it was read: run it again)");
            assertThatThrownBy(() -> editor("a = 1").replace("sdk.version", "1.0.0", "1.2.0"))
                    .hasMessageContaining("there is no '1.0.0' here any more");
            assertThatThrownBy(() -> editor("a = 1").replace("a", "1", "2"))
                    .isInstanceOf(InvalidProjectException.class);
        }

        @Test
        void what_is_no_toml_is_refused() {
            assertThatThrownBy(() -> editor("a = "))
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessageStartingWith("Twoliter.toml:1");
            assertThatThrownBy(() -> TomlEditor.of("x", new byte[] {(byte) 0xFF}))
                    .isInstanceOf(InvalidProjectException.class);
        }

        @Test
        void touches_nothing_else_in_any_layout() {
            for (int seed = 0; seed < 400; seed++) {
                RandomToml random = new RandomToml(new Random(seed));
                String before = random.text();
                TomlEditor editor = editor(before);
                for (RandomToml.Place place : random.places()) {
                    editor = editor.replace(place.path(), place.value(), place.value() + "-new");
                }
                assertThat(text(editor)).as("seed %d:\n%s", seed, before).isEqualTo(random.edited("-new"));
            }
        }
    }

    /** Bytes are changed at random; what is still TOML can be edited, and only what is meant changes. */
    @Test
    void whatever_the_parser_takes_can_be_edited() {
        Random random = new Random(7);
        int edits = 0;
        for (int round = 0; round < 1500; round++) {
            StringBuilder damaged = new StringBuilder(new RandomToml(new Random(round % 50)).text());
            for (int i = random.nextInt(3); i >= 0; i--) {
                String bytes = "[]{}\"'=.,# \n\r\\a1\t\uFEFFé";
                int at = random.nextInt(damaged.length());
                char c = bytes.charAt(random.nextInt(bytes.length()));
                switch (random.nextInt(3)) {
                    case 0 -> damaged.setCharAt(at, c);
                    case 1 -> damaged.insert(at, c);
                    default -> damaged.deleteCharAt(at);
                }
            }
            for (Map.Entry<String, Object> leaf : leaves(damaged.toString()).entrySet()) {
                if (leaf.getValue() instanceof String old) {
                    TomlEditor after = editor(damaged.toString()).replace(leaf.getKey(), old, "§");
                    assertThat(text(after).codePoints().filter(c -> c == '§').count())
                            .isEqualTo(1);
                    edits++;
                }
            }
        }
        assertThat(edits).isGreaterThan(1000);
    }

    /** Nothing for what is no TOML. */
    private static Map<String, Object> leaves(String text) {
        try {
            return TomlLayout.of(TomlDocument.parse(text.getBytes(StandardCharsets.UTF_8)))
                    .leaves();
        } catch (TomlSyntaxException e) {
            return Map.of();
        }
    }

    @Nested
    class adding_to_an_array {

        private static String inserted(String before, int index) {
            return text(editor(before).insert("workspace.members", index, "new"));
        }

        @Test
        void keeps_to_one_line_where_the_array_does() {
            assertThat(inserted("workspace.members = []", 0)).isEqualTo("workspace.members = [\"new\"]");
            assertThat(inserted("[workspace]\nmembers = [\"a\"]\n", 1))
                    .isEqualTo("[workspace]\nmembers = [\"a\", \"new\"]\n");
            assertThat(inserted("[workspace]\nmembers = [ \"a\", 'b', ]\n", 2))
                    .isEqualTo("[workspace]\nmembers = [ \"a\", 'b', \"new\", ]\n");
            assertThat(inserted("[workspace]\nmembers = [\"a\",\"b\"]\n", 1))
                    .isEqualTo("[workspace]\nmembers = [\"a\", \"new\",\"b\"]\n");
        }

        @Test
        void takes_a_line_of_its_own_where_the_others_do() {
            assertThat(inserted("[workspace]\r\nmembers = [\r\n\t\"a\", # first\r\n\t\"b\"   # last\r\n]\r\n", 2))
                    .isEqualTo(
                            "[workspace]\r\nmembers = [\r\n\t\"a\", # first\r\n\t\"b\",   # last\r\n\t\"new\"\r\n]\r\n");
            assertThat(inserted("[workspace]\nmembers = [\n  \"a\", # first\n  # and\n  \"b\",\n]\n", 1))
                    .isEqualTo("[workspace]\nmembers = [\n  \"a\", # first\n  \"new\",\n  # and\n  \"b\",\n]\n");
            assertThat(inserted("[workspace]\nmembers = [\n    # none yet\n]\n", 0))
                    .isEqualTo("[workspace]\nmembers = [\n    # none yet\n    \"new\",\n]\n");
            assertThat(inserted("[workspace]\nmembers = [\"a\",\n           \"b\"]\n", 2))
                    .isEqualTo("[workspace]\nmembers = [\"a\",\n           \"b\",\n           \"new\"]\n");
            assertThat(inserted("workspace = { members = [\"a\",\n] }\n", 1))
                    .isEqualTo("workspace = { members = [\"a\",\n" + " ".repeat(25) + "\"new\",\n] }\n");
            assertThat(inserted("[workspace]\nmembers = [\n  \"a\", \"b\",\n  \"c\"\n]\n", 1))
                    .isEqualTo("[workspace]\nmembers = [\n  \"a\", \"new\", \"b\",\n  \"c\"\n]\n");
        }

        @Test
        void needs_an_array() {
            assertThatThrownBy(() -> inserted("[workspace]\n", 0))
                    .isInstanceOf(InvalidProjectException.class)
                    .hasMessageContaining("put this there by hand: \"new\" in the array workspace.members");
        }
    }

    @Nested
    class adding_to_a_table {

        private static String put(String before) {
            return text(editor(before).put("deps", "new", "{ path = \"../new\" }"));
        }

        private static final String NEW = "new = { path = \"../new\" }";

        @Test
        void comes_after_the_last_entry() {
            assertThat(put("[deps]\na = [\n 1,\n] # a\n\n# about x\n[x]\n"))
                    .isEqualTo("[deps]\na = [\n 1,\n] # a\n" + NEW + "\n\n# about x\n[x]\n");
            assertThat(put("[deps] # none yet\r\n\r\n[deps.a]\r\n"))
                    .isEqualTo("[deps] # none yet\r\n" + NEW + "\r\n\r\n[deps.a]\r\n");
            assertThat(put("[deps]\n  a = 1")).isEqualTo("[deps]\n  a = 1\n  " + NEW);
        }

        @Test
        void makes_the_table_where_there_is_none() {
            assertThat(put("")).isEqualTo("[deps]\n" + NEW + "\n");
            assertThat(put("a = 1")).isEqualTo("a = 1\n\n[deps]\n" + NEW + "\n");
            assertThat(put("[deps.a]\nb = 1\n")).isEqualTo("[deps.a]\nb = 1\n\n[deps]\n" + NEW + "\n");
        }

        @Test
        void knows_inline_tables() {
            assertThat(put("deps = {}\nx = 1\n")).isEqualTo("deps = { " + NEW + " }\nx = 1\n");
            assertThat(put("deps = { a = 1 } # x")).isEqualTo("deps = { a = 1, " + NEW + " } # x");
        }

        @Test
        void what_cannot_be_edited_safely_says_what_to_write() {
            for (String before : List.of("deps.a = 1\n", "[deps]\nnew = 1\n", "[[deps]]\n")) {
                assertThatThrownBy(() -> put(before))
                        .isInstanceOf(InvalidProjectException.class)
                        .hasMessageContaining("put this there by hand: " + NEW + " in [deps]");
            }
        }
    }
}
