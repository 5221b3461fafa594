package dev.twoliter.rpm.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RichDependency;
import dev.twoliter.rpm.RichDependency.Chain;
import dev.twoliter.rpm.RichDependency.Condition;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks libsolv's own test program and us the same; the scenarios are others than those that dnf is asked. */
@Peer("testsolv")
class TestsolvAgreementTest {
    private static final Map<RelationKind, String> TAGS = Map.of(
            RelationKind.PROVIDES, "Prv",
            RelationKind.REQUIRES, "Req",
            RelationKind.CONFLICTS, "Con",
            RelationKind.OBSOLETES, "Obs",
            RelationKind.RECOMMENDS, "Rec",
            RelationKind.SUGGESTS, "Sug",
            RelationKind.SUPPLEMENTS, "Sup",
            RelationKind.ENHANCES, "Enh");

    @TempDir
    Path dir;

    @Test
    void chooses_what_libsolv_chooses_in_invented_repositories() throws IOException {
        List<String> differences = new ArrayList<>();
        int asked = 0;
        for (Scenario scenario : LongStream.range(20_000, 20_300)
                .mapToObj(Scenarios::of)
                .map(TestsolvAgreementTest::comparable)
                .toList()) {
            List<List<String>> jobs = scenario.install().stream()
                    .map(word -> named(word, scenario))
                    .toList();
            if (jobs.stream().anyMatch(List::isEmpty)) {
                continue; // libsolv would ignore the job
            }
            asked++;
            List<String> theirs = ask(scenario, jobs);
            List<String> ours = scenario.answer();
            if (!ours.equals(theirs)) {
                differences.add(scenario.name() + ": libsolv " + theirs + "\n    we " + ours);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(asked).isGreaterThan(200);
    }

    /** Without what dnf, not libsolv, does: architectures and excludes. */
    private static Scenario comparable(Scenario scenario) {
        List<SolveRepo> repos = scenario.repos().stream()
                .map(repo -> new SolveRepo(
                        repo.name(),
                        repo.priority(),
                        repo.packages().stream()
                                .filter(pkg -> Set.of("x86_64", "noarch")
                                        .contains(pkg.nevra().arch()))
                                .toList()))
                .toList();
        return new Scenario(scenario.name(), repos, scenario.install(), List.of(), scenario.best(), scenario.weak());
    }

    private static List<String> named(String word, Scenario scenario) {
        List<RepoPackage> all = scenario.repos().stream()
                .flatMap(repo -> repo.packages().stream())
                .toList();
        Set<RepoPackage> found = all.stream()
                .filter(pkg -> pkg.name().equals(word))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (found.isEmpty()) {
            found.addAll(all.stream()
                    .filter(pkg -> word.equals(pkg.name() + "." + pkg.nevra().arch())
                            || word.equals(pkg.name() + "-" + pkg.nevra().evr().version())
                            || word.equals(pkg.name() + "-" + pkg.nevra().evr().epoch() + ":"
                                    + pkg.nevra().evr().version()))
                    .toList());
        } else {
            List<RepoPackage> plain = List.copyOf(found);
            all.stream()
                    .filter(pkg -> pkg.obsoletes().stream()
                            .anyMatch(relation -> plain.stream()
                                    .anyMatch(obsolete -> relation.matches(Relation.equal(
                                            obsolete.name(), obsolete.nevra().evr())))))
                    .forEach(found::add);
        }
        if (found.isEmpty()) {
            all.stream()
                    .filter(pkg -> Checker.provides(pkg, Relation.parse(word)))
                    .forEach(found::add);
        }
        return scenario.repos().stream()
                .sorted(Comparator.comparing(SolveRepo::priority))
                .flatMap(repo ->
                        repo.packages().stream().filter(found::contains).map(pkg -> pkg.nevra() + "@" + repo.name()))
                .toList();
    }

    private List<String> ask(Scenario scenario, List<List<String>> jobs) throws IOException {
        StringBuilder text = new StringBuilder();
        scenario.repos().stream()
                .sorted(Comparator.comparing(SolveRepo::priority))
                .forEach(repo -> {
                    text.append("repo " + repo.name() + " " + -repo.priority() + " testtags <inline>\n#>=Ver: 3.0\n");
                    repo.packages().forEach(pkg -> text.append(testtags(pkg)));
                });
        text.append("system x86_64 rpm\n");
        text.append("solverflags keeporphans bestobeypolicy yumobsoletes"
                + (scenario.weak() ? "" : " ignorerecommended") + "\n");
        jobs.forEach(job -> text.append(
                "job install oneof " + String.join(" ", job) + (scenario.best() ? " [forcebest]" : "") + "\n"));
        text.append("result transaction,problems <inline>\n");
        Path file = Files.writeString(dir.resolve(scenario.name() + ".t"), text);
        List<String> lines =
                Command.run("testsolv", "-r", file).output().lines().toList();
        if (lines.stream().anyMatch(line -> line.startsWith("problem "))) {
            return List.of("refused");
        }
        return lines.stream()
                .filter(line -> line.startsWith("install "))
                .map(line -> line.substring("install ".length()))
                .sorted()
                .toList();
    }

    private static String testtags(RepoPackage pkg) {
        StringBuilder text = new StringBuilder();
        String evr = pkg.nevra().evr().toString();
        int dash = evr.lastIndexOf('-');
        text.append("#>=Pkg: " + pkg.name() + " " + evr.substring(0, dash) + " " + evr.substring(dash + 1) + " "
                + pkg.nevra().arch() + "\n");
        TAGS.forEach((kind, tag) -> pkg.relations(kind)
                .forEach(relation ->
                        text.append("#>=" + tag + ": " + dependency(RichDependency.of(relation), true) + "\n")));
        pkg.files().forEach(file -> text.append("#>=Prv: " + file + "\n"));
        return text.toString();
    }

    private static String dependency(RichDependency dependency, boolean isWhole) {
        if (dependency instanceof RichDependency.Simple simple) {
            return simple.toString();
        }
        String text;
        if (dependency instanceof Chain chain) {
            String operator = switch (chain.operator()) {
                case AND -> " & ";
                case OR -> " | ";
                case WITH -> " + ";
                case WITHOUT -> " - ";
            };
            text = chain.operands().stream()
                    .map(operand -> dependency(operand, false))
                    .collect(Collectors.joining(operator));
        } else {
            Condition rule = (Condition) dependency;
            RichDependency otherwise = rule.otherwise();
            String condition = dependency(rule.condition(), false);
            text = dependency(rule.wanted(), false) + " <" + rule.operator().name() + "> "
                    + (otherwise == null
                            ? condition
                            : "(" + condition + " <ELSE> " + dependency(otherwise, false) + ")");
        }
        return isWhole ? text : "(" + text + ")";
    }

    /** What libsolv's decisions come down to, in cases small enough to follow. */
    @Test
    void agrees_in_the_cases_that_show_the_order_of_decisions() throws IOException {
        List<Scenario> cases = new ArrayList<>();
        Stream.of(
                        // libsolv takes four packages where two would do
                        new String[] {
                            "app",
                            "app-1-1.x86_64 | req: lib",
                            "liba-1-1.x86_64 | prov: lib | req: x, y",
                            "libb-1-1.x86_64 | prov: lib",
                            "x-1-1.x86_64",
                            "y-1-1.x86_64"
                        },
                        // the higher version of what both provide
                        new String[] {
                            "app",
                            "app-1-1.x86_64 | req: lib",
                            "liba-1-1.x86_64 | prov: lib = 1",
                            "libz-1-1.x86_64 | prov: lib = 2"
                        },
                        // a candidate that something else needs anyway
                        new String[] {
                            "app,tool",
                            "app-1-1.x86_64 | req: lib",
                            "tool-1-1.x86_64 | req: helper",
                            "helper-1-1.x86_64 | req: libz",
                            "liba-1-1.x86_64 | prov: lib",
                            "libz-1-1.x86_64 | prov: lib"
                        },
                        // both parts of if-else are open
                        new String[] {
                            "app",
                            "app-1-1.x86_64 | req: (x if flag else y)",
                            "flag-1-1.x86_64",
                            "x-1-1.x86_64",
                            "y-1-1.x86_64"
                        },
                        // one that obsoletes another comes instead of it
                        new String[] {
                            "old", "old-1-1.x86_64", "new-1-1.x86_64 | obs: old | prov: old = 1",
                        },
                        // stepping back from the newest version
                        new String[] {
                            "app",
                            "app-2-1.x86_64 | req: lib >= 2, y",
                            "app-1-1.x86_64 | req: lib",
                            "lib-2-1.x86_64 | con: y",
                            "lib-1-1.x86_64",
                            "y-1-1.x86_64"
                        })
                .forEach(words -> cases.add(new Scenario(
                        "case" + cases.size(),
                        List.of(Packages.repo("r", 99, java.util.Arrays.copyOfRange(words, 1, words.length))),
                        List.of(words[0].split(",")),
                        List.of(),
                        false,
                        false)));
        for (Scenario scenario : cases) {
            List<List<String>> jobs = scenario.install().stream()
                    .map(word -> named(word, scenario))
                    .toList();
            assertThat(scenario.answer())
                    .as(scenario.repos().get(0).packages().toString())
                    .isEqualTo(ask(scenario, jobs));
        }
        assertThat(cases.get(0).answer()).hasSize(4);
    }
}
