package dev.twoliter.examples.cli;

import dev.twoliter.rpm.RpmFile;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.RpmUnpacker;
import dev.twoliter.rpm.TreeManifest;
import dev.twoliter.rpm.Unpacked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twoliter rpm unpack}: the files of packages in a directory. */
@Command(name = "unpack", description = "Unpacks packages into a directory; nothing is written outside of it.")
final class RpmUnpackCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The packages, unpacked in this order.")
    private List<Path> files = List.of();

    @Option(names = "--out", required = true, paramLabel = "D", description = "Where; made if it is missing.")
    private Path directory = Path.of("out");

    @Option(names = "--overwrite", description = "Replace files and links that exist.")
    private boolean overwrite;

    @Option(names = "--owners", description = "Set owners, groups and set-id bits; needs root.")
    private boolean owners;

    @Option(
            names = "--manifests",
            paramLabel = "D",
            description = "Also write NAME.mtree for each package: owners, modes, capabilities and devices as text.")
    private @Nullable Path manifests;

    RpmUnpackCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        RpmUnpacker unpacker = RpmUnpacker.into(directory).overwrite(overwrite).owners(owners);
        List<Map<String, Object>> documents = new ArrayList<>();
        for (Path file : files) {
            RpmPackage rpm = RpmPackage.open(file);
            Unpacked made = unpacker.unpack(rpm);
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("file", file.toString());
            document.put("nevra", rpm.nevra().toString());
            document.put("directory", made.directory().toString());
            document.put("files", made.files().size());
            document.put("skipped", made.skipped().stream().map(RpmFile::path).toList());
            if (manifests != null) {
                Path manifest = manifests.resolve(rpm.nevra() + ".mtree");
                TreeManifest.write(rpm, manifest);
                document.put("manifest", manifest.toString());
            }
            documents.add(document);
        }
        twoliter.answer(
                documents,
                documents.stream()
                        .map(one -> one.get("nevra") + ": " + one.get("files") + " files in " + one.get("directory")
                                + (List.of().equals(one.get("skipped")) ? "" : ", without " + one.get("skipped")))
                        .collect(Collectors.joining("\n")));
        return 0;
    }
}
