package dev.twoliter.core.internal.engine.spec;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.PackageStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that a spec names: {@code Source} and {@code Patch} tags, read as upstream does (project-formats.md 5.4). */
final class SpecSources {

    private static final Pattern TAG = Pattern.compile("\\s*((?i:Source|Patch)[0-9]*)\\s*:\\s*(\\S+).*");

    private SpecSources() {}

    /** Refuses a spec that names a plain file which nobody brings: rpmbuild would say so minutes later. */
    static void requirePresent(PackageStep step, Path spec, Set<String> present) {
        List<Problem> problems = new ArrayList<>();
        int number = 0;
        for (String line : lines(spec)) {
            number++;
            Matcher tag = TAG.matcher(line);
            if (tag.matches() && isPlain(tag.group(2)) && !present.contains(name(tag.group(2)))) {
                problems.add(new Problem(
                        Problem.Severity.ERROR,
                        "packages/" + step.spec().name() + "/" + spec.getFileName(),
                        number,
                        1,
                        tag.group(1),
                        "there is no file '" + name(tag.group(2)) + "'",
                        "put it beside the spec, or add it to external-files in Cargo.toml"));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidProjectException(problems);
        }
    }

    private static List<String> lines(Path spec) {
        try {
            // A spec may hold any bytes in a changelog; only its tags matter here.
            return Files.readString(spec, StandardCharsets.ISO_8859_1).lines().toList();
        } catch (IOException e) {
            throw StorageException.of("read", spec, e);
        }
    }

    /** Macros are expanded by rpm alone. */
    private static boolean isPlain(String value) {
        return !value.contains("%");
    }

    private static String name(String value) {
        return value.substring(value.lastIndexOf('/') + 1);
    }
}
