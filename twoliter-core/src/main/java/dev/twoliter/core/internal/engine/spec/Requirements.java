package dev.twoliter.core.internal.engine.spec;

import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.solve.Chosen;
import dev.twoliter.rpm.solve.PackageSolver;
import dev.twoliter.rpm.solve.SolveRepo;
import dev.twoliter.rpm.solve.SolveRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the packages that a spec needs to be built, by our own solver. */
public final class Requirements {

    /** What stands for packages that are installed where the build runs. */
    private static final String INSTALLED = "installed";

    private final PackageStep step;
    private final BuildRoom room;

    /**
     * Prepares it.
     *
     * @param step the package
     * @param room its repositories
     */
    public Requirements(PackageStep step, BuildRoom room) {
        this.step = step;
        this.room = room;
    }

    /**
     * Chooses.
     *
     * @param wanted what the spec asks for
     * @param installed what is there before
     * @return the RPMs to install
     * @throws ResolutionException with the reasons if nothing fits
     */
    public List<Path> choose(List<String> wanted, List<RepoPackage> installed) {
        SolveRequest.Builder request =
                SolveRequest.builder(step.arch().rpmName()).install(wanted);
        request.addRepo(new SolveRepo(INSTALLED, 1, installed));
        int priority = 1;
        for (String name : room.repositories().keySet()) {
            priority += 10;
            request.addRepo(new SolveRepo(name, priority, room.repository(name).packages()));
        }
        List<Path> rpms = new ArrayList<>();
        for (Chosen chosen : PackageSolver.create().solve(request.build()).packages()) {
            if (!chosen.repo().equals(INSTALLED)) {
                rpms.add(room.repository(chosen.repo()).fileOf(chosen.pkg()));
            }
        }
        return rpms;
    }

    /**
     * Explains, after another program could not install them, what is wrong.
     *
     * @param wanted what the spec asks for
     * @return the solver's words; empty when it finds nothing wrong
     */
    public Optional<ResolutionException> explain(List<String> wanted) {
        try {
            choose(wanted, List.of());
            return Optional.empty();
        } catch (ResolutionException e) {
            return Optional.of(e);
        }
    }
}
