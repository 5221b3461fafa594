package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvrTest {
    private static final List<String> VERSIONS = List.of(
            "1",
            "1.0",
            "1.00",
            "1.0.",
            "01",
            "10",
            "9",
            "2.0.1",
            "2.0.1a",
            "2.0.1b",
            "a",
            "b",
            "A",
            "1a",
            "a1",
            "1.a",
            "1~",
            "1~rc1",
            "1~rc2",
            "1~~",
            "1^",
            "1^git1",
            "1^git2",
            "1^~",
            "1~^",
            "1.0^",
            "1.0~rc1^git1",
            "1^git1~rc",
            "~",
            "^",
            "~1",
            "^1",
            "1_0",
            "1+0",
            "1..0",
            "xyz10",
            "xyz.10",
            "10xyz",
            "10.xyz",
            "5.5p1",
            "5.5p10",
            "20240101",
            "00000000000000000000001",
            "99999999999999999999999999",
            "1.0.z",
            "1.0.0",
            ".",
            "1é2");

    /** The cases of rpm's own test of its order, each with what rpm says to it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "1.0 1.0 0",
                "1.0 2.0 -1",
                "2.0.1 2.0.1 0",
                "2.0 2.0.1 -1",
                "2.0.1a 2.0.1a 0",
                "2.0.1a 2.0.1 1",
                "5.5p1 5.5p1 0",
                "5.5p1 5.5p2 -1",
                "5.5p10 5.5p10 0",
                "5.5p1 5.5p10 -1",
                "10xyz 10.1xyz -1",
                "xyz10 xyz10 0",
                "xyz10 xyz10.1 -1",
                "xyz.4 xyz.4 0",
                "xyz.4 8 -1",
                "xyz.4 2 -1",
                "5.5p2 5.6p1 -1",
                "5.6p1 6.5p1 -1",
                "6.0.rc1 6.0 1",
                "10b2 10a1 1",
                "10a2 10b2 -1",
                "1.0aa 1.0aa 0",
                "1.0a 1.0aa -1",
                "10.0001 10.0001 0",
                "10.0001 10.1 0",
                "10.0001 10.0039 -1",
                "4.999.9 5.0 -1",
                "20101121 20101121 0",
                "20101121 20101122 -1",
                "2_0 2_0 0",
                "2.0 2_0 0",
                "a a 0",
                "a+ a+ 0",
                "a+ a_ 0",
                "+a +a 0",
                "+a _a 0",
                "+_ +_ 0",
                "_+ +_ 0",
                "_+ _+ 0",
                "+ _ 0",
                "1.0~rc1 1.0~rc1 0",
                "1.0~rc1 1.0 -1",
                "1.0~rc1 1.0~rc2 -1",
                "1.0~rc1~git123 1.0~rc1~git123 0",
                "1.0~rc1~git123 1.0~rc1 -1",
                "1.0^ 1.0^ 0",
                "1.0^ 1.0 1",
                "1.0^git1 1.0^git1 0",
                "1.0^git1 1.0 1",
                "1.0^git1 1.0^git2 -1",
                "1.0^git1 1.01 -1",
                "1.0^20160101 1.0^20160101 0",
                "1.0^20160101 1.0.1 -1",
                "1.0^20160101^git1 1.0^20160101^git1 0",
                "1.0^20160102 1.0^20160101^git1 1",
                "1.0~rc1^git1 1.0~rc1^git1 0",
                "1.0~rc1^git1 1.0~rc1 1",
                "1.0^git1~pre 1.0^git1~pre 0",
                "1.0^git1~pre 1.0^git1 -1",
                "1b.fc17 1b.fc17 0",
                "1b.fc17 1.fc17 -1",
                "1g.fc17 1.fc17 1",
                "1.1.α 1.1.α 0",
                "1.1.α 1.1.β 0",
                "1.1.αα 1.1.α 0",
                "1.1.α 1.1.ββ 0"
            })
    void orders_as_rpm_documents(String a, String b, int expected) {
        assertThat(Integer.signum(Evr.compareSegments(a, b))).isEqualTo(expected);
        assertThat(Integer.signum(Evr.compareSegments(b, a))).isEqualTo(-expected);
    }

    @Test
    void orders_epoch_before_version_before_release() {
        assertThat(Evr.parse("1:1-1")).isGreaterThan(Evr.parse("9-9"));
        assertThat(Evr.parse("1.10-1")).isGreaterThan(Evr.parse("1.9-9"));
        assertThat(Evr.parse("1-2")).isGreaterThan(Evr.parse("1-1"));
        assertThat(Evr.parse("1~rc1-1")).isLessThan(Evr.parse("1-1"));
        assertThat(Evr.parse("1^git-1")).isGreaterThan(Evr.parse("1-1")).isLessThan(Evr.parse("1.1-1"));
    }

    @Test
    void reads_and_prints_all_parts() {
        assertThat(Evr.parse("3:1.2-4")).isEqualTo(new Evr(3, "1.2", "4")).hasToString("3:1.2-4");
        assertThat(Evr.parse("0:1.2")).isEqualTo(new Evr(0, "1.2", "")).hasToString("1.2");
        assertThat(Nevra.parse("a-b-3:1.2-4.noarch"))
                .isEqualTo(new Nevra("a-b", new Evr(3, "1.2", "4"), "noarch"))
                .hasToString("a-b-3:1.2-4.noarch");
        assertThat(Nevra.parse("a-3:1-2.x86_64").fileName()).isEqualTo("a-1-2.x86_64.rpm");
    }

    @Test
    void refuses_what_is_none() {
        for (String text : List.of("", "1:", "99999999999:1", "4294967296:1", "-1")) {
            assertThatThrownBy(() -> Evr.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
        for (String text : List.of("", "a", "a.b", "a-1.x", "-1-1.x", "a-1-1.", "a-1-.x")) {
            assertThatThrownBy(() -> Nevra.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void prints_what_reads_as_the_same() {
        for (String text :
                List.of("1", "0:1", "1:2-3", "0:1:2", "1:2:3-4", "1-2-3", "1-2-", "a:1", ":1", "1.0~rc1^x")) {
            Evr evr = Evr.parse(text);
            assertThat(Evr.parse(evr.toString())).as(text + " as " + evr).isEqualTo(evr);
        }
    }

    @Test
    @Peer("rpm")
    void compares_random_pairs_as_rpm_does(@TempDir Path dir) throws Exception {
        Random random = new Random(6);
        String alphabet = "00112399abzAZ.._+~~^^";
        StringBuilder lua = new StringBuilder();
        List<String> ours = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            String a = evr(random, alphabet);
            String b = random.nextInt(3) == 0 ? a + word(random, alphabet) : evr(random, alphabet);
            lua.append("print('%1$s %2$s '..rpm.vercmp('%1$s','%2$s')..'\\n')\n".formatted(a, b));
            ours.add(a + " " + b + " " + Integer.signum(Evr.parse(a).compareTo(Evr.parse(b))));
        }
        Path script = Files.writeString(dir.resolve("random.lua"), lua);
        Set<String> theirs = Command.output("rpm", "--eval", "%{lua:dofile('" + script + "')}")
                .lines()
                .collect(Collectors.toSet());
        ours.removeAll(theirs);
        assertThat(ours).as("what rpm says otherwise").isEmpty();
    }

    private static String evr(Random random, String alphabet) {
        return (random.nextInt(4) == 0 ? random.nextInt(3) + ":" : "")
                + word(random, alphabet)
                + (random.nextBoolean() ? "-" + word(random, alphabet) : "");
    }

    private static String word(Random random, String alphabet) {
        StringBuilder word = new StringBuilder();
        for (int n = random.nextInt(9); n >= 0; n--) {
            word.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return word.toString();
    }

    @Test
    @Peer("rpm")
    void compares_every_pair_as_rpm_does(@TempDir Path dir) throws Exception {
        StringBuilder lua = new StringBuilder();
        StringBuilder ours = new StringBuilder();
        for (String a : VERSIONS) {
            for (String b : VERSIONS) {
                lua.append("print(rpm.vercmp('")
                        .append(a)
                        .append("','")
                        .append(b)
                        .append("')..'\\n')\n");
                ours.append(Integer.signum(Evr.compareSegments(a, b))).append('\n');
            }
        }
        Path script = Files.writeString(dir.resolve("compare.lua"), lua);
        String theirs = Command.output("rpm", "--eval", "%{lua:dofile('" + script + "')}");
        assertThat(theirs.lines().filter(line -> !line.isEmpty()).toList())
                .isEqualTo(ours.toString().lines().toList());
    }
}
