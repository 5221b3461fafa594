package dev.twoliter.core.internal.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Fills a new file, leaving out blocks of zeros. Best used with large pieces of whole blocks. Not thread-safe. */
public final class SparseOutput extends OutputStream {
    private final FileChannel file;
    private long position;

    /**
     * Writes from the start on.
     *
     * @param file empty; stays open
     */
    public SparseOutput(FileChannel file) {
        this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Channels.writeSparse(file, position, ByteBuffer.wrap(bytes, offset, length));
        position += length;
    }

    /** Makes the file as long as what was written. */
    @Override
    public void close() throws IOException {
        Channels.extend(file, position);
    }
}
