package dev.twoliter.core.internal.disk.tree;

import dev.twoliter.api.StorageException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a content that must have the size it said; errors name the file and who brought it. Not thread-safe. */
public final class ContentReader implements Closeable {
    private final TreeEntry entry;
    private final ContentSource source;
    private final InputStream in;

    private ContentReader(TreeEntry entry, ContentSource source, InputStream in) {
        this.entry = entry;
        this.source = source;
        this.in = in;
    }

    /**
     * Opens a content.
     *
     * @param entry whose content it is, for messages
     * @param source the content
     * @return the reader
     * @throws StorageException if it cannot be opened
     */
    public static ContentReader open(TreeEntry entry, ContentSource source) {
        try {
            return new ContentReader(entry, source, source.open());
        } catch (IOException e) {
            throw unreadable(entry, e);
        }
    }

    /**
     * Reads bytes.
     *
     * @param buffer gets them
     * @param offset the first one's place
     * @param count how many; the content must have them
     * @throws StorageException if it has fewer, or cannot be read
     */
    public void read(byte[] buffer, int offset, int count) {
        try {
            if (in.readNBytes(buffer, offset, count) < count) {
                throw new EOFException("it has fewer bytes than the " + source.size() + " it said");
            }
        } catch (IOException e) {
            throw unreadable(entry, e);
        }
    }

    /**
     * Passes over bytes.
     *
     * @param count how many; the content must have them
     * @throws StorageException if it has fewer, or cannot be read
     */
    public void skip(long count) {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw unreadable(entry, new EOFException("it has fewer bytes than the " + source.size() + " it said"));
        } catch (IOException e) {
            throw unreadable(entry, e);
        }
    }

    /**
     * Checks that all has been read.
     *
     * @throws StorageException if there is more, or the content cannot be read
     */
    public void expectEnd() {
        try {
            if (in.read() >= 0) {
                throw new IOException("it has more bytes than the " + source.size() + " it said");
            }
        } catch (IOException e) {
            throw unreadable(entry, e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw unreadable(entry, e);
        }
    }

    private static StorageException unreadable(TreeEntry entry, IOException cause) {
        return StorageException.of("read", entry.path() + " of " + entry.origin(), cause);
    }
}
