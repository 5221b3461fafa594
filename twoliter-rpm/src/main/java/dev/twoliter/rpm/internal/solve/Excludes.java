package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.solve.SolveRequest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The packages that a request excludes, by words or patterns with {@code *} and {@code ?}. Immutable. */
final class Excludes {
    private final Set<RepoPackage> excluded = Collections.newSetFromMap(new IdentityHashMap<>());

    Excludes(SolveRequest request) {
        request.excludes().forEach(glob -> add(glob, request));
    }

    private void add(String glob, SolveRequest request) {
        Pattern pattern = compile(glob);
        for (NameForm form : NameForm.values()) {
            if (!form.mayBe(glob)) {
                continue;
            }
            List<RepoPackage> found = request.repos().stream()
                    .flatMap(repo -> repo.packages().stream())
                    .filter(pkg -> form.texts(pkg.nevra()).stream()
                            .anyMatch(text -> pattern.matcher(text).matches()))
                    .toList();
            if (!found.isEmpty()) {
                excluded.addAll(found);
                return;
            }
        }
    }

    private static Pattern compile(String glob) {
        return Pattern.compile(glob.codePoints()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining()));
    }

    boolean contain(RepoPackage pkg) {
        return excluded.contains(pkg);
    }
}
