package dev.twoliter.rpm.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks dnf 4 and us the same, and compares what would be installed. */
@Tag("any-jdk")
@Peer("dnf")
class DnfAgreementTest {
    private static final int INVENTED = Integer.getInteger("twoliter.solver.scenarios", 500);
    private static final int AT_ONCE = 50; // so that one run of dnf takes seconds
    private static final long FIRST_SEED = Long.getLong("twoliter.solver.seed", 1);

    @TempDir
    Path dir;

    @Test
    void chooses_what_dnf_chooses_in_invented_repositories() throws Exception {
        List<Scenario> scenarios = LongStream.range(FIRST_SEED, FIRST_SEED + INVENTED)
                .mapToObj(Scenarios::of)
                .toList();
        Map<String, List<String>> dnf = new LinkedHashMap<>();
        for (int i = 0; i < scenarios.size(); i += AT_ONCE) {
            dnf.putAll(ask(scenarios.subList(i, Math.min(i + AT_ONCE, scenarios.size()))));
        }
        List<String> differences = new ArrayList<>();
        int refused = 0;
        for (Scenario scenario : scenarios) {
            List<String> theirs = dnf.get(scenario.name());
            List<String> ours = scenario.answer();
            refused += theirs.contains("refused") ? 1 : 0;
            if (!ours.equals(theirs)) {
                differences.add(scenario.name() + ": dnf " + theirs + "\n    we " + ours);
            }
        }
        assertThat(differences).as("differences").isEmpty();
        assertThat(refused).as("refused of " + INVENTED).isBetween(INVENTED / 20, INVENTED * 3 / 4);
    }

    private Map<String, List<String>> ask(List<Scenario> scenarios) throws IOException {
        Path asked = Files.createTempDirectory(dir, "scenarios");
        for (Scenario scenario : scenarios) {
            RepodataFixture.write(scenario, Files.createDirectories(asked.resolve(scenario.name())));
        }
        Path script = dir.resolve("dnf-answers.py");
        try (InputStream in = DnfAgreementTest.class.getResourceAsStream("dnf-answers.py")) {
            Files.copy(java.util.Objects.requireNonNull(in), script, StandardCopyOption.REPLACE_EXISTING);
        }
        // The system's interpreter, for which dnf's modules are.
        String answers =
                Command.runIn(dir, Map.of(), "/usr/bin/python3", script, asked).succeeded();
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (String line : answers.lines().toList()) {
            List<String> words = Arrays.asList(line.split(" "));
            byName.put(
                    words.get(0),
                    words.subList(1, words.size()).stream().sorted().toList());
        }
        return byName;
    }
}
