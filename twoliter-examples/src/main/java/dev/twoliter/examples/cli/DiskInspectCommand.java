package dev.twoliter.examples.cli;

import dev.twoliter.api.DiskInspection;
import dev.twoliter.api.DiskInspection.Part;
import dev.twoliter.api.Twoliter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code twoliter disk inspect}: what is in a disk image. */
@Command(
        name = "inspect",
        description =
                "Says what is in a disk image: partitions, file systems, dm-verity trees; status 1 if one is damaged.")
final class DiskInspectCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Parameters(paramLabel = "FILE", description = "A raw disk, qcow2 or VMDK image, or a single file system.")
    private @Nullable Path file;

    DiskInspectCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        return answer(twoliter, Twoliter.inspectDisk(Objects.requireNonNull(file)));
    }

    static int answer(TwoliterCommand twoliter, DiskInspection found) {
        twoliter.answer(() -> document(found), () -> text(found));
        return found.isIntact() ? 0 : 1;
    }

    private static String text(DiskInspection found) {
        List<String> lines = new ArrayList<>();
        lines.add(found.file() + ": " + found.format() + " disk, " + ImageInspectCommand.bytes(found.size())
                + found.id().map(id -> ", " + id).orElse(""));
        for (Part part : found.parts()) {
            StringBuilder line = new StringBuilder();
            if (part.number() > 0) {
                line.append(String.format(
                        Locale.ROOT,
                        "%3d  %-24s %,15d bytes at %,15d  ",
                        part.number(),
                        part.label(),
                        part.size(),
                        part.offset()));
            } else {
                line.append("     ");
            }
            line.append(part.content());
            part.details()
                    .forEach((name, value) ->
                            line.append(' ').append(name).append('=').append(value));
            lines.add(line.toString());
            part.problem().ifPresent(problem -> lines.add("     problem: " + problem));
        }
        return String.join("\n", lines);
    }

    private static Map<String, Object> document(DiskInspection found) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", found.file().toString());
        document.put("format", found.format());
        document.put("size", found.size());
        document.put("id", found.id().orElse(null));
        document.put("intact", found.isIntact());
        document.put(
                "parts",
                found.parts().stream().map(DiskInspectCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(Part part) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("number", part.number());
        document.put("label", part.label());
        document.put("id", part.id());
        document.put("offset", part.offset());
        document.put("size", part.size());
        document.put("content", part.content());
        document.put("details", part.details());
        part.problem().ifPresent(problem -> document.put("problem", problem));
        return document;
    }
}
