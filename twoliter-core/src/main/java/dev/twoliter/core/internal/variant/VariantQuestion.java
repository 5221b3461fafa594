package dev.twoliter.core.internal.variant;

import dev.twoliter.api.Declaration;
import dev.twoliter.api.PackageExplanation;
import dev.twoliter.api.PackageExplanation.Loser;
import dev.twoliter.api.PackageExplanation.Source;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.project.Nearest;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.core.internal.variant.InstalledPackages.Installed;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.solve.Reason;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers why a package is in a variant. Used once. */
public final class VariantQuestion {

    private final Work.Variant work;
    private final Composite composite;
    private final Map<String, Installed> installed = new LinkedHashMap<>();

    private VariantQuestion(Work.Variant work, Composite composite) {
        this.work = work;
        this.composite = composite;
        PackageChoice.choose(work, composite)
                .packages()
                .forEach(one -> installed.put(one.pkg().name(), one));
    }

    /**
     * Answers.
     *
     * @param asked a package, a file or a capability
     * @param work the variant
     * @param paths the project
     * @param results where the variant's packages and kits are
     * @param scratch a directory for the composite; removed at the end
     * @return the answer
     * @throws ResolutionException if no kit has it, or no set of packages fits
     */
    public static PackageExplanation answer(
            String asked, Work.Variant work, ProjectPaths paths, Results results, Path scratch) {
        try {
            return new VariantQuestion(work, Composite.create(work, scratch, paths, results)).answer(asked);
        } finally {
            AtomicFiles.deleteTree(scratch);
        }
    }

    private PackageExplanation answer(String asked) {
        List<Candidate> candidates = candidates(asked);
        Candidate taken = candidates.stream()
                .filter(candidate -> isInstalled(candidate.pkg()))
                .findFirst()
                .orElse(null);
        return new PackageExplanation(
                asked,
                work.variant().name(),
                work.arch(),
                taken == null ? null : taken.source(),
                taken == null ? List.of() : chain(taken.pkg()),
                taken == null ? List.of() : neededBy(taken.pkg()),
                candidates.stream()
                        .filter(candidate -> !isInstalled(candidate.pkg()))
                        .map(candidate -> new Loser(candidate.source(), because(candidate)))
                        .toList());
    }

    /** A package of a kit. */
    private record Candidate(RepoPackage pkg, Composite.Member kit) {
        Source source() {
            return new Source(pkg.nevra().toString(), kit.name());
        }
    }

    /** The packages of that name, else those that provide it; kits in the order of their priority. */
    private List<Candidate> candidates(String asked) {
        return find(pkg -> pkg.name().equals(Declaration.DEFAULT_PREFIX + asked))
                .or(() -> find(pkg -> pkg.name().equals(asked)))
                .or(() -> find(pkg -> pkg.primaryFiles().contains(asked)
                        || pkg.provides().stream()
                                .anyMatch(provide -> provide.name().equals(asked))))
                .or(() -> asked.startsWith("/") ? find(pkg -> pkg.files().contains(asked)) : Optional.empty())
                .orElseThrow(() -> unknown(asked));
    }

    private Optional<List<Candidate>> find(Predicate<RepoPackage> fits) {
        List<Candidate> found = new ArrayList<>();
        for (Composite.Member kit : composite.repositories()) {
            kit.repository().packages().stream().filter(fits).forEach(pkg -> found.add(new Candidate(pkg, kit)));
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private ResolutionException unknown(String asked) {
        List<String> known = composite.repositories().stream()
                .flatMap(kit -> kit.repository().packages().stream())
                .map(pkg -> pkg.name().replaceFirst("^" + Declaration.DEFAULT_PREFIX, ""))
                .toList();
        List<String> kits =
                composite.repositories().stream().map(Composite.Member::name).toList();
        String guess = Nearest.hint(asked, known);
        return new ResolutionException(
                "none of the kits of " + work.variant().name() + " (" + String.join(", ", kits) + ") has or provides '"
                        + asked + "'",
                guess.isEmpty()
                        ? "Check the name."
                        : guess.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + guess.substring(1),
                kits);
    }

    private boolean isInstalled(RepoPackage pkg) {
        Installed one = installed.get(pkg.name());
        // The same version may be in several kits; the one that was taken is the same object.
        return one != null && isSame(one.pkg(), pkg);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(RepoPackage a, RepoPackage b) {
        return a == b;
    }

    /** From the package back to the request, then turned round. */
    private List<String> chain(RepoPackage pkg) {
        Deque<String> links = new ArrayDeque<>();
        Reason reason = reasonOf(pkg);
        while (reason != null && reason.from().isPresent()) {
            links.addFirst(reason.toString());
            reason = reasonOf(reason.from().orElseThrow());
        }
        links.addFirst(
                reason instanceof Reason.Requested requested ? request(requested.what()) : "it was chosen first");
        return List.copyOf(links);
    }

    private @Nullable Reason reasonOf(RepoPackage pkg) {
        Installed one = installed.get(pkg.name());
        return one == null ? null : one.because();
    }

    private String request(String what) {
        if (what.equals(MetadataPackage.NAME)) {
            return "every variant has " + what + ", which says what the variant and its image features are";
        }
        String name = work.variant().packages().contains(what)
                ? what
                : what.replaceFirst("^" + Declaration.DEFAULT_PREFIX, "");
        return "variant '" + work.variant().name() + "' includes '" + name + "' (included-packages)";
    }

    private List<String> neededBy(RepoPackage pkg) {
        return installed.values().stream()
                .filter(one -> one.pkg().requires().stream().anyMatch(relation -> meets(pkg, relation)))
                .map(one -> one.pkg().nevra())
                .sorted()
                .map(Object::toString)
                .toList();
    }

    private static boolean meets(RepoPackage pkg, Relation wanted) {
        return !wanted.isRich()
                && (pkg.provides().stream().anyMatch(wanted::matches)
                        || (wanted.name().startsWith("/") && pkg.files().contains(wanted.name())));
    }

    private String because(Candidate loser) {
        Installed winner = installed.get(loser.pkg().name());
        if (winner != null && priorityOf(winner.kit()) < loser.kit().priority()) {
            return winner.kit() + " comes first in the order of kits";
        }
        String arch = loser.pkg().nevra().arch();
        if (!arch.equals("noarch") && !arch.equals(work.arch().rpmName())) {
            return "it is for " + arch;
        }
        return installed.values().stream()
                .flatMap(one -> one.losers().stream())
                .filter(one -> isSame(one.pkg(), loser.pkg()))
                .map(dev.twoliter.rpm.solve.Loser::because)
                .findFirst()
                .orElse("nothing needs it; included-packages would bring it in");
    }

    private int priorityOf(String kit) {
        return composite.repositories().stream()
                .filter(member -> member.name().equals(kit))
                .mapToInt(Composite.Member::priority)
                .findFirst()
                .orElseThrow();
    }
}
