package dev.twoliter.core.internal.image;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.CancellationToken;
import dev.twoliter.core.internal.disk.lz4.Lz4FrameWriter;
import dev.twoliter.core.internal.io.Cancellable;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The files that a variant is published as, with upstream's names and links (variant-image.md 5). Used once. */
public final class Artefacts {
    private static final int BUFFER = 1 << 20;

    private final ImageNames names;
    private final Path output;
    private final Consumer<String> progress;
    private final CancellationToken cancellation;
    private final Map<String, Digest> digests = new HashMap<>();
    private final Lz4FrameWriter lz4 = new Lz4FrameWriter();

    /**
     * Prepares it.
     *
     * @param names what they are called
     * @param output their directory
     * @param progress is told what is written
     * @param cancellation ends it
     */
    public Artefacts(ImageNames names, Path output, Consumer<String> progress, CancellationToken cancellation) {
        this.names = names;
        this.output = output;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /** Writes what a file is made of. */
    public interface Content {
        /**
         * Writes it.
         *
         * @param out where to; not to be closed
         * @throws IOException if it cannot be written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** {@return the path of an artefact} */
    Path path(String suffix) {
        return output.resolve(names.stem() + suffix);
    }

    /**
     * Writes an artefact from its first to its last byte, hashing it on the way, and links to it.
     *
     * @param suffix what follows the stem, such as {@code .ova}
     * @param content writes it
     * @return the file
     */
    public Path write(String suffix, Content content) {
        progress.accept("writing " + suffix.substring(1));
        Path target = path(suffix);
        MessageDigest sha256 = Digest.newSha256();
        try (OutputStream file = new DigestOutputStream(Files.newOutputStream(target), sha256);
                OutputStream out = new BufferedOutputStream(file, BUFFER)) {
            content.writeTo(out);
            out.flush();
            known(target, Digest.ofSha256Hash(sha256.digest()));
            link(suffix);
            return target;
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
    }

    /** Compresses as {@code lz4 -9} does. */
    void compress(InputStream content, String suffix) {
        write(suffix, out -> {
            try (InputStream in = cancellable(content)) {
                lz4.write(in, out);
            }
        });
    }

    /** Writes what updates are made of. */
    void compressParts(Optional<Path> boot, RootImage root) throws IOException {
        if (boot.isPresent()) {
            compress(Files.newInputStream(boot.get()), "-boot.ext4.lz4");
        }
        compress(Files.newInputStream(root.image()), "-root.ext4.lz4");
        compress(Files.newInputStream(root.hashes()), "-root.verity.lz4");
    }

    InputStream cancellable(InputStream content) {
        return new Cancellable(content, cancellation);
    }

    /** Links to an artefact that something else wrote. */
    void link(String suffix) throws IOException {
        Path target = path(suffix);
        for (String stem : names.linkStems()) {
            Path link = output.resolve(stem + suffix);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, target.getFileName());
        }
    }

    /**
     * Links to an artefact by another name.
     *
     * @param name the link's
     * @param suffix the artefact's
     * @throws IOException if it cannot be made
     */
    public void linkAs(String name, String suffix) throws IOException {
        Path link = output.resolve(name);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, path(suffix).getFileName());
    }

    void known(Path file, Digest digest) {
        digests.put(file.getFileName().toString(), digest);
    }

    /** {@return the digests of the large files, by name} */
    public Map<String, Digest> digests() {
        return Map.copyOf(digests);
    }
}
