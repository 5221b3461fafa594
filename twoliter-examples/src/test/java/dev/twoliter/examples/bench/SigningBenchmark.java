package dev.twoliter.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long it takes to sign and to check a corpus of packages, as whole processes with two workers, against rpmsign and
 * {@code rpm -K} in the same run: {@code mvn -q -Pbench -Dbench.corpus=DIR package}, where
 * {@code make-corpus.sh -n 300 -m 600 DIR} makes the corpus. Also says whether rpm accepts every package afterwards. It
 * prints and never fails by being slow.
 */
public final class SigningBenchmark {
    private final int rounds;
    private final Path twoliter;
    private final Path work;
    private final List<Path> rpms;

    private SigningBenchmark(int rounds, Path twoliter, Path work, List<Path> rpms) {
        this.rounds = rounds;
        this.twoliter = twoliter;
        this.work = work;
        this.rpms = rpms;
    }

    /**
     * Runs it.
     *
     * @param arguments the program {@code bin/twoliter}; the corpus; how many rounds (5)
     */
    public static void main(String... arguments) throws Exception {
        if (arguments.length < 2 || arguments[1].isEmpty()) {
            System.out.println("signing: no corpus, so nothing is measured; give -Dbench.corpus=DIR");
            return;
        }
        Path work = Files.createTempDirectory(
                "twoliter-bench", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            List<Path> rpms = copy(Path.of(arguments[1]), Files.createDirectory(work.resolve("rpms")));
            int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
            new SigningBenchmark(rounds, Path.of(arguments[0]).toAbsolutePath(), work, rpms).run();
        } finally {
            quietly("gpgconf", "--homedir", work.resolve("gpg").toString(), "--kill", "gpg-agent");
            delete(work);
        }
    }

    private void run() throws Exception {
        long bytes = 0;
        for (Path rpm : rpms) {
            bytes += Files.size(rpm);
        }
        System.out.printf(Locale.ROOT, "%d packages, %.1f MB, median of %d%n", rpms.size(), bytes / 1e6, rounds);
        Files.createDirectory(
                work.resolve("gpg"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String algorithm : List.of("rsa4096", "ed25519")) {
            makeKey(algorithm);
        }
        for (String algorithm : List.of("rsa4096", "ed25519")) {
            List<String> sign =
                    ours("sign", "--key", work.resolve(algorithm + ".sec").toString());
            compare("sign " + algorithm, sign, rpmsign(algorithm));
            accepted(sign, "signed again with " + algorithm, "digests signatures OK");
            List<String> check =
                    ours("verify", "--key", work.resolve(algorithm + ".pub").toString());
            compare("verify " + algorithm, check, rpmK());
        }
        accepted(ours("sign", "--remove"), "signatures removed", "digests OK");
    }

    private void makeKey(String algorithm) throws Exception {
        String home = work.resolve("gpg").toString();
        List<String> gpg = List.of("gpg", "--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback");
        SideBySide.call(with(gpg, "--passphrase", "", "--quick-gen-key", algorithm, algorithm, "sign", "never"));
        String secret = work.resolve(algorithm + ".sec").toString();
        String publicKey = work.resolve(algorithm + ".pub").toString();
        SideBySide.call(with(gpg, "--armor", "--output", secret, "--export-secret-keys", algorithm));
        SideBySide.call(with(gpg, "--armor", "--output", publicKey, "--export", algorithm));
        SideBySide.call(List.of("rpm", "--dbpath", work.resolve("db").toString(), "--import", publicKey));
    }

    private List<String> ours(String... words) {
        List<String> command = new ArrayList<>(List.of(twoliter.toString(), "rpm"));
        command.addAll(List.of(words));
        command.addAll(List.of("--quiet", "--jobs", "2"));
        return all(command);
    }

    private List<String> rpmsign(String algorithm) {
        return all(List.of(
                "rpmsign",
                "--define",
                "_gpg_name " + algorithm,
                "--define",
                "_gpg_path " + work.resolve("gpg"),
                "--define",
                "__gpg /usr/bin/gpg",
                "--addsign"));
    }

    private List<String> rpmK() {
        return all(List.of("rpm", "--dbpath", work.resolve("db").toString(), "-K"));
    }

    private List<String> all(List<String> command) {
        List<String> words = new ArrayList<>(command);
        rpms.forEach(rpm -> words.add(rpm.toString()));
        return words;
    }

    private void compare(String what, List<String> ours, List<String> peer) throws Exception {
        new SideBySide(rounds, work).compare(what, ours, peer);
    }

    private void accepted(List<String> command, String what, String verdict) throws Exception {
        SideBySide.call(command);
        Path log = work.resolve("log");
        new ProcessBuilder(rpmK())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        long good = Files.readAllLines(log).stream()
                .filter(line -> line.endsWith(": " + verdict))
                .count();
        System.out.printf(Locale.ROOT, "%s: rpm -K says '%s' of %d of %d%n", what, verdict, good, rpms.size());
    }

    private static List<String> with(List<String> command, String... words) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(words));
        return all;
    }

    private static void quietly(String... command) throws Exception {
        try {
            SideBySide.call(List.of(command));
        } catch (IOException | IllegalStateException e) {
            System.out.println("gpg's agent could not be ended: " + e.getMessage());
        }
    }

    private static List<Path> copy(Path corpus, Path to) throws IOException {
        List<Path> rpms = new ArrayList<>();
        try (Stream<Path> files = Files.walk(corpus)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".rpm"))
                    .sorted()
                    .toList()) {
                rpms.add(Files.copy(file, to.resolve(file.getFileName())));
            }
        }
        return rpms;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
