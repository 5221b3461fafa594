package dev.twoliter.core.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** Does to files what broken disks and unfriendly people do. */
final class Damage {

    private Damage() {}

    /** Flips one bit and puts the old modification time back. */
    static void flipByte(Path file, long offset) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int old = bytes.read();
            bytes.seek(offset);
            bytes.write(old ^ 1);
        }
        Files.setLastModifiedTime(file, time);
    }
}
