package dev.twoliter.rpm.internal.sqlite;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of an index on one column while the rows of its table are added. Not thread-safe. */
final class SqliteIndex {
    final String name;
    final int column;
    final String sql;
    private final List<Key> keys = new ArrayList<>();

    SqliteIndex(String name, int column, String sql) {
        this.name = name;
        this.column = column;
        this.sql = sql;
    }

    /** SQLite orders null before numbers before texts, and texts by their bytes. */
    private record Key(@Nullable Object value, byte[] bytes, long rowid) implements Comparable<Key> {
        private static final byte[] NONE = {};

        static Key of(@Nullable Object value, long rowid) {
            return new Key(value, value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : NONE, rowid);
        }

        private int rank() {
            return value == null ? 0 : value instanceof Number ? 1 : 2;
        }

        @Override
        public int compareTo(Key other) {
            int order = Integer.compare(rank(), other.rank());
            if (order == 0 && value instanceof Number a && other.value instanceof Number b) {
                order = Long.compare(a.longValue(), b.longValue());
            }
            if (order == 0) {
                order = Arrays.compareUnsigned(bytes, other.bytes);
            }
            return order == 0 ? Long.compare(rowid, other.rowid) : order;
        }
    }

    void add(@Nullable Object value, long rowid) {
        keys.add(Key.of(value, rowid));
    }

    int finish(Pages pages) {
        keys.sort(null);
        Cells cells = new Cells(pages);
        List<byte[]> entries = new ArrayList<>(keys.size());
        for (Key key : keys) {
            entries.add(cells.entry(key.value, key.rowid));
        }
        return IndexTree.write(pages, entries);
    }
}
