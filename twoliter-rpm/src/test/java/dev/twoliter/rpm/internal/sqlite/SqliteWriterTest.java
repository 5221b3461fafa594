package dev.twoliter.rpm.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write, SQLite itself reads and finds sound. */
class SqliteWriterTest {
    @TempDir
    Path directory;

    private static SqliteTable table(SqliteWriter writer) {
        return writer.table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, number INTEGER)")
                .index("names", 1, "CREATE INDEX names ON t (name)")
                .index("numbers", 2, "CREATE INDEX numbers ON t (number)");
    }

    private static byte[] bytes(SqliteWriter writer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeTo(out);
        return out.toByteArray();
    }

    private List<String> query(byte[] database, String sql) throws IOException, SQLException {
        Path file = Files.write(directory.resolve("test.sqlite"), database);
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(i == 1 ? "" : "|").append(result.getString(i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Test
    void an_empty_database_is_sound() throws Exception {
        SqliteWriter writer = new SqliteWriter();
        table(writer);
        byte[] database = bytes(writer);
        assertThat(query(database, "pragma integrity_check")).containsExactly("ok");
        assertThat(query(database, "select count(*) from t")).containsExactly("0");
    }

    @Test
    void values_of_every_kind_and_size_come_back() throws Exception {
        SqliteWriter writer = new SqliteWriter();
        SqliteTable table = table(writer);
        List<String> expected = new ArrayList<>();
        List<Long> numbers = new ArrayList<>(List.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
        for (int bit = 7; bit < 63; bit += 8) {
            numbers.addAll(List.of((1L << bit) - 1, 1L << bit, -(1L << bit), -(1L << bit) - 1));
        }
        for (long number : numbers) {
            String text = number % 2 == 0 ? "grüße 𝄞 " + number : null;
            table.add(null, text, number);
            expected.add(expected.size() + 1 + "|" + text + "|" + number);
        }
        byte[] database = bytes(writer);
        assertThat(query(database, "select * from t order by id")).isEqualTo(expected);
        assertThat(query(database, "pragma integrity_check")).containsExactly("ok");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50, 300, 301, 302, 303, 1_000, 20_000, 150_000})
    void any_number_of_rows_makes_sound_trees_whose_indexes_find_every_row(int rows) throws Exception {
        SqliteWriter writer = new SqliteWriter();
        SqliteTable table = table(writer);
        Random random = new Random(rows);
        for (int i = 0; i < rows; i++) {
            table.add(null, "name-" + random.nextInt(rows), random.nextInt(100));
        }
        byte[] database = bytes(writer);
        assertThat(query(database, "pragma integrity_check")).containsExactly("ok");
        assertThat(query(database, "select count(*) from t")).containsExactly("" + rows);
        assertThat(query(database, "select count(*) from t indexed by names where name >= ''"))
                .containsExactly("" + rows);
        assertThat(query(database, "select count(*) from t indexed by numbers where number >= 0"))
                .containsExactly("" + rows);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {400, 485, 486, 487, 990, 1_000, 1_010, 4_040, 4_050, 4_060, 4_070, 4_080, 4_100, 8_180, 100_000})
    void long_texts_go_to_overflow_pages(int length) throws Exception {
        SqliteWriter writer = new SqliteWriter();
        SqliteTable table = table(writer);
        for (int i = 0; i < 40; i++) {
            table.add(null, Character.toString('a' + i % 26).repeat(length + i), i);
        }
        byte[] database = bytes(writer);
        assertThat(query(database, "pragma integrity_check")).containsExactly("ok");
        assertThat(query(database, "select length(name) from t indexed by numbers where number = 25"))
                .containsExactly("" + (length + 25));
        assertThat(query(database, "select number from t indexed by names where name > 'b' and name < 'c' order by 1"))
                .containsExactly("1", "27");
    }

    @Test
    void a_schema_of_many_tables_takes_several_pages() throws Exception {
        SqliteWriter writer = new SqliteWriter();
        for (int i = 0; i < 400; i++) {
            SqliteTable table = writer.table("t" + i, "CREATE TABLE t" + i + " (" + "c".repeat(80) + " TEXT)");
            table.add("row of " + i);
        }
        writer.trigger("gone", "t1", "CREATE TRIGGER gone AFTER DELETE ON t1 BEGIN DELETE FROM t2; END");
        byte[] database = bytes(writer);
        assertThat(query(database, "pragma integrity_check")).containsExactly("ok");
        assertThat(query(database, "select * from t399")).containsExactly("row of 399");
        assertThat(query(database, "select count(*) from sqlite_schema")).containsExactly("401");
    }

    @Test
    void the_same_rows_give_the_same_bytes() throws Exception {
        List<byte[]> twice = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            SqliteWriter writer = new SqliteWriter();
            SqliteTable table = table(writer);
            for (int row = 0; row < 500; row++) {
                table.add(null, "n" + row % 7, row % 5);
            }
            twice.add(bytes(writer));
        }
        assertThat(twice.get(0)).isEqualTo(twice.get(1));
        assertThat(twice.get(0).length % 4096).isZero();
    }
}
