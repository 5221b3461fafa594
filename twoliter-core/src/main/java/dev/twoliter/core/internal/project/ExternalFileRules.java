package dev.twoliter.core.internal.project;

import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of {@code external-files} (project-formats.md 4.3), for reading and for writing. */
final class ExternalFileRules {

    private static final Pattern SHA512 = Pattern.compile("[0-9a-f]{128}");

    private ExternalFileRules() {}

    /** {@return the problems of an entry, by key} */
    static List<Problem> of(ExternalFile file) {
        List<Problem> problems = new ArrayList<>();
        try {
            if (!new URI(file.url()).isAbsolute()) {
                problems.add(Problem.error("url", "'" + file.url() + "' is not a URL"));
            }
        } catch (URISyntaxException e) {
            problems.add(Problem.error("url", "'" + file.url() + "' is not a URL: " + e.getReason()));
        }
        if (!SHA512.matcher(file.sha512()).matches()) {
            problems.add(Problem.error("sha512", "a SHA-512 has 128 lower-case hexadecimal digits")
                    .withHint("as sha512sum prints it"));
        }
        String path = file.pathOrNull();
        if (path != null
                && (path.isEmpty() || path.equals(".") || path.equals("..") || path.matches("(?s).*[/\\\\\0].*"))) {
            problems.add(Problem.error("path", "'" + path + "' is not the name of a file in the package directory"));
        }
        return problems;
    }
}
