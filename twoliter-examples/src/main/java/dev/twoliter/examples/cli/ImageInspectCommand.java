package dev.twoliter.examples.cli;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.KitMetadata;
import dev.twoliter.api.Twoliter;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageInspection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code twoliter image inspect}: what an image or index is, without reading its layers. */
@Command(name = "inspect", description = "Says what an image or index is made of, and what a kit says of itself.")
final class ImageInspectCommand implements Callable<Integer> {

    private static final String KIT_LABEL = "dev.bottlerocket.kit.";

    private final TwoliterCommand twoliter;

    @Mixin
    private ImageOptions options = new ImageOptions();

    @Parameters(paramLabel = "IMAGE", description = "The image: " + ImageName.FORMS + ".")
    private @Nullable ImageName image;

    ImageInspectCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        ImageName name = java.util.Objects.requireNonNull(image);
        try (ImageName.Opened opened = name.open(options.in(twoliter.terminal()).build())) {
            ImageInspection found = ImageInspection.of(opened.repository(), opened.reference());
            Optional<KitMetadata> kit = kit(found);
            twoliter.answer(() -> document(name, found, kit), () -> text(name, found, kit));
        }
        return 0;
    }

    /** A broken label is told, and does not hide the rest. */
    private Optional<KitMetadata> kit(ImageInspection found) {
        for (ImageInspection.Image one : found.images()) {
            try {
                Optional<KitMetadata> kit = Twoliter.kitMetadata(one.labels());
                if (kit.isPresent()) {
                    return kit;
                }
            } catch (FormatException e) {
                twoliter.terminal().err().println("warning: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static String text(ImageName name, ImageInspection found, Optional<KitMetadata> kit) {
        List<String> lines = new ArrayList<>();
        lines.add(name.text());
        if (found.isIndex()) {
            lines.add(line(
                    "index",
                    found.descriptor().digest() + ", " + count(found.images().size(), "image") + ", "
                            + signatures(found.signatures())));
        }
        found.annotations().forEach((key, value) -> lines.add(line("annotation", key + " = " + value)));
        kit.ifPresent(known -> {
            lines.add(line("kit", known.name() + " " + known.version()));
            lines.add(line("sdk", words(known.sdk())));
            lines.add(line(
                    "needs",
                    known.kits().isEmpty()
                            ? "no other kit"
                            : known.kits().stream()
                                    .map(ImageInspectCommand::words)
                                    .collect(Collectors.joining(", "))));
        });
        found.images().forEach(one -> lines.addAll(text(one)));
        return String.join("\n", lines);
    }

    private static List<String> text(ImageInspection.Image one) {
        List<String> lines = new ArrayList<>();
        lines.add(platform(one));
        lines.add(line("image", one.descriptor().digest() + ", " + signatures(one.signatures())));
        lines.add(line("created", one.created().toString()));
        one.labels()
                .forEach((key, value) -> lines.add(line(
                        "label",
                        key.startsWith(KIT_LABEL) ? key + " (what kit, sdk and needs say)" : key + " = " + value)));
        lines.add(line("size", bytes(one.size()) + " in " + count(one.layers().size(), "layer")));
        for (Descriptor layer : one.layers()) {
            lines.add(line("layer", layer.digest() + "  " + bytes(layer.size()) + "  " + layer.mediaType()));
        }
        return lines;
    }

    private static String line(String key, String value) {
        return String.format(Locale.ROOT, "  %-10s %s", key, value);
    }

    private static String platform(ImageInspection.Image one) {
        return one.descriptor().platform().map(Object::toString).orElse("no platform");
    }

    private static String words(ImageDependency image) {
        return image.name() + " " + image.version() + " of " + image.vendor();
    }

    private static String signatures(int count) {
        return count == 0 ? "not signed" : count(count, "signature");
    }

    static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%,d bytes", bytes);
    }

    private static Map<String, Object> document(ImageName name, ImageInspection found, Optional<KitMetadata> kit) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("reference", name.text());
        document.put("index", found.isIndex());
        document.putAll(document(found.descriptor()));
        document.put("signatures", found.signatures());
        document.put("annotations", found.annotations());
        document.put("kit", kit.map(ImageInspectCommand::document).orElse(null));
        document.put(
                "images",
                found.images().stream().map(ImageInspectCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(ImageInspection.Image one) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(
                "platform", one.descriptor().platform().map(Object::toString).orElse(null));
        document.putAll(document(one.descriptor()));
        document.put("signatures", one.signatures());
        document.put("created", one.created().toString());
        document.put("labels", one.labels());
        document.put("layersSize", one.size());
        document.put(
                "layers",
                one.layers().stream().map(ImageInspectCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(Descriptor descriptor) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("digest", descriptor.digest().toString());
        document.put("mediaType", descriptor.mediaType());
        document.put("size", descriptor.size());
        return document;
    }

    static Map<String, Object> document(KitMetadata kit) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", kit.name());
        document.put("version", kit.version().toString());
        document.put("sdk", document(kit.sdk()));
        document.put(
                "kits", kit.kits().stream().map(ImageInspectCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(ImageDependency image) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", image.name());
        document.put("version", image.version().toString());
        document.put("vendor", image.vendor());
        return document;
    }
}
