package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FetchResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code twoliter fetch}: pulls, verifies and unpacks every external kit of the lock. */
@Command(name = "fetch", description = "Pulls, verifies and unpacks the external kits of the lock.")
final class FetchCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(names = "--arch", required = true, paramLabel = "A", description = "x86_64 or aarch64; repeatable.")
    private List<Arch> arches = new ArrayList<>();

    @Mixin
    private NetworkOption network = new NetworkOption();

    FetchCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        FetchResult result = twoliter.project().fetch(arches, options -> twoliter.listening(network.on(options)));
        twoliter.answer(
                Map.of(
                        "kits",
                        result.kits().stream().map(FetchCommand::describe).toList()),
                text(result));
        return 0;
    }

    private static String text(FetchResult result) {
        return result.kits().isEmpty()
                ? "There is nothing to fetch: the project depends on no external kits"
                : result.kits().stream()
                        .map(kit -> kit.kit() + " " + kit.arch() + "  " + kit.directory())
                        .collect(Collectors.joining("\n"));
    }

    private static Map<String, Object> describe(FetchResult.FetchedKit kit) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", kit.kit().name());
        document.put("version", kit.kit().version().toString());
        document.put("vendor", kit.kit().vendor());
        document.put("arch", kit.arch().toString());
        document.put("directory", kit.directory().toString());
        document.put("digest", kit.digest().toString());
        document.put("fresh", kit.fresh());
        return document;
    }
}
