package dev.twoliter.examples.bench;

import dev.twoliter.api.GraphFormat;
import dev.twoliter.api.Twoliter;
import dev.twoliter.testing.RealTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long a project of the size of the real ones takes to load with its graph: in a JVM that is warm, and as a process
 * of its own. The peer is {@code cargo metadata}, which upstream asks for the same graph, measured in the same run on
 * the same tree. Run it with {@code mvn -q -Pbench package}; it prints and never fails by being slow.
 */
public final class LoadingBenchmark {

    /** What {@code cargo metadata} took as a process on the real core-kit, and the bound for our process. */
    private static final double REFERENCE_WARM = 66;

    private static final double REFERENCE_PROCESS = 800;

    private LoadingBenchmark() {}

    /**
     * Runs it.
     *
     * @param arguments none; or {@code once DIRECTORY}, which the processes that are measured get
     */
    public static void main(String... arguments) throws Exception {
        if (arguments.length == 2 && arguments[0].equals("once")) {
            load(Path.of(arguments[1]));
            return;
        }
        Path directory = Files.createTempDirectory("twoliter-bench");
        try {
            measure("core-kit", RealTrees.coreKit(directory.resolve("core-kit")));
            measure("bottlerocket", RealTrees.bottlerocket(directory.resolve("bottlerocket")));
        } finally {
            delete(directory);
        }
    }

    private static void measure(String name, Path tree) throws Exception {
        double warm = median(200, 100, () -> load(tree));
        double process = median(12, 10, () -> run(tree, own(tree)));
        Optional<Path> archive = archive(tree);
        print(name, "warm, in one JVM", warm);
        print(name, "process", process);
        if (archive.isPresent()) {
            List<String> command = own(tree);
            command.addAll(1, List.of("-XX:SharedArchiveFile=" + archive.get(), "-Xlog:disable"));
            print(name, "process, with a class archive", median(12, 10, () -> run(tree, command)));
        }
        if (onPath("cargo")) {
            List<String> cargo = List.of("cargo", "metadata", "--offline", "--format-version", "1");
            double peer = median(12, 10, () -> run(tree, cargo));
            print(name, "peer: cargo metadata", peer);
            ratio(name, "warm / peer", warm / peer);
            ratio(name, "process / peer", process / peer);
        } else {
            System.out.println("cargo is absent, so nothing is compared with it in this run");
        }
        ratio(name, "warm / reference of 66 ms", warm / REFERENCE_WARM);
        ratio(name, "process / bound of 800 ms", process / REFERENCE_PROCESS);
    }

    /** What is measured: files, lock, model, graph, and the text that others read. */
    private static void load(Path tree) {
        String graph = Twoliter.open(tree).graph().draw(GraphFormat.JSON);
        if (graph.length() < 1000) {
            throw new IllegalStateException("the graph is too small: " + graph);
        }
    }

    private static List<String> own(Path tree) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LoadingBenchmark.class.getName(), "once"));
        command.add(tree.toString());
        return command;
    }

    /** Makes an archive of the classes that loading needs; only of jars, so not when class directories are in the way. */
    private static Optional<Path> archive(Path tree) throws Exception {
        Path archive = tree.resolveSibling(tree.getFileName() + ".jsa");
        List<String> command = own(tree);
        command.addAll(1, List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable"));
        run(tree, command);
        return Files.isRegularFile(archive) ? Optional.of(archive) : Optional.empty();
    }

    private static void run(Path directory, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException(command.get(0) + " ended with " + status);
        }
    }

    private static boolean onPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(":"))
                        .anyMatch(directory ->
                                Files.isExecutable(Path.of(directory).resolve(program)));
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Runs something some times and takes the middle of the last ones, in milliseconds. */
    private static double median(int times, int counted, Work work) throws Exception {
        double[] milliseconds = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            work.run();
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        double[] last = Arrays.copyOfRange(milliseconds, times - counted, times);
        Arrays.sort(last);
        return last[counted / 2];
    }

    private static void print(String tree, String what, double milliseconds) {
        System.out.printf(Locale.ROOT, "%-14s %-32s %8.1f ms%n", tree, what, milliseconds);
    }

    private static void ratio(String tree, String what, double ratio) {
        System.out.printf(Locale.ROOT, "%-14s %-32s %8.2f%n", tree, what, ratio);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
