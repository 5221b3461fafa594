package dev.twoliter.examples.cli;

import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.repo.RepoChecker;
import dev.twoliter.rpm.repo.RepoReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code twoliter repo check}: whether an index and its packages are what they should be. */
@Command(
        name = "check",
        description = "Checks the index of a directory, and that every package is the one that it lists.")
final class RepoCheckCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The directory.")
    private Path directory = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "PUB",
            description = "An OpenPGP public key; the index must be signed by one of these. Repeatable.")
    private List<Path> keys = new ArrayList<>();

    @Option(names = "--workers", paramLabel = "N", description = "How many packages are read at a time.")
    private int workers = Runtime.getRuntime().availableProcessors();

    RepoCheckCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        RepoChecker.Builder checker = RepoChecker.builder().workers(Workers.checked(workers, spec));
        if (!keys.isEmpty()) {
            checker.verifier(RpmVerifier.withKeys(keys));
        }
        twoliter.counting("checking").ifPresent(checker::progress);
        RepoReport report = checker.build().check(directory);
        twoliter.answer(document(report), text(report));
        return report.isGood() ? 0 : 1;
    }

    private static Map<String, Object> document(RepoReport report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("good", report.isGood());
        document.put("packages", report.packages());
        document.put("metadataFiles", report.metadataFiles());
        document.put("problems", report.problems());
        document.put("unlisted", report.unlisted());
        return document;
    }

    private static String text(RepoReport report) {
        List<String> lines = new ArrayList<>();
        report.problems().forEach(problem -> lines.add("bad       " + problem.file() + ": " + problem.message()));
        report.unlisted().forEach(file -> lines.add("unlisted  " + file));
        lines.add((report.isGood() ? "good      " : "bad       ") + report.packages() + " packages, "
                + report.metadataFiles() + " metadata files");
        return String.join("\n", lines);
    }
}
