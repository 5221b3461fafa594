package dev.twoliter.rpm.internal.sqlite;

import org.jspecify.annotations.Nullable;

/** Makes the records of rows and puts what is too long for a page on overflow pages. Not thread-safe. */
final class Cells {
    // What a cell may hold on its page (fileformat2, 1.6): X of a table's leaf, X of an index, and M of both.
    private static final int MAX_TABLE = Pages.SIZE - 35;
    private static final int MAX_INDEX = (Pages.SIZE - 12) * 64 / 255 - 23;
    private static final int MIN = (Pages.SIZE - 12) * 32 / 255 - 23;

    private final Pages pages;
    private final Bytes header = new Bytes();
    private final Bytes body = new Bytes();
    private final Bytes record = new Bytes();

    Cells(Pages pages) {
        this.pages = pages;
    }

    /** A row: its number and its values; each is null, a text or a number. */
    byte[] row(long rowid, @Nullable Object... values) {
        encode(values);
        Bytes cell = new Bytes().varint(record.length()).varint(rowid);
        return spill(cell, MAX_TABLE);
    }

    /** An entry of an index: the value of the column and the number of the row. */
    byte[] entry(@Nullable Object value, long rowid) {
        encode(value, rowid);
        Bytes cell = new Bytes().varint(record.length());
        return spill(cell, MAX_INDEX);
    }

    private void encode(@Nullable Object... values) {
        header.clear();
        body.clear();
        for (Object value : values) {
            if (value == null) {
                header.varint(0);
            } else if (value instanceof String text) {
                header.varint(13 + 2L * body.utf8(text));
            } else {
                number(((Number) value).longValue());
            }
        }
        // The length of the header counts itself; headers here are far below the 2^14 that would need a third byte.
        int length = header.length() + (header.length() < 0x7F ? 1 : 2);
        record.clear();
        record.varint(length).add(header).add(body);
    }

    /** Serial types 1 to 6 are numbers of 1, 2, 3, 4, 6 and 8 bytes; 8 and 9 are 0 and 1 without a body. */
    private void number(long number) {
        if (number == 0 || number == 1) {
            header.add(8 + (int) number);
            return;
        }
        int bits = 65 - Long.numberOfLeadingZeros(number < 0 ? ~number : number);
        int type = bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 24 ? 3 : bits <= 32 ? 4 : bits <= 48 ? 5 : 6;
        header.add(type);
        body.bigEndian(number, type < 5 ? type : type == 5 ? 6 : 8);
    }

    private byte[] spill(Bytes cell, int most) {
        int total = record.length();
        if (total <= most) {
            return cell.add(record).toArray();
        }
        int perPage = Pages.SIZE - 4;
        int local = MIN + (total - MIN) % perPage;
        if (local > most) {
            local = MIN;
        }
        byte[] all = record.toArray();
        cell.add(all, 0, local).bigEndian(pages.count() + 1L, 4);
        for (int at = local; at < total; at += perPage) {
            int n = Math.min(perPage, total - at);
            boolean last = at + n == total;
            byte[] page = new Bytes()
                    .bigEndian(last ? 0 : pages.count() + 2L, 4)
                    .add(all, at, n)
                    .toArray();
            pages.add(page);
        }
        return cell.toArray();
    }
}
