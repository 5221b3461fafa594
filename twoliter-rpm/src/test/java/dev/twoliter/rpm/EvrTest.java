package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        for (String text : List.of("", "a", "a.b", "a-1.x", "-1-1.x", "a-1-1.")) {
            assertThatThrownBy(() -> Nevra.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
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
