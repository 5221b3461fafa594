package dev.twoliter.core.internal.project;

import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a small file so that under its name there is the old content or the new one, never a part. */
final class AtomicFile {

    private AtomicFile() {}

    static void write(Path file, byte[] bytes) {
        try {
            replace(file, bytes);
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    static void replace(Path file, byte[] bytes) throws IOException {
        // Not Files.createTempFile: that makes files only their owner can read.
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
