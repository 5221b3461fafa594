package dev.twoliter.rpm.internal.sqlite;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** The pages of a database that is being written; numbers begin at 1. Not thread-safe. */
final class Pages {
    static final int SIZE = 4096;

    private final List<byte[]> pages = new ArrayList<>();

    Pages() {
        pages.add(new byte[SIZE]); // the first page is written last
    }

    int count() {
        return pages.size();
    }

    /** Adds a page, filled up with zeros, and returns its number. */
    int add(byte[] content) {
        if (content.length > SIZE) {
            throw new IllegalArgumentException("a page of " + content.length + " bytes");
        }
        pages.add(content.length == SIZE ? content : java.util.Arrays.copyOf(content, SIZE));
        return pages.size();
    }

    void first(byte[] content) {
        pages.set(0, content);
    }

    /** Writes over the beginning of the first page. */
    void header(byte[] content) {
        System.arraycopy(content, 0, pages.get(0), 0, content.length);
    }

    void writeTo(OutputStream out) throws IOException {
        for (byte[] page : pages) {
            out.write(page);
        }
    }
}
