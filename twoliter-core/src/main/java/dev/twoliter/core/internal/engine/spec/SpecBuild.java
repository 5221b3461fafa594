package dev.twoliter.core.internal.engine.spec;

import dev.twoliter.api.BuildFailedException;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.PackageStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a build can fail, in words that name the place and say what to do. */
public final class SpecBuild {

    private SpecBuild() {}

    /**
     * {@return the variables that make rpmbuild repeat itself}
     *
     * @param step the package
     * @param scope processors
     */
    public static Map<String, String> variables(PackageStep step, PackageScope scope) {
        return Map.of(
                // rpm takes 0 for none at all, and would write down the times of this build.
                "SOURCE_DATE_EPOCH",
                Long.toString(Math.max(1, step.sourceDateEpoch())),
                "RPM_BUILD_NCPUS",
                Integer.toString(scope.processors()));
    }

    /**
     * Says that the spec cannot be parsed.
     *
     * @param step the package
     * @param log what rpmspec printed
     * @return the failure
     */
    public static BuildFailedException unparsable(PackageStep step, BuildLog log) {
        String spec = "packages/" + step.spec().name() + "/" + step.spec().name() + ".spec";
        String why = log.failure()
                .map(BuildLog.Line::text)
                .map(text -> text.replaceFirst("(?i)^error: ", ""))
                .orElse("rpmspec gives no reason");
        return failed(step, spec + " cannot be parsed: " + why, "Mend the spec there.", log, null);
    }

    /**
     * Says that build requirements cannot be installed.
     *
     * @param step the package
     * @param room its repositories
     * @param log what was printed
     * @return the failure
     */
    public static TwoliterException unmet(PackageStep step, BuildRoom room, BuildLog log) {
        List<String> wanted = room.requirements();
        Optional<ResolutionException> reasons = new Requirements(step, room).explain(wanted);
        return reasons.<TwoliterException>map(why -> unmet(step, room, why))
                .orElseGet(() -> failed(
                        step,
                        "its build requirements (" + String.join(", ", wanted) + ") could not be installed"
                                + because(log),
                        "The kits hold them, so look into the log.",
                        log,
                        null));
    }

    /**
     * Says that build requirements cannot be had, with the solver's reasons.
     *
     * @param step the package
     * @param room its repositories
     * @param why the reasons
     * @return the failure
     */
    public static ResolutionException unmet(PackageStep step, BuildRoom room, ResolutionException why) {
        return new ResolutionException(
                step.label() + " cannot be built: " + why.getMessage() + "; it was looked for in "
                        + String.join(", ", room.repositories().keySet()),
                "Correct BuildRequires in its spec, or add the package or kit that has it to [build-dependencies] of"
                        + " packages/" + step.spec().name() + "/Cargo.toml.",
                why.chains());
    }

    /**
     * Says that rpmbuild failed.
     *
     * @param step the package
     * @param log what it printed
     * @return the failure
     */
    public static BuildFailedException failed(PackageStep step, BuildLog log) {
        return failed(step, "rpmbuild failed" + because(log), "The whole log is " + log.file() + ".", log, null);
    }

    /**
     * Says that something else failed.
     *
     * @param step the package
     * @param message what
     * @param hint what to do
     * @param log what was printed
     * @param cause why, or null
     * @return the failure
     */
    public static BuildFailedException failed(
            PackageStep step, String message, String hint, BuildLog log, @Nullable Throwable cause) {
        return new BuildFailedException(step.id().toString(), message, hint, log.lastLines(), cause);
    }

    private static String because(BuildLog log) {
        return log.failure()
                .map(line -> ": " + line.text() + " (line " + line.number() + " of " + log.file() + ")")
                .orElse("; its log " + log.file() + " names no reason");
    }
}
