package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ImageRef;
import dev.twoliter.oci.CopyOptions;
import dev.twoliter.oci.CopyResult;
import dev.twoliter.oci.ImageCopier;
import dev.twoliter.oci.ImageReader;
import dev.twoliter.oci.Platform;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code twoliter image copy}: an image from one place to another, with its digests. */
@Command(name = "copy", description = "Copies an image or index, to the byte: every digest stays.")
final class ImageCopyCommand implements Callable<Integer> {

    private static final String METADATA = "-metadata";

    private final TwoliterCommand twoliter;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ImageOptions options = new ImageOptions();

    @Parameters(index = "0", paramLabel = "FROM", description = "The image: " + ImageName.FORMS + ".")
    private @Nullable ImageName from;

    @Parameters(index = "1", paramLabel = "TO", description = "Where to: a tag in one of the same places.")
    private @Nullable ImageName to;

    @Option(
            names = "--arch",
            paramLabel = "A",
            description = "Copy only the image for x86_64 or aarch64, without the index.")
    private @Nullable Arch arch;

    @Option(names = "--signatures", description = "Copy cosign's signatures of everything that is copied as well.")
    private boolean signatures;

    @Option(names = "--metadata", description = "Copy the image with the tag TAG-metadata as well, if there is one.")
    private boolean metadata;

    @Option(names = "--jobs", paramLabel = "N", description = "How many layers are copied at once; default 4.")
    private int jobs = 4;

    ImageCopyCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        ImageName source = Objects.requireNonNull(from);
        ImageName target = Objects.requireNonNull(to);
        if (jobs < 1) {
            throw misuse("--jobs must be 1 or more");
        }
        if (target.ref().map(ImageRef::digest).flatMap(d -> d).isPresent()) {
            throw misuse(
                    "'" + target + "' has a digest: what is copied keeps its own; give the tag that it shall have");
        }
        if (metadata && (target.archive().isPresent() || source.archive().isPresent())) {
            throw misuse("--metadata is for registries and directories: an archive has one image");
        }
        try (ImageName.Opened opened =
                source.open(options.in(twoliter.terminal()).build())) {
            if (target.archive().isPresent()) {
                CopyResult result = ImageCopier.copyToArchive(
                        opened.repository(),
                        opened.reference(),
                        target.archive().get(),
                        target.tag(),
                        how(source));
                answer(target, List.of(result));
            } else {
                copy(source, opened, target);
            }
        }
        return 0;
    }

    private void copy(ImageName source, ImageName.Opened opened, ImageName target) {
        try (ImageName.Opened there =
                target.open(options.in(twoliter.terminal()).build())) {
            List<CopyResult> results = new ArrayList<>();
            String tag = there.reference();
            String meta = source.ref().flatMap(ImageRef::tag).orElse("") + METADATA;
            if (metadata && ImageReader.find(opened.repository(), meta).isPresent()) {
                results.add(
                        ImageCopier.copy(opened.repository(), meta, there.repository(), tag + METADATA, how(source)));
            }
            results.add(
                    0, ImageCopier.copy(opened.repository(), opened.reference(), there.repository(), tag, how(source)));
            answer(target, results);
        }
    }

    private CopyOptions how(ImageName source) {
        CopyOptions.Builder how = CopyOptions.builder()
                .signatures(signatures)
                .parallelism(jobs)
                .listener(twoliter.copying(source.text()));
        if (arch != null) {
            how.platform(new Platform("linux", arch.ociName()));
        }
        return how.build();
    }

    private ParameterException misuse(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private void answer(ImageName target, List<CopyResult> results) {
        CopyResult image = results.get(0);
        List<String> signed =
                results.stream().flatMap(one -> one.signatures().stream()).toList();
        int copied = results.stream().mapToInt(CopyResult::copiedBlobs).sum();
        long copiedBytes = results.stream().mapToLong(CopyResult::copiedBytes).sum();
        int present = results.stream().mapToInt(CopyResult::presentBlobs).sum();
        long presentBytes = results.stream().mapToLong(CopyResult::presentBytes).sum();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("reference", target.text());
        document.put("digest", image.root().digest().toString());
        document.put("images", image.images());
        document.put(
                "metadata", results.size() > 1 ? results.get(1).root().digest().toString() : null);
        document.put("signatures", signed);
        document.put("copied", Map.of("blobs", copied, "bytes", copiedBytes));
        document.put("present", Map.of("blobs", present, "bytes", presentBytes));
        twoliter.answer(
                document,
                target.text() + "@" + image.root().digest() + ": "
                        + ImageInspectCommand.count(image.images(), "image")
                        + (results.size() > 1 ? " and the metadata" : "")
                        + (signed.isEmpty() ? "" : ", " + ImageInspectCommand.count(signed.size(), "signature"))
                        + "; copied "
                        + ImageInspectCommand.bytes(copiedBytes)
                        + (present == 0 ? "" : ", " + ImageInspectCommand.bytes(presentBytes) + " were there"));
    }
}
