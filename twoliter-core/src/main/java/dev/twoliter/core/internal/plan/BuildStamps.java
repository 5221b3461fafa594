package dev.twoliter.core.internal.plan;

import dev.twoliter.api.Environment;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Build identifier and times, from the request or the environment variables that upstream's tools use
 * (project-formats.md 5.1). Without either: zeros, as upstream has outside git, so that the same inputs give the same
 * bytes.
 */
public final class BuildStamps {

    private static final Pattern BUILD_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");
    private static final String DIRTY = "-dirty";

    private BuildStamps() {}

    /**
     * {@return the build identifier in artefact names}
     *
     * @param requested what was asked for
     * @param environment holds {@code BUILDSYS_VERSION_BUILD}
     */
    public static String buildId(Optional<String> requested, Environment environment) {
        String id = requested
                .or(() -> environment.variable("BUILDSYS_VERSION_BUILD"))
                .orElse("00000000");
        if (!BUILD_ID.matcher(id).matches()) {
            throw invalid(
                    "BUILDSYS_VERSION_BUILD",
                    "the build identifier '" + id + "' is not made of letters, digits and '-'");
        }
        return id;
    }

    /** {@return the time that replaces every clock, in seconds since 1970: {@code SOURCE_DATE_EPOCH}, or 0} */
    public static long sourceDateEpoch(Environment environment) {
        return seconds(environment, "SOURCE_DATE_EPOCH");
    }

    /** {@return what is appended to a package's release: {@code .TIMESTAMP.COMMIT.br1} (project-formats.md 5.6)} */
    static String packageStamp(String buildId, Environment environment) {
        String commit = buildId.endsWith(DIRTY) ? buildId.substring(0, buildId.length() - DIRTY.length()) : buildId;
        long time = seconds(environment, "BUILDSYS_VERSION_BUILD_TIMESTAMP");
        // '-' separates version and release in an RPM's name.
        return "." + String.format(java.util.Locale.ROOT, "%010d", time) + "." + commit.replace('-', '_') + ".br1";
    }

    private static long seconds(Environment environment, String variable) {
        String text = environment.variable(variable).orElse("0");
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > 0xFFFF_FFFFL) {
            throw invalid(variable, "'" + text + "' is not a number of seconds since 1970");
        }
        return Long.parseLong(text);
    }

    private static InvalidProjectException invalid(String variable, String message) {
        return new InvalidProjectException(List.of(Problem.error(variable, message)));
    }
}
