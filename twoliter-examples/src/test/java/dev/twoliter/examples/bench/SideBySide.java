package dev.twoliter.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Runs a command of ours and one of a peer in turns, so that other load weighs on both alike, and prints the medians and
 * their ratio. The processor time, which such load changes less, and the largest resident size are there where GNU time
 * is.
 *
 * @param rounds how often each of them is measured, after one run that is not
 * @param work a directory for notes
 */
record SideBySide(int rounds, Path work) {

    /** What a run took: seconds by the clock, seconds of the processors, the largest resident size in KiB. */
    private record Cost(double wall, double processor, long peak) {}

    void compare(String what, List<String> ours, List<String> peer) throws Exception {
        List<Cost> own = new ArrayList<>();
        List<Cost> theirs = new ArrayList<>();
        cost(ours);
        cost(peer);
        for (int i = 0; i < rounds; i++) {
            own.add(cost(ours));
            theirs.add(cost(peer));
        }
        double wall = median(own, Cost::wall);
        double peerWall = median(theirs, Cost::wall);
        double processor = median(own, Cost::processor);
        double peerProcessor = median(theirs, Cost::processor);
        System.out.printf(
                Locale.ROOT,
                "%-24s %s %.3f s; twoliter %.3f s, ratio %.2f; processors %.2f and %.2f s, ratio %.2f; peak %d MB%n",
                what,
                peer.get(0),
                peerWall,
                wall,
                wall / peerWall,
                peerProcessor,
                processor,
                processor / peerProcessor,
                own.stream().mapToLong(Cost::peak).max().orElse(0) / 1024);
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
        return costs.stream().mapToDouble(figure).sorted().toArray()[costs.size() / 2];
    }

    private Cost cost(List<String> command) throws Exception {
        Path told = work.resolve("told");
        boolean measured = Files.isExecutable(Path.of("/usr/bin/time"));
        List<String> words = new ArrayList<>();
        if (measured) {
            words.addAll(List.of("/usr/bin/time", "-f", "%U %S %M", "-o", told.toString()));
        }
        words.addAll(command);
        long start = System.nanoTime();
        call(words);
        double wall = (System.nanoTime() - start) / 1e9;
        if (!measured) {
            return new Cost(wall, 0, 0);
        }
        String[] figures = Files.readString(told).strip().split(" ");
        return new Cost(
                wall, Double.parseDouble(figures[0]) + Double.parseDouble(figures[1]), Long.parseLong(figures[2]));
    }

    /** Runs a command, which must succeed; what it says is dropped. */
    static void call(List<String> command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException(String.join(" ", command.subList(0, Math.min(3, command.size())))
                    + " ended with "
                    + status);
        }
    }
}
