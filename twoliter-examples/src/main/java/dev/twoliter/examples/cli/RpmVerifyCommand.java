package dev.twoliter.examples.cli;

import dev.twoliter.rpm.RpmVerification;
import dev.twoliter.rpm.RpmVerification.DigestCheck;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.RpmVerification.SignatureCheck;
import dev.twoliter.rpm.RpmVerification.Verdict;
import dev.twoliter.rpm.RpmVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twoliter rpm verify}: digests and signatures of packages. */
@Command(
        name = "verify",
        description = "Checks digests and signatures of packages; status 1 unless every one is signed and right.")
final class RpmVerifyCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The packages.")
    private List<Path> files = List.of();

    @Option(names = "--key", paramLabel = "PUB.asc", description = "A file with trusted public keys; may be repeated.")
    private List<Path> keys = new ArrayList<>();

    @Option(names = "--jobs", paramLabel = "N", description = "How many at a time; default one for each processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    RpmVerifyCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        FileProgress progress = twoliter.progress("checked", files.size());
        List<RpmVerification> found =
                RpmVerifier.withKeys(keys).verify(files, Math.max(1, jobs), one -> progress.oneMore());
        twoliter.answer(
                () -> found.stream().map(RpmVerifyCommand::document).toList(),
                () -> found.stream().map(RpmVerifyCommand::line).collect(Collectors.joining("\n")));
        if (keys.isEmpty() && found.stream().anyMatch(one -> one.verdict() == Verdict.NO_KEY)) {
            twoliter.hint("Give the public keys that you trust with --key.");
        }
        return found.stream().allMatch(one -> one.verdict() == Verdict.OK) ? 0 : 1;
    }

    private static String line(RpmVerification found) {
        List<String> remarks = new ArrayList<>();
        found.problem().ifPresent(remarks::add);
        for (DigestCheck digest : found.digests()) {
            if (digest.result() != Result.OK && digest.result() != Result.ABSENT) {
                remarks.add(digest.name() + " " + word(digest.result()));
            }
        }
        for (SignatureCheck signature : found.signatures()) {
            remarks.add("signature by " + signature.keyId() + " " + word(signature.result()));
        }
        return found.file() + ": " + word(found.verdict())
                + (remarks.isEmpty() ? "" : " (" + String.join(", ", remarks) + ")");
    }

    private static Map<String, Object> document(RpmVerification found) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", found.file().toString());
        document.put("verdict", word(found.verdict()));
        Map<String, String> digests = new LinkedHashMap<>();
        found.digests().forEach(digest -> digests.put(digest.name(), word(digest.result())));
        document.put("digests", digests);
        document.put(
                "signatures",
                found.signatures().stream()
                        .map(signature -> {
                            Map<String, String> one = new LinkedHashMap<>();
                            one.put("tag", signature.tag());
                            one.put("keyId", signature.keyId());
                            one.put("result", word(signature.result()));
                            return one;
                        })
                        .toList());
        found.problem().ifPresent(problem -> document.put("problem", problem));
        return document;
    }

    private static String word(Verdict verdict) {
        return verdict == Verdict.NO_KEY ? "nokey" : verdict.name().toLowerCase(Locale.ROOT);
    }

    private static String word(Result result) {
        return result.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
