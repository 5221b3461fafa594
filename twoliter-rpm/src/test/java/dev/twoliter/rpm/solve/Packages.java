package dev.twoliter.rpm.solve;

import dev.twoliter.api.Digest;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.repo.RepoPackage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Packages for tests of solving, written in one line each. */
final class Packages {
    private static final Map<String, RelationKind> KINDS = Map.of(
            "req", RelationKind.REQUIRES,
            "prov", RelationKind.PROVIDES,
            "con", RelationKind.CONFLICTS,
            "obs", RelationKind.OBSOLETES,
            "rec", RelationKind.RECOMMENDS,
            "sug", RelationKind.SUGGESTS,
            "sup", RelationKind.SUPPLEMENTS,
            "enh", RelationKind.ENHANCES);

    private Packages() {}

    /**
     * Reads {@code nevra | req: a >= 1, b | prov: c = 2 | con: d | obs: e | file: /bin/f}; every package provides its
     * own name and version.
     */
    static RepoPackage pkg(String text) {
        String[] parts = text.split("\\|");
        Nevra nevra = Nevra.parse(parts[0].strip());
        RepoPackage.Builder builder = RepoPackage.builder(nevra)
                .location(nevra.fileName(), 1, Digest.sha256("0".repeat(64)))
                .add(RelationKind.PROVIDES, Relation.equal(nevra.name(), nevra.evr()));
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            String[] words = part.strip().split(":", 2);
            List<String> items =
                    Arrays.stream(words[1].split(",")).map(String::strip).toList();
            if (words[0].equals("file")) {
                builder.primaryFiles(items.stream()
                                .filter(path -> path.contains("bin/") || path.startsWith("/etc/"))
                                .toList())
                        .files(() -> items);
            } else {
                items.forEach(item -> builder.add(KINDS.get(words[0]), Relation.parse(item)));
            }
        }
        return builder.build();
    }

    static SolveRepo repo(String name, int priority, String... packages) {
        return new SolveRepo(
                name, priority, Arrays.stream(packages).map(Packages::pkg).toList());
    }

    static SolveRequest.Builder from(SolveRepo... repos) {
        SolveRequest.Builder builder = SolveRequest.builder("x86_64");
        Arrays.stream(repos).forEach(builder::addRepo);
        return builder;
    }

    /** Solves, and returns the full names. */
    static List<String> solve(SolveRequest.Builder request) {
        return PackageSolver.create().solve(request.build()).packages().stream()
                .map(chosen -> chosen.pkg().nevra().toString())
                .toList();
    }
}
