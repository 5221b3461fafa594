package dev.twoliter.core.internal.variant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.io.Json;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.run.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The images of other variants as files of this one (newer-twoliter.md 4): what can be started, with its links, without
 * reports and lists. Their packages are packages of this image too. Immutable, thread-safe.
 */
final class GuestImages {

    private static final List<String> ENDINGS =
            List.of(".img.lz4", ".qcow2", ".vmdk", ".ova", ".ext4.lz4", ".fat.lz4", ".verity.lz4", ".eif");

    /** A file, or another name of one. */
    private record File(String path, Optional<String> sameAs, Path source, String sha256, String origin) {}

    private final List<File> files = new ArrayList<>();
    private final List<JsonNode> inventories = new ArrayList<>();

    private GuestImages() {}

    /**
     * Collects what the guests of a variant are.
     *
     * @param work the variant
     * @param results where its guests are
     * @return the files
     * @throws dev.twoliter.api.VerificationException if a file is not what its step made
     */
    static GuestImages of(Work.Variant work, Results results) {
        GuestImages images = new GuestImages();
        for (Work.Guest guest : work.guests()) {
            images.take(guest, results.of(guest.step()));
        }
        return images;
    }

    private void take(Work.Guest guest, Results.Result result) {
        for (StepRecord.Output output : result.record().outputs()) {
            Path source = result.target().resolve(output.path());
            String name = name(output.path());
            if (name.equals(Inventory.FILE)) {
                verify(source, output);
                inventories.add(read(source));
            } else if (ENDINGS.stream().anyMatch(name::endsWith)) {
                String path = guest.directory() + "/" + name;
                Optional<String> sameAs = output.linkTarget().map(target -> guest.directory() + "/" + name(target));
                if (sameAs.isEmpty()) {
                    verify(source, output);
                }
                files.add(new File(path, sameAs, source, output.sha256(), "guest " + guest.name()));
            }
        }
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void verify(Path file, StepRecord.Output output) {
        Results.requireSame(file, output.sha256(), Hashing.sha256(file).hex());
    }

    private static JsonNode read(Path inventory) {
        try {
            return Json.MAPPER.readTree(inventory.toFile());
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new FormatException(inventory.toString(), e.getOriginalMessage());
        } catch (IOException e) {
            throw StorageException.of("read", inventory, e);
        }
    }

    /**
     * Adds the files.
     *
     * @param tree what to
     * @param time of theirs, seconds since 1970
     */
    void addTo(TreeBuilder tree, long time) {
        for (File file : files) {
            if (file.sameAs().isPresent()) {
                tree.hardLink(file.path(), file.sameAs().get(), file.origin());
            } else {
                tree.file(
                        file.path(),
                        Attributes.root(0644, time),
                        ContentSource.of(file.source(), Optional.of(file.sha256())),
                        file.origin());
            }
        }
    }

    /** {@return what is in the guests, as {@link Inventory} writes it} */
    List<JsonNode> inventories() {
        return List.copyOf(inventories);
    }
}
