package dev.twoliter.core.internal.variant;

import dev.twoliter.api.Declaration;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.project.Nearest;
import dev.twoliter.rpm.repo.Repository;
import dev.twoliter.rpm.solve.Chosen;
import dev.twoliter.rpm.solve.PackageSolver;
import dev.twoliter.rpm.solve.SolveRepo;
import dev.twoliter.rpm.solve.SolveRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Chooses the packages of a variant: what it includes, and what that needs. */
final class PackageChoice {

    private PackageChoice() {}

    static InstalledPackages choose(Work.Variant work, Composite composite) {
        SolveRequest.Builder request = SolveRequest.builder(work.arch().rpmName());
        Map<String, Repository> byName = new HashMap<>();
        for (Composite.Member member : composite.repositories()) {
            byName.put(member.name(), member.repository());
            request.addRepo(new SolveRepo(
                    member.name(), member.priority(), member.repository().packages()));
        }
        requireKnown(work, composite);
        request.install(MetadataPackage.NAME);
        work.variant().packages().forEach(name -> request.install(requested(name, composite)));
        List<InstalledPackages.Installed> installed = new ArrayList<>();
        for (Chosen chosen : PackageSolver.create().solve(request.build()).packages()) {
            Repository repository = byName.get(chosen.repo());
            if (repository == null) {
                throw new IllegalStateException("the solver chose from " + chosen.repo() + ", which it was not given");
            }
            installed.add(new InstalledPackages.Installed(
                    chosen.pkg(), chosen.repo(), chosen.because(), chosen.losers(), repository.fileOf(chosen.pkg())));
        }
        return new InstalledPackages(installed);
    }

    /** Says in the user's words what the solver could only say in its own. */
    private static void requireKnown(Work.Variant work, Composite composite) {
        for (String name : work.variant().packages()) {
            if (!isThere(Declaration.DEFAULT_PREFIX + name, composite) && !isThere(name, composite)) {
                List<String> known = composite.repositories().stream()
                        .flatMap(member -> member.repository().packages().stream())
                        .map(one -> one.name().replaceFirst("^" + Declaration.DEFAULT_PREFIX, ""))
                        .toList();
                String guess = Nearest.hint(name, known);
                throw new ResolutionException(
                        "variant '" + work.variant().name() + "' includes '" + name + "', which none of its kits has",
                        guess.isEmpty()
                                ? "Correct included-packages in variants/"
                                        + work.variant().name() + "/Cargo.toml, or add the kit that has it."
                                : "In variants/" + work.variant().name() + "/Cargo.toml, " + guess,
                        composite.repositories().stream()
                                .map(Composite.Member::name)
                                .toList());
            }
        }
    }

    /** As upstream, NAME asks for {@code bottlerocket-NAME}; a package without the prefix is taken where only it is there. */
    private static String requested(String name, Composite composite) {
        String prefixed = Declaration.DEFAULT_PREFIX + name;
        return !isThere(prefixed, composite) && isThere(name, composite) ? name : prefixed;
    }

    private static boolean isThere(String name, Composite composite) {
        return composite.repositories().stream()
                .flatMap(member -> member.repository().packages().stream())
                .anyMatch(one -> one.name().equals(name));
    }
}
