package dev.twoliter.rpm.internal.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** A file that appears under its name only when it is complete. Not thread-safe. */
public final class AtomicFile implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    private AtomicFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Opens a temporary file beside the target. */
    public static AtomicFile create(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        return new AtomicFile(
                absolute,
                temporary,
                FileChannel.open(
                        temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    public FileChannel channel() {
        return channel;
    }

    /** Gives it the permissions it shall have under its final name. */
    public void permissions(Set<PosixFilePermission> permissions) throws IOException {
        Files.setPosixFilePermissions(temporary, permissions);
    }

    /** Writes the file to the disk and moves it to its name; until then closing discards it. */
    public void commit() throws IOException {
        channel.force(true);
        publish();
    }

    /** Moves the file to its name without waiting for the disk. */
    public void publish() throws IOException {
        channel.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Moves the file to another name in the same directory, one that tells its content; it is not forced to the disk. */
    public void commitAs(String name) throws IOException {
        channel.close();
        Files.move(
                temporary,
                target.resolveSibling(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a small file as a whole. */
    public static void write(Path target, byte[] content) throws IOException {
        try (AtomicFile file = create(target)) {
            java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                file.channel.write(buffer);
            }
            file.commit();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
