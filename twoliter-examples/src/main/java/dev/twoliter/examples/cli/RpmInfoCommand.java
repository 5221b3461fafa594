package dev.twoliter.examples.cli;

import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RpmFile;
import dev.twoliter.rpm.RpmHeader;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.RpmTag;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twoliter rpm info}: what packages say about themselves. Reads headers only. */
@Command(name = "info", description = "Says what packages are, need and hold.")
final class RpmInfoCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The packages.")
    private List<Path> files = List.of();

    @Option(names = "--tags", description = "Every entry of the header as well.")
    private boolean tags;

    RpmInfoCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        List<Map<String, Object>> documents = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Path file : files) {
            RpmPackage rpm = RpmPackage.open(file);
            documents.add(document(rpm));
            texts.add(text(rpm));
        }
        twoliter.answer(documents, String.join("\n\n", texts));
        return 0;
    }

    private Map<String, Object> document(RpmPackage rpm) {
        Map<String, Object> document = new LinkedHashMap<>(summary(rpm));
        for (RelationKind kind : RelationKind.values()) {
            document.put(
                    kind.name().toLowerCase(Locale.ROOT),
                    rpm.relations(kind).stream().map(Object::toString).toList());
        }
        document.put("files", rpm.files().stream().map(RpmInfoCommand::file).toList());
        document.put(
                "scriptlets",
                rpm.scriptlets().stream()
                        .map(one -> Map.of(
                                "event", one.event().name().toLowerCase(Locale.ROOT),
                                "interpreter", one.interpreter(),
                                "body", one.body()))
                        .toList());
        document.put(
                "changelog",
                rpm.changelog().stream()
                        .map(one -> Map.of("time", one.time().toString(), "author", one.author(), "text", one.text()))
                        .toList());
        if (tags) {
            document.put("tags", entries(rpm.header()));
        }
        return document;
    }

    private static Map<String, Object> summary(RpmPackage rpm) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("file", rpm.file().toString());
        summary.put("nevra", rpm.nevra().toString());
        summary.put("name", rpm.nevra().name());
        summary.put("epoch", rpm.nevra().evr().epoch());
        summary.put("version", rpm.nevra().evr().version());
        summary.put("release", rpm.nevra().evr().release());
        summary.put("arch", rpm.nevra().arch());
        summary.put("summary", rpm.summary());
        summary.put("license", rpm.license());
        summary.put("url", rpm.url());
        summary.put("vendor", rpm.vendor());
        summary.put("sourceRpm", rpm.sourceRpm());
        summary.put("buildTime", Instant.ofEpochSecond(rpm.buildTime()).toString());
        summary.put("buildHost", rpm.header().string(RpmTag.BUILDHOST).orElse(""));
        summary.put("installedSize", rpm.installedSize());
        summary.put("payloadSize", rpm.archiveSize());
        summary.put("compressor", rpm.header().string(RpmTag.PAYLOADCOMPRESSOR).orElse("none"));
        summary.put("signed", rpm.isSigned());
        summary.put("description", rpm.description());
        return summary;
    }

    private static Map<String, Object> file(RpmFile file) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("path", file.path());
        document.put("mode", String.format(Locale.ROOT, "%06o", file.mode()));
        document.put("owner", file.owner());
        document.put("group", file.group());
        document.put("size", file.size());
        document.put("digest", file.digest());
        document.put("link", file.linkTarget());
        document.put("flags", file.flags());
        document.put("time", Instant.ofEpochSecond(file.mtime()).toString());
        document.put("capabilities", file.capabilities());
        document.put("language", file.language());
        return document;
    }

    private static Map<String, Object> entries(RpmHeader header) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int tag : header.tags()) {
            RpmHeader.Type type = header.type(tag).orElseThrow();
            Object value;
            if (type.isNumeric()) {
                value = header.ints(tag);
            } else if (type == RpmHeader.Type.I18NSTRING) {
                value = header.translations(tag);
            } else {
                value = type.isText() ? header.strings(tag) : HexFormat.of().formatHex(header.bytes(tag));
            }
            entries.put(RpmTag.name(tag).orElse(Integer.toString(tag)), value);
        }
        return entries;
    }

    private String text(RpmPackage rpm) {
        StringBuilder text = new StringBuilder();
        summary(rpm).forEach((name, value) -> {
            if (!value.toString().isEmpty() && !name.equals("description")) {
                text.append(String.format(Locale.ROOT, "%-14s %s%n", name, value));
            }
        });
        for (RelationKind kind : RelationKind.values()) {
            rpm.relations(kind)
                    .forEach(relation -> text.append(
                            String.format(Locale.ROOT, "%-14s %s%n", kind.name().toLowerCase(Locale.ROOT), relation)));
        }
        text.append(rpm.files().size()).append(" files\n");
        if (tags) {
            entries(rpm.header())
                    .forEach((name, value) -> text.append(name)
                            .append(": ")
                            .append(value instanceof long[] numbers ? java.util.Arrays.toString(numbers) : value)
                            .append('\n'));
        }
        return text.append('\n').append(rpm.description()).toString().lines().collect(Collectors.joining("\n"));
    }
}
