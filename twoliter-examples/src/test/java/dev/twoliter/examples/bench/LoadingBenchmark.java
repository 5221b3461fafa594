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
     * @param arguments the jar of the command line, among the jars that it needs; or {@code once DIRECTORY}, which the
     *     small program that is measured gets
     */
    public static void main(String... arguments) throws Exception {
        if (arguments.length == 2) {
            load(Path.of(arguments[1]));
            return;
        }
        Path jar = Path.of(arguments[0]).toAbsolutePath();
        Path directory = Files.createTempDirectory("twoliter-bench");
        try {
            measure("core-kit", RealTrees.coreKit(directory.resolve("core-kit")), jar);
            measure("bottlerocket", RealTrees.bottlerocket(directory.resolve("bottlerocket")), jar);
        } finally {
            delete(directory);
        }
    }

    private static void measure(String name, Path tree, Path jar) throws Exception {
        double warm = median(200, 100, () -> load(tree));
        double process = median(12, 10, () -> run(tree, program(tree)));
        print(name, "warm, in one JVM", warm);
        print(name, "process: a small program", process);
        print(name, "process: twoliter graph", median(12, 10, () -> run(tree, graph(jar))));
        Path archive = tree.resolveSibling(name + ".jsa");
        run(tree, graph(jar, "-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable"));
        print(
                name,
                "the same with a class archive",
                median(12, 10, () -> run(tree, graph(jar, "-XX:SharedArchiveFile=" + archive, "-Xlog:disable"))));
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

    private static List<String> program(Path tree) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LoadingBenchmark.class.getName(),
                "once",
                tree.toString());
    }

    private static List<String> graph(Path jar, String... flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of("-jar", jar.toString(), "--log-level", "error", "graph", "--format", "json"));
        return command;
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
