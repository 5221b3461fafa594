package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.FetchResult;
import dev.twoliter.api.Project;
import dev.twoliter.api.SourceResult;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.plan.SourceRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code twoliter fetch}: gets what builds need from elsewhere, the external kits of the lock and the sources of packages. */
@Command(
        name = "fetch",
        description = "Gets the external kits of the lock and the sources of packages, and verifies them.")
final class FetchCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(
            names = "--arch",
            paramLabel = "A",
            description = "For which kits are pulled: x86_64 or aarch64; repeatable.")
    private List<Arch> arches = new ArrayList<>();

    @Option(names = "--sources", description = "Get the sources of packages only.")
    private boolean onlySources;

    @Option(names = "--no-sources", description = "Get the kits only.")
    private boolean onlyKits;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Copy the sources into a directory, to be served as a lookaside cache.")
    private @Nullable Path mirror;

    @Option(
            names = "--with-force-upstream",
            description = "Copy also those marked force-upstream, whose licence may not let everybody pass them on.")
    private boolean forcedUpstream;

    @Mixin
    private SourceOptions sources = new SourceOptions();

    @Mixin
    private NetworkOption network = new NetworkOption();

    @Spec
    private @Nullable CommandSpec command;

    FetchCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        checkUsage();
        Project project = twoliter.project();
        FetchResult kits = onlySources ? new FetchResult(List.of()) : project.fetch(arches, this::options);
        SourceResult found = onlyKits
                        || project.spec().packages().stream()
                                .allMatch(p -> p.externalFiles().isEmpty())
                ? new SourceResult(List.of(), List.of())
                : project.fetchSources(request(), this::options);
        twoliter.answer(
                Map.of(
                        "kits",
                        kits.kits().stream().map(FetchCommand::describe).toList(),
                        "sources",
                        found.sources().stream().map(FetchCommand::describe).toList(),
                        "leftOut",
                        found.leftOut().stream()
                                .map(one -> describe(one.packageName(), one.file()))
                                .toList()),
                text(kits, found));
        return 0;
    }

    private void checkUsage() {
        if (onlySources && onlyKits) {
            throw misuse("--sources and --no-sources exclude each other");
        }
        if (!onlySources && arches.isEmpty()) {
            throw misuse("say for which --arch kits are pulled, or fetch --sources only");
        }
        if (mirror != null && onlyKits) {
            throw misuse("--to is for sources, which --no-sources leaves out");
        }
        if (forcedUpstream && mirror == null) {
            throw misuse("--with-force-upstream is for --to");
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), message);
    }

    private SourceRequest request() {
        SourceRequest.Builder request = SourceRequest.builder().forcedUpstream(forcedUpstream);
        return (mirror == null ? request : request.mirror(mirror)).build();
    }

    private RunOptions.Builder options(RunOptions.Builder options) {
        return twoliter.listening(network.on(sources.on(options)));
    }

    private static String text(FetchResult kits, SourceResult sources) {
        List<String> lines = new ArrayList<>();
        kits.kits().forEach(kit -> lines.add(kit.kit() + " " + kit.arch() + "  " + kit.directory()));
        sources.sources()
                .forEach(one -> lines.add(one.packageName() + " " + one.file().name() + "  " + one.path()));
        sources.leftOut()
                .forEach(one -> lines.add(one.packageName() + " " + one.file().name() + "  left out: force-upstream"));
        return lines.isEmpty()
                ? "There is nothing to fetch: no external kits and no sources"
                : String.join("\n", lines);
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

    private static Map<String, Object> describe(SourceResult.FetchedSource source) {
        Map<String, Object> document = describe(source.packageName(), source.file());
        document.put("path", source.path().toString());
        document.put("size", source.size());
        document.put("fresh", source.fresh());
        return document;
    }

    private static Map<String, Object> describe(String packageName, ExternalFile file) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("package", packageName);
        document.put("name", file.name());
        document.put("sha512", file.sha512());
        return document;
    }
}
