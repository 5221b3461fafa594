package dev.twoliter.rpm.internal.sqlite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a whole database in the format of SQLite 3, once: tables get their rows one after the other, and indexes are
 * sorted and written at the end. No library is needed for that, and the bytes depend on nothing but the rows. Source:
 * sqlite.org, "Database File Format" (fileformat2). Not thread-safe.
 *
 * <pre>
 * "SQLite format 3\0" | page size u16 | write version 1 | read version 1 | reserved 0 | 64 | 32 | 32
 * changes u32 | pages u32 | free list u32 = 0, u32 = 0 | schema changes u32 | schema format u32 = 4 | cache u32 = 0
 * largest root u32 = 0 | encoding u32 = 1 (UTF-8) | user version u32 = 0 | vacuum u32 = 0 | application u32 = 0
 * 20 zeros | changes u32, again | version of SQLite u32
 * </pre>
 */
public final class SqliteWriter {
    private static final int HEADER_BYTES = 100;
    /** The first version whose header says how many pages there are: 3.7.0. */
    private static final int VERSION = 3_007_000;

    private final Pages pages = new Pages();
    private final List<SqliteTable> tables = new ArrayList<>();
    private final List<Trigger> triggers = new ArrayList<>();

    private record Trigger(String name, String table, String sql) {}

    /**
     * Adds a table.
     *
     * @param name its name
     * @param statement what would create it
     */
    public SqliteTable table(String name, String statement) {
        SqliteTable table = new SqliteTable(name, statement, pages);
        tables.add(table);
        return table;
    }

    /** Adds a trigger, which does nothing here. */
    public void trigger(String name, String table, String statement) {
        triggers.add(new Trigger(name, table, statement));
    }

    /** Writes the database; nothing may be added afterwards. */
    public void writeTo(OutputStream out) throws IOException {
        writeSchema(schema());
        pages.header(header(pages.count()));
        pages.writeTo(out);
    }

    /** Writes what is left of all tables and indexes and returns the rows of {@code sqlite_schema}. */
    private List<byte[]> schema() {
        List<byte[]> rows = new ArrayList<>();
        Cells cells = new Cells(pages);
        for (SqliteTable table : tables) {
            rows.add(cells.row(rows.size() + 1L, "table", table.name, table.name, table.finish(), table.sql));
        }
        for (Trigger trigger : triggers) {
            rows.add(cells.row(rows.size() + 1L, "trigger", trigger.name, trigger.table, 0, trigger.sql));
        }
        for (SqliteTable table : tables) {
            for (SqliteIndex index : table.indexes) {
                rows.add(cells.row(rows.size() + 1L, "index", index.name, table.name, index.finish(pages), index.sql));
            }
        }
        return rows;
    }

    /** The schema's root is the first page: the only one if all rows fit, else the parent of at least two. */
    private void writeSchema(List<byte[]> rows) {
        PageBuilder only = new PageBuilder(PageBuilder.TABLE_LEAF, HEADER_BYTES);
        if (rows.stream().allMatch(only::add)) {
            pages.first(only.finish());
            return;
        }
        TableTree tree = new TableTree(pages);
        for (int i = 0; i < rows.size(); i++) {
            if (i == rows.size() - 1) {
                tree.endLeaf();
            }
            tree.add(i + 1L, rows.get(i));
        }
        tree.finishInFirstPage(HEADER_BYTES);
    }

    private static byte[] header(int pageCount) {
        return new Bytes()
                .add("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII), 0, 16)
                .bigEndian(Pages.SIZE, 2)
                .bigEndian(0x0101_0040_2020L, 6)
                .bigEndian(1, 4)
                .bigEndian(pageCount, 4)
                .bigEndian(0, 8)
                .bigEndian(1, 4)
                .bigEndian(4, 4)
                .bigEndian(0, 8)
                .bigEndian(1, 4)
                .bigEndian(0, 8)
                .bigEndian(0, 4)
                .add(new byte[20], 0, 20)
                .bigEndian(1, 4)
                .bigEndian(VERSION, 4)
                .toArray();
    }
}
