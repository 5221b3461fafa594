package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockException;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.Subject;
import dev.twoliter.core.internal.io.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code Twoliter.lock} (project-formats.md 2.1 and 2.2, newer-twoliter.md 2):
 *
 * <pre>
 * schema-version = 2
 * kit = []                     only without kits
 * project-vendor = "…"         only in schema 2
 *
 * [sdk]                        name, version, vendor, source, digest
 *
 * [[kit]]                      the same, once for each kit
 * </pre>
 */
public final class LockFile {

    /** The file's name. */
    public static final String NAME = "Twoliter.lock";

    private LockFile() {}

    /**
     * Reads the lock.
     *
     * @param projectDirectory the project directory
     * @return the lock; empty when there is no file
     * @throws InvalidProjectException if the file is not a lock
     * @throws LockException if a source and a version differ, as after editing by hand
     * @throws StorageException if the file cannot be read
     */
    public static Optional<Lock> read(Path projectDirectory) {
        return read(projectDirectory.resolve(NAME), NAME);
    }

    /**
     * Reads a lock file under any name, as {@link #read} does.
     *
     * @param file the file
     * @return the lock; empty when there is no file
     */
    public static Optional<Lock> readFile(Path file) {
        return read(file, file.toString());
    }

    private static Optional<Lock> read(Path file, String shown) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Problems problems = new Problems();
        Optional<Lock> lock =
                TomlView.read(file, shown, Subject.PROJECT, problems).view().flatMap(LockFile::lock);
        problems.check();
        lock.ifPresent(LockFile::checkSources);
        return lock;
    }

    private static Optional<Lock> lock(TomlView root) {
        // Unknown keys are ignored: locks of twoliter 0.4 have a release-version and a digest at the root.
        OptionalLong schema = root.integer("schema-version", 0, 0xFFFF_FFFFL);
        if (!root.has("schema-version")) {
            root.error("schema-version", "the key 'schema-version' is missing", "");
        }
        if (schema.isPresent() && schema.getAsLong() != 1 && schema.getAsLong() != 2) {
            root.error(
                    "schema-version",
                    "this lock has the schema " + schema.getAsLong() + ", but only 1 and 2 are known",
                    "use a newer version, or write the lock anew with `twoliter update`");
            return Optional.empty();
        }
        Optional<String> vendor = schema.isPresent() && schema.getAsLong() == 2
                ? root.required("project-vendor")
                : Optional.of(ProjectSpec.DEFAULT_VENDOR);
        if (!root.has("sdk")) {
            root.error("sdk", "the table [sdk] is missing", "write the lock anew with `twoliter update`");
        }
        if (!root.has("kit")) {
            root.error("kit", "there is neither a [[kit]] nor kit = []", "write the lock anew with `twoliter update`");
        }
        Optional<LockedImage> sdk = root.table("sdk").flatMap(LockFile::image);
        List<LockedImage> kits = new ArrayList<>();
        root.tables("kit").forEach(kit -> image(kit).ifPresent(kits::add));
        return schema.isPresent() && vendor.isPresent() && sdk.isPresent()
                ? Optional.of(new Lock((int) schema.getAsLong(), vendor.get(), sdk.get(), kits))
                : Optional.empty();
    }

    private static Optional<LockedImage> image(TomlView table) {
        Optional<String> name = identifier(table, "name");
        Optional<SemVer> version = Versions.of(table, "version");
        Optional<String> vendor = identifier(table, "vendor");
        Optional<String> source = table.required("source");
        Optional<String> digest = table.required("digest").filter(text -> {
            boolean good = isSha256(text);
            if (!good) {
                table.error(
                        "digest",
                        "'" + text + "' is not base64 of the 32 bytes of a SHA-256",
                        "write the lock anew with `twoliter update`");
            }
            return good;
        });
        return name.isPresent() && version.isPresent() && vendor.isPresent() && source.isPresent() && digest.isPresent()
                ? Optional.of(new LockedImage(name.get(), version.get(), vendor.get(), source.get(), digest.get()))
                : Optional.empty();
    }

    /** Names become directories, so only upstream's identifiers get through (project-formats.md 1.2). */
    private static Optional<String> identifier(TomlView table, String key) {
        return table.required(key).filter(text -> {
            boolean good = text.matches("[A-Za-z0-9_-]+");
            if (!good) {
                table.error(
                        key,
                        "'" + text + "' is not made of letters, digits, '_' and '-'",
                        "write the lock anew with `twoliter update`");
            }
            return good;
        });
    }

    private static boolean isSha256(String base64) {
        try {
            // Encoded again, so that padding and unused bits are the standard's.
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == 32
                    && Base64.getEncoder().encodeToString(bytes).equals(base64);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The check for edits by hand: the tag of a source is {@code v} and the version. */
    private static void checkSources(Lock lock) {
        List<LockedImage> images = new ArrayList<>(lock.kits());
        images.add(0, lock.sdk());
        List<String> differences = new ArrayList<>();
        for (LockedImage image : images) {
            String tag = image.source().substring(image.source().lastIndexOf(':') + 1);
            if (!tag.equals("v" + image.version())) {
                differences.add(image.name() + ": the version is " + image.version() + ", but the source "
                        + image.source() + " ends in '" + tag + "' instead of 'v" + image.version() + "'");
            }
        }
        if (!differences.isEmpty()) {
            throw new LockException(
                    LockException.Reason.MISMATCH,
                    NAME + " contradicts itself: " + String.join("; ", differences),
                    "Do not edit " + NAME + ": change Twoliter.toml and run `twoliter update`.",
                    differences);
        }
    }

    /**
     * {@return the text of a lock, byte for byte as twoliter writes it}
     *
     * @param lock the lock, of schema 1 or 2
     * @throws IllegalArgumentException if it has another schema
     */
    public static String format(Lock lock) {
        if (lock.schemaVersion() != 1 && lock.schemaVersion() != 2) {
            throw new IllegalArgumentException("a lock has the schema 1 or 2, not " + lock.schemaVersion());
        }
        TomlText text = new TomlText().put("schema-version", lock.schemaVersion());
        if (lock.kits().isEmpty()) {
            text.put("kit", List.of());
        }
        if (lock.schemaVersion() == 2) {
            text.put("project-vendor", lock.projectVendor());
        }
        put(text.table("sdk"), lock.sdk());
        lock.kits().forEach(kit -> put(text.element("kit"), kit));
        return text.toString();
    }

    private static void put(TomlText text, LockedImage image) {
        text.put("name", image.name())
                .put("version", image.version().toString())
                .put("vendor", image.vendor())
                .put("source", image.source())
                .put("digest", image.digest());
    }

    /**
     * Writes the lock, replacing an older one at once, unless the file holds it already.
     *
     * @param projectDirectory the project directory
     * @param lock the lock
     * @throws StorageException if it cannot be written
     */
    public static void write(Path projectDirectory, Lock lock) {
        Path file = projectDirectory.resolve(NAME);
        try {
            byte[] bytes = format(lock).getBytes(StandardCharsets.UTF_8);
            if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
                AtomicFiles.writeDurably(file, bytes);
            }
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }
}
