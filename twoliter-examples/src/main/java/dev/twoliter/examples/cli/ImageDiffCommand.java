package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.KitDiff;
import dev.twoliter.api.PackageChange;
import dev.twoliter.api.Twoliter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code twoliter image diff}: what is different between two kits. */
@Command(
        name = "diff",
        description = "Says what is different between two kits: packages, SDK, the kits that they need, and sizes.")
final class ImageDiffCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "BEFORE",
            description = "The first kit: docker://HOST/REPO:TAG or oci:DIR/REPO:TAG.")
    private @Nullable ImageName before;

    @Parameters(index = "1", paramLabel = "AFTER", description = "The second kit.")
    private @Nullable ImageName after;

    @Option(
            names = "--arch",
            paramLabel = "A",
            description = "x86_64 or aarch64; default this machine's, if both kits have it.")
    private @Nullable Arch arch;

    ImageDiffCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        ImageRef first = ref(before);
        ImageRef second = ref(after);
        KitDiff diff = arch == null ? Twoliter.compareKits(first, second) : Twoliter.compareKits(first, second, arch);
        twoliter.answer(() -> document(diff), () -> text(diff));
        return 0;
    }

    private ImageRef ref(@Nullable ImageName name) {
        return Objects.requireNonNull(name)
                .ref(twoliter.terminal().directory())
                .orElseThrow(() -> new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        "'" + name + "' is an archive: copy it to a directory first, with image copy " + name
                                + " oci:DIR/REPO:TAG"));
    }

    private static String text(KitDiff diff) {
        List<String> lines = new ArrayList<>();
        lines.add(title(diff.before()) + " -> " + title(diff.after()) + ", " + diff.arch());
        lines.addAll(diff.dependencies());
        for (PackageChange.Kind kind : PackageChange.Kind.values()) {
            diff.packages(kind).forEach(change -> lines.add(change.toString()));
        }
        long more = diff.after().size() - diff.before().size();
        lines.add(ImageInspectCommand.count(diff.packages().size(), "package") + " changed, " + diff.unchanged()
                + " as before; "
                + String.format(Locale.ROOT, "%,d", diff.after().size()) + " bytes, "
                + (more == 0
                        ? "as many as before"
                        : String.format(Locale.ROOT, "%,d %s", Math.abs(more), more > 0 ? "more" : "fewer")));
        return String.join("\n", lines);
    }

    private static String title(KitDiff.Side side) {
        return side.metadata().name() + " " + side.metadata().version();
    }

    private static Map<String, Object> document(KitDiff diff) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("arch", diff.arch().toString());
        document.put("before", document(diff.before()));
        document.put("after", document(diff.after()));
        document.put("dependencies", diff.dependencies());
        document.put(
                "packages",
                diff.packages().stream().map(ImageDiffCommand::document).toList());
        document.put("unchanged", diff.unchanged());
        return document;
    }

    private static Map<String, Object> document(KitDiff.Side side) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("reference", side.reference().toString());
        document.put("digest", side.digest().toString());
        document.put("size", side.size());
        document.put("kit", ImageInspectCommand.document(side.metadata()));
        return document;
    }

    private static Map<String, Object> document(PackageChange change) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", change.name());
        document.put("change", change.kind().name().toLowerCase(Locale.ROOT));
        document.put("before", document(change.before()));
        document.put("after", document(change.after()));
        return document;
    }

    private static @Nullable Map<String, Object> document(Optional<PackageChange.Build> found) {
        return found.map(build -> {
                    Map<String, Object> document = new LinkedHashMap<>();
                    document.put("evr", build.evr());
                    document.put("arch", build.arch());
                    document.put("size", build.size());
                    document.put("sha256", build.sha256().hex());
                    return document;
                })
                .orElse(null);
    }
}
