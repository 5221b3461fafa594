package dev.twoliter.rpm.internal.sqlite;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table that is being filled, with its indexes. Not thread-safe. */
public final class SqliteTable {
    final String name;
    final String sql;
    final List<SqliteIndex> indexes = new ArrayList<>();
    private final Cells cells;
    private final TableTree tree;
    private long rows;

    SqliteTable(String name, String sql, Pages pages) {
        this.name = name;
        this.sql = sql;
        this.cells = new Cells(pages);
        this.tree = new TableTree(pages);
    }

    /**
     * Adds a row, which gets the next number from 1 on.
     *
     * @param values a text, a number or null each, in the order of the columns; a column that is {@code INTEGER PRIMARY
     *     KEY} must be null, which stands for the row's number
     */
    public void add(@Nullable Object... values) {
        rows++;
        tree.add(rows, cells.row(rows, values));
        for (SqliteIndex index : indexes) {
            index.add(values[index.column], rows);
        }
    }

    /**
     * Adds an index; before the first row.
     *
     * @param indexName its name
     * @param column the position of its column
     * @param statement what would create it
     */
    public SqliteTable index(String indexName, int column, String statement) {
        indexes.add(new SqliteIndex(indexName, column, statement));
        return this;
    }

    int finish() {
        return tree.finish();
    }
}
