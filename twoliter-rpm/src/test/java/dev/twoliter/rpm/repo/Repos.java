package dev.twoliter.rpm.repo;

import dev.twoliter.rpm.internal.codec.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks into written repositories. */
final class Repos {
    private Repos() {}

    /** The metadata file whose name ends so. */
    static Path file(Path repo, String end) throws IOException {
        try (Stream<Path> files = Files.list(repo.resolve("repodata"))) {
            return files.filter(f -> f.toString().endsWith(end)).findFirst().orElseThrow();
        }
    }

    static byte[] open(Path repo, String end) throws IOException {
        try (InputStream in = Compression.decompress(Files.newInputStream(file(repo, end)))) {
            return in.readAllBytes();
        }
    }

    /** All names and contents of repodata. */
    static Map<String, String> contents(Path repo) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(repo.resolve("repodata"))) {
            for (Path file : files.toList()) {
                contents.put(
                        file.getFileName().toString(),
                        dev.twoliter.api.Digest.ofBytes(Files.readAllBytes(file))
                                .hex());
            }
        }
        return contents;
    }

    /** The rows that a query finds in a database, sorted, with the type of each value. */
    static List<String> query(Path repo, String type, String sql) throws IOException, SQLException {
        Path database = Files.createTempFile("test", ".sqlite");
        List<String> rows = new ArrayList<>();
        try {
            Files.write(database, open(repo, "-" + type + ".sqlite.bz2"));
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                    Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        Object value = result.getObject(i);
                        row.add(value instanceof String ? "'" + value + "'" : "" + value);
                    }
                    rows.add(String.join("|", row));
                }
            }
        } finally {
            Files.delete(database);
        }
        Collections.sort(rows);
        return rows;
    }
}
