package dev.twoliter.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoliter.api.Environment;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RpmBuilder;
import dev.twoliter.rpm.repo.RepoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepoSolveTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void make_repositories() throws IOException {
        Path mine = Files.createDirectory(directory.resolve("mine"));
        Path core = Files.createDirectory(directory.resolve("core"));
        add(mine, "hello", "1", "libfoo");
        add(mine, "strict", "1", "libfoo >= 2");
        add(core, "libfoo", "1.3");
        add(core, "libfoo", "1.4");
        add(core, "hello", "9");
        RepoWriter.write(mine);
        RepoWriter.write(core);
    }

    private static void add(Path repo, String name, String version, String... requires) {
        RpmBuilder rpm = RpmBuilder.builder(name, version, "1").arch("x86_64");
        Stream.of(requires).map(Relation::parse).forEach(rpm::addRequires);
        rpm.writeTo(repo.resolve(name + "-" + version + ".rpm"));
    }

    private int solve(String... words) {
        String[] command = Stream.concat(
                        Stream.of("repo", "solve", "--arch", "x86_64", "--repo", "mine=mine@10", "--repo", "core=core"),
                        Stream.of(words))
                .toArray(String[]::new);
        return new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Environment.of(Map.of(), directory.resolve("cache")),
                        directory)
                .run(command);
    }

    @Test
    void prints_the_packages_one_a_line() {
        assertThat(solve("hello")).isZero();
        assertThat(out).hasToString("hello-1-1.x86_64\nlibfoo-1.4-1.x86_64\n");
        assertThat(err).hasToString("");
    }

    @Test
    void says_why_each_is_there_and_what_lost() {
        assertThat(solve("--why", "hello")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("hello-1-1.x86_64 from mine: requested\n"
                        + "    not hello-9-1.x86_64 from core: mine has priority 10, core only 99\n"
                        + "libfoo-1.4-1.x86_64 from core: hello-1-1.x86_64 requires libfoo\n"
                        + "    not libfoo-1.3-1.x86_64 from core: it is older than 1.4-1\n");
    }

    @Test
    void the_document_has_the_same() throws IOException {
        assertThat(solve("--json", "hello")).isZero();
        JsonNode answer = new ObjectMapper().readTree(out.toByteArray());
        assertThat(answer.fieldNames()).toIterable().containsExactly("install", "problems");
        assertThat(answer.at("/problems")).isEmpty();
        JsonNode libfoo = answer.at("/install/1");
        assertThat(libfoo.fieldNames()).toIterable().containsExactly("nevra", "repo", "because", "notTaken");
        assertThat(libfoo.at("/nevra").asText()).isEqualTo("libfoo-1.4-1.x86_64");
        assertThat(libfoo.at("/repo").asText()).isEqualTo("core");
        assertThat(libfoo.at("/because").asText()).isEqualTo("hello-1-1.x86_64 requires libfoo");
        assertThat(libfoo.at("/notTaken/0/because").asText()).isEqualTo("it is older than 1.4-1");
    }

    @Test
    void a_refusal_names_what_is_missing_and_ends_with_1() throws IOException {
        assertThat(solve("strict")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("strict-1-1.x86_64 from mine needs libfoo >= 2; core has libfoo 1.3-1, core has libfoo 1.4-1")
                .contains("Priorities hide nothing here.");

        assertThat(solve("--json", "strict")).isEqualTo(1);
        JsonNode answer = new ObjectMapper().readTree(out.toByteArray());
        assertThat(answer.at("/install")).isEmpty();
        assertThat(answer.at("/problems/0/message").asText()).startsWith("strict-1-1.x86_64 from mine needs");
        assertThat(answer.at("/problems/0/chain/0").asText())
                .isEqualTo("requested > strict-1-1.x86_64 from mine > libfoo >= 2");
    }

    @Test
    void excludes_and_best_count() {
        assertThat(solve("--exclude", "libfoo-1.4*", "hello")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("libfoo-1.3-1.x86_64");
        assertThat(solve("--best", "hello")).isZero();
        assertThat(solve("--exclude", "libfoo", "hello-1")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is excluded");
    }
}
