package dev.twoliter.rpm.solve;

import static dev.twoliter.rpm.solve.Packages.repo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.ResolutionException;
import dev.twoliter.rpm.repo.RepoPackage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every request, on invented ones. */
class SolverPropertyTest {
    private static final int COUNT = 250;

    private static Stream<Scenario> scenarios() {
        return LongStream.range(50_000, 50_000 + COUNT).mapToObj(Scenarios::of);
    }

    private static Optional<Solution> solution(Scenario scenario) {
        try {
            return Optional.of(PackageSolver.create().solve(scenario.request().build()));
        } catch (ResolutionException e) {
            return Optional.empty();
        }
    }

    private static List<RepoPackage> packages(Solution solution) {
        return solution.packages().stream().map(Chosen::pkg).toList();
    }

    @Test
    void every_answer_satisfies_every_dependency_and_every_wish() {
        int solved = 0;
        for (Scenario scenario : scenarios().toList()) {
            Optional<Solution> solution = solution(scenario);
            if (solution.isPresent()) {
                List<RepoPackage> packages = packages(solution.get());
                assertThat(new Checker(packages).problems()).as(scenario.name()).isEmpty();
                assertThat(packages)
                        .as(scenario.name())
                        .allMatch(pkg ->
                                Set.of("x86_64", "noarch").contains(pkg.nevra().arch()));
                solved++;
            }
        }
        assertThat(solved).isGreaterThan(COUNT / 2);
    }

    @Test
    void every_package_says_why_it_is_there_and_every_reason_leads_back_to_the_request() {
        for (Scenario scenario : scenarios().toList()) {
            Solution solution = solution(scenario).orElse(new Solution(List.of()));
            List<RepoPackage> packages = packages(solution);
            for (Chosen chosen : solution.packages()) {
                Reason reason = chosen.because();
                for (int steps = 0; reason.from().isPresent(); steps++) {
                    RepoPackage from = reason.from().orElseThrow();
                    assertThat(packages).contains(from);
                    assertThat(steps).isLessThan(packages.size());
                    reason = solution.packages().stream()
                            .filter(one -> one.pkg() == from)
                            .findFirst()
                            .orElseThrow()
                            .because();
                }
                assertThat(reason).isInstanceOf(Reason.Requested.class);
                assertThat(chosen.losers())
                        .allSatisfy(loser -> assertThat(packages).doesNotContain(loser.pkg()));
            }
        }
    }

    @Test
    void an_unrelated_repository_changes_nothing() {
        SolveRepo unrelated = repo(
                "unrelated",
                1,
                "zz-1-1.x86_64 | req: zz-lib | prov: zz-cap = 3",
                "zz-lib-2-1.noarch",
                "zz-old-1-1.x86_64 | con: zz");
        for (Scenario scenario : scenarios().toList()) {
            List<SolveRepo> more = new ArrayList<>(scenario.repos());
            more.add(scenario.repos().size() / 2, unrelated);
            Scenario with = new Scenario(
                    scenario.name(), more, scenario.install(), scenario.excludes(), scenario.best(), scenario.weak());
            assertThat(with.answer()).as(scenario.name()).isEqualTo(scenario.answer());
        }
    }

    @Test
    void the_same_request_always_gets_the_same_answer() {
        scenarios().limit(100).forEach(scenario -> assertThat(scenario.answer()).isEqualTo(scenario.answer()));
    }

    @Test
    void a_copy_of_a_repository_wins_by_its_priority_alone() {
        for (Scenario scenario : scenarios().toList()) {
            SolveRepo first = scenario.repos().get(0);
            if (scenario.repos().size() > 1 || scenario.answer().contains("refused")) {
                continue;
            }
            for (String better : List.of("original", "copy")) {
                List<SolveRepo> both = Stream.of("original", "copy")
                        .map(name -> new SolveRepo(name, name.equals(better) ? 5 : 6, first.packages()))
                        .toList();
                Scenario twice = new Scenario(
                        scenario.name(),
                        both,
                        scenario.install(),
                        scenario.excludes(),
                        scenario.best(),
                        scenario.weak());
                Set<String> repos = twice.answer().stream()
                        .map(line -> line.substring(line.indexOf('@') + 1))
                        .collect(Collectors.toSet());
                assertThat(repos).as(scenario.name()).containsExactly(better);
            }
        }
    }

    @Test
    void every_refusal_says_what_and_what_to_do() {
        int refused = 0;
        for (Scenario scenario : scenarios().toList()) {
            try {
                PackageSolver.create().solve(scenario.request().build());
            } catch (ResolutionException e) {
                refused++;
                assertThat(e.getMessage()).as(scenario.name()).isNotBlank().hasSizeLessThan(1500);
                assertThat(e.hint())
                        .as(scenario.name())
                        .hasValueSatisfying(hint -> assertThat(hint).isNotBlank());
                assertThat(e.chains()).as(scenario.name()).isNotEmpty().allMatch(way -> way.startsWith("requested > "));
            }
        }
        assertThat(refused).isGreaterThan(COUNT / 10);
    }
}
