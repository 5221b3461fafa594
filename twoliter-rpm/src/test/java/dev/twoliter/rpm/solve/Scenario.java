package dev.twoliter.rpm.solve;

import dev.twoliter.api.ResolutionException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request that is put to us and to others.
 *
 * @param name one word
 */
record Scenario(
        String name, List<SolveRepo> repos, List<String> install, List<String> excludes, boolean best, boolean weak) {

    SolveRequest.Builder request() {
        SolveRequest.Builder request = SolveRequest.builder("x86_64")
                .install(install)
                .exclude(excludes)
                .best(best)
                .weakDependencies(weak);
        repos.forEach(request::addRepo);
        return request;
    }

    /** {@return our answer as {@code nevra@repository}, sorted, or "refused"} */
    List<String> answer() {
        try {
            return sorted(PackageSolver.create().solve(request().build()).packages().stream());
        } catch (ResolutionException e) {
            return List.of("refused");
        }
    }

    private static List<String> sorted(Stream<Chosen> packages) {
        return packages.map(chosen -> chosen.pkg().nevra() + "@" + chosen.repo())
                .sorted()
                .toList();
    }
}
