package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.KeyFile;
import dev.twoliter.rpm.OpenPgpKeys.Algorithm;
import dev.twoliter.rpm.RpmVerification.Verdict;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of packages when the process that signs them is killed. */
class KilledSigningTest {
    private static final int PACKAGES = 40;
    private static final int CONTENT = 2_000_000;

    @TempDir
    Path dir;

    private List<Path> rpms;

    @BeforeEach
    void build() throws IOException {
        Samples.signer(dir, Algorithm.ED25519);
        Files.createDirectory(dir.resolve("rpms"));
        byte[] content = new byte[CONTENT];
        new Random(1).nextBytes(content);
        Path file = Files.write(dir.resolve("content"), content);
        rpms = IntStream.range(0, PACKAGES)
                .mapToObj(i -> dir.resolve("rpms/p" + i + ".rpm"))
                .toList();
        RpmBuilder.builder("p", "1", "1")
                .arch("noarch")
                .add(RpmEntry.file("/usr/share/p", file))
                .writeTo(rpms.get(0));
        for (Path rpm : rpms.subList(1, PACKAGES)) {
            Files.copy(rpms.get(0), rpm);
        }
    }

    /** The other process: signs the packages again and again, until it is killed. */
    public static void main(String... arguments) {
        RpmSigner signer = RpmSigner.open(KeyFile.of(Path.of(arguments[0])));
        List<Path> rpms = Stream.of(arguments).skip(1).map(Path::of).toList();
        while (true) {
            signer.sign(rpms, SigningOptions.defaults(), 2, done -> System.out.println("one more"));
        }
    }

    @Test
    void every_package_is_the_old_one_or_the_new_one_and_the_next_run_cleans_up() throws Exception {
        RpmVerifier verifier = RpmVerifier.withKeys(List.of(dir.resolve("ED25519.pub")));
        for (int afterPackages : List.of(0, 3, 50)) {
            killAfter(afterPackages);
            for (Path rpm : rpms) {
                assertThat(verifier.verify(rpm).verdict()).isIn(Verdict.OK, Verdict.UNSIGNED);
            }
        }
        RpmSigner.open(KeyFile.of(dir.resolve("ED25519.sec"))).sign(rpms, SigningOptions.defaults(), 2, done -> {});
        assertThat(rpms).allMatch(rpm -> verifier.verify(rpm).verdict() == Verdict.OK);
        try (Stream<Path> left = Files.list(dir.resolve("rpms"))) {
            assertThat(left).containsExactlyInAnyOrderElementsOf(rpms);
        }
    }

    @Test
    void what_another_process_is_writing_is_left_alone() throws Exception {
        Path left = Files.createFile(dir.resolve("rpms/.p0.rpm.1a2b.tmp"));
        Process process =
                new ProcessBuilder(java("dev.twoliter.rpm.KilledSigningTest$Holder", left.toString())).start();
        try {
            assertThat(process.getInputStream().read()).isEqualTo('h');
            RpmSigner.removeSignatures(rpms.get(0));
            assertThat(left).exists();
        } finally {
            process.destroyForcibly().waitFor();
        }
        RpmSigner.removeSignatures(rpms.get(0));
        assertThat(left).doesNotExist();
    }

    /** Another process that holds the lock of a file. */
    public static final class Holder {
        private Holder() {}

        public static void main(String... arguments) throws Exception {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                channel.lock();
                System.out.print("h");
                System.out.flush();
                TimeUnit.MINUTES.sleep(1);
            }
        }
    }

    private static String testClasses() {
        return Path.of(KilledSigningTest.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .resolveSibling("test-classes")
                .toString();
    }

    private static List<String> java(String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(
                        File.pathSeparator,
                        System.getProperty("java.class.path"),
                        System.getProperty("jdk.module.path", ""),
                        testClasses()),
                main));
        command.addAll(List.of(arguments));
        return command;
    }

    private void killAfter(int packages) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of(dir.resolve("ED25519.sec").toString()));
        rpms.forEach(rpm -> arguments.add(rpm.toString()));
        Process process = new ProcessBuilder(
                        java("dev.twoliter.rpm.KilledSigningTest", arguments.toArray(String[]::new)))
                .redirectError(dir.resolve("errors").toFile())
                .start();
        try (var lines = process.inputReader()) {
            for (int i = 0; i < packages; i++) {
                assertThat(lines.readLine())
                        .as(Files.readString(dir.resolve("errors")))
                        .isEqualTo("one more");
            }
            if (packages == 0) {
                TimeUnit.MILLISECONDS.sleep(300);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
