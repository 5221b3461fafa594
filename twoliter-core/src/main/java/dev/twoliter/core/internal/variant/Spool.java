package dev.twoliter.core.internal.variant;

import dev.twoliter.core.internal.disk.tree.ContentSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/**
 * The contents of a package's files, one behind the other in one file: a payload is one compressed stream, while an image
 * writer needs each content when its place comes. Thousands of small files would take longer to make and to delete than
 * to fill. Not thread-safe; what it gives out is, once it is closed.
 */
final class Spool implements AutoCloseable {
    private final Path file;
    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 16];
    private long size;

    /** Makes a new file. */
    Spool(Path file) throws IOException {
        this.file = file;
        this.out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Adds a content, which somebody may have hashed. */
    ContentSource add(InputStream content, Optional<String> sha256) throws IOException {
        long start = size;
        for (int n = content.readNBytes(buffer, 0, buffer.length);
                n > 0;
                n = content.readNBytes(buffer, 0, buffer.length)) {
            out.write(buffer, 0, n);
            size += n;
        }
        return new Part(file, start, size - start, sha256);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private record Part(Path file, long start, long size, Optional<String> sha256) implements ContentSource {
        @Override
        public InputStream open() throws IOException {
            return new PartStream(FileChannel.open(file, StandardOpenOption.READ), start, start + size);
        }
    }

    private static final class PartStream extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long position;

        PartStream(FileChannel channel, long start, long end) {
            this.channel = channel;
            this.position = start;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (position >= end) {
                return -1;
            }
            int count = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - position)), position);
            position += Math.max(count, 0);
            return count;
        }

        @Override
        public long skip(long count) {
            long skipped = Math.max(0, Math.min(count, end - position));
            position += skipped;
            return skipped;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
