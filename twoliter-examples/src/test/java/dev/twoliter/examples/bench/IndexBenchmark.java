package dev.twoliter.examples.bench;

import dev.twoliter.rpm.repo.RepoIndex;
import dev.twoliter.rpm.repo.RepoOptions;
import dev.twoliter.rpm.repo.RepoWriter;
import java.io.BufferedInputStream;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * How long it takes to index a corpus of packages, and to update the index when nothing has changed, as whole processes
 * with two workers, against createrepo_c in the same run: {@code mvn -q -Pbench -Dbench.corpus=DIR package}, where {@code
 * make-corpus.sh -n 300 -m 600 DIR} makes the corpus. Also says whether both indexes say the same. It prints and never
 * fails by being slow. The runs of both sides alternate, so that other load weighs on both alike; the processor time,
 * which such load changes less, is printed too where GNU time is there.
 */
public final class IndexBenchmark {
    private static final List<String> TYPES = List.of("primary", "filelists", "other");
    private static final int WARM_ROUNDS = 60;

    private final int rounds;
    private final Path twoliter;
    private final Path work;
    private final Path ours;
    private final Path theirs;

    private IndexBenchmark(int rounds, Path twoliter, Path work, Path corpus) throws Exception {
        this.rounds = rounds;
        this.twoliter = twoliter;
        this.work = work;
        this.ours = work.resolve("ours");
        this.theirs = work.resolve("theirs");
        for (Path copy : List.of(ours, theirs)) {
            SideBySide.call(List.of("cp", "-a", corpus.toString(), copy.toString()));
        }
    }

    /**
     * Runs it.
     *
     * @param arguments the program {@code bin/twoliter}; the corpus; how many rounds (5)
     */
    public static void main(String... arguments) throws Exception {
        if (arguments.length < 2 || arguments[1].isEmpty()) {
            System.out.println("indexing: no corpus, so nothing is measured; give -Dbench.corpus=DIR");
            return;
        }
        Path work = Files.createTempDirectory("twoliter-bench");
        try {
            int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
            new IndexBenchmark(rounds, Path.of(arguments[0]), work, Path.of(arguments[1])).run();
        } finally {
            delete(work);
        }
    }

    private void run() throws Exception {
        compare("index", List.of());
        same();
        compare("--update", List.of("--update"));
        compare("--no-database", List.of("--no-database"));
        compare("--update --no-database", List.of("--update", "--no-database"));
        warm();
    }

    private List<String> index(List<String> options) {
        List<String> command = new ArrayList<>(
                List.of(twoliter.toString(), "repo", "index", ours.toString(), "--workers", "2", "--quiet"));
        command.addAll(options);
        return command;
    }

    private List<String> createrepo(List<String> options) {
        List<String> command = new ArrayList<>(List.of("createrepo_c", "--quiet", "--workers", "2", theirs.toString()));
        command.addAll(options);
        return command;
    }

    private void compare(String what, List<String> options) throws Exception {
        new SideBySide(rounds, work).compare(what, index(options), createrepo(options));
    }

    /** An update in this JVM, when it is warm. */
    private void warm() {
        RepoOptions options = RepoOptions.builder().update(true).workers(2).build();
        RepoWriter.write(ours, options);
        double[] milliseconds = new double[WARM_ROUNDS];
        for (int i = 0; i < WARM_ROUNDS; i++) {
            long start = System.nanoTime();
            RepoIndex index = RepoWriter.write(ours, options);
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
            if (index.read() != 0) {
                throw new IllegalStateException("packages were read although nothing had changed");
            }
        }
        double[] last = Arrays.copyOfRange(milliseconds, WARM_ROUNDS / 2, WARM_ROUNDS);
        Arrays.sort(last);
        System.out.printf(Locale.ROOT, "%-24s %.1f ms (at most 30)%n", "--update, warm", last[last.length / 2]);
    }

    private void same() throws Exception {
        for (String type : TYPES) {
            boolean xml = Arrays.equals(open(ours, type + ".xml.gz"), open(theirs, type + ".xml.gz"));
            List<String> rows = rows(ours, type);
            System.out.printf(
                    Locale.ROOT,
                    "%s: XML %s, %d rows %s%n",
                    type,
                    xml ? "the same byte for byte" : "DIFFERENT",
                    rows.size(),
                    rows.equals(rows(theirs, type)) ? "the same" : "DIFFERENT");
        }
        List<String> questions = List.of("--requires", "--provides", "--list", "--changelogs", "--info");
        for (String question : questions) {
            boolean equal = repoquery(ours, question).equals(repoquery(theirs, question));
            System.out.println("dnf repoquery " + question + ": " + (equal ? "the same" : "DIFFERENT"));
        }
    }

    private static byte[] open(Path repo, String end) throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(repo.resolve("repodata"))) {
            file = files.filter(f -> f.toString().endsWith("-" + end))
                    .findFirst()
                    .orElseThrow();
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
                InputStream in = end.endsWith(".gz") ? new GZIPInputStream(raw) : new BZip2CompressorInputStream(raw)) {
            return in.readAllBytes();
        }
    }

    /** All rows of all tables but the one that names the metadata file, whose compressed bytes differ. */
    private List<String> rows(Path repo, String type) throws IOException, SQLException {
        Path database = Files.write(work.resolve("database"), open(repo, type + ".sqlite.bz2"));
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet names = statement.executeQuery(
                    "select name from sqlite_master where type = 'table' and name <> 'db_info'")) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet result = statement.executeQuery("select * from " + table)) {
                    while (result.next()) {
                        StringBuilder row = new StringBuilder(table);
                        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                            row.append('|').append(result.getObject(i));
                        }
                        rows.add(row.toString());
                    }
                }
            }
        }
        Collections.sort(rows);
        return rows;
    }

    private String repoquery(Path repo, String question) throws Exception {
        Path answer = work.resolve("answer");
        List<String> command = List.of(
                "dnf",
                "-q",
                "--disablerepo=*",
                "--repofrompath=kit," + repo,
                "--setopt=cachedir=" + work.resolve("cache-" + repo.getFileName()),
                "--setopt=logdir=" + work,
                "--releasever=1",
                "--installroot=" + work.resolve("root"),
                "repoquery",
                question);
        int status = new ProcessBuilder(command)
                .redirectOutput(answer.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        String text = Files.readString(answer);
        if (status != 0 || text.isBlank()) {
            throw new IllegalStateException("dnf repoquery " + question + " ended with " + status + ": " + text);
        }
        return text;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
