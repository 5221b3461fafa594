package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.PackageExplanation;
import dev.twoliter.api.PackageExplanation.Source;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twoliter why PACKAGE}: why a package is in a variant, or why not. */
@Command(name = "why", description = "Says why a package is in a variant, or why not.")
final class WhyCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Parameters(
            paramLabel = "PACKAGE",
            description = "A package, with or without bottlerocket-, or a file or capability that packages provide.")
    private String name = "";

    @Option(names = "--variant", required = true, paramLabel = "V", description = "The variant.")
    private String variant = "";

    @Option(names = "--arch", paramLabel = "A", description = "x86_64 or aarch64; default this machine's.")
    private Arch arch = Arch.host();

    WhyCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        PackageExplanation answer = twoliter.project().why(name, variant, arch);
        twoliter.answer(document(answer), answer.toString());
        return 0;
    }

    private static Map<String, Object> document(PackageExplanation answer) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("package", answer.asked());
        document.put("variant", answer.variant());
        document.put("arch", answer.arch().toString());
        document.put("installed", answer.installed().map(WhyCommand::describe).orElse(null));
        document.put("chain", answer.chain());
        document.put("neededBy", answer.neededBy());
        document.put(
                "notTaken",
                answer.losers().stream()
                        .map(loser -> {
                            Map<String, Object> one = describe(loser.source());
                            one.put("because", loser.because());
                            return one;
                        })
                        .toList());
        return document;
    }

    private static Map<String, Object> describe(Source source) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("nevra", source.nevra());
        document.put("kit", source.kit());
        return document;
    }
}
