package dev.twoliter.examples.bench;

import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RpmBuilder;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.RepoReader;
import dev.twoliter.rpm.repo.RepoWriter;
import dev.twoliter.rpm.solve.PackageSolver;
import dev.twoliter.rpm.solve.SolveRepo;
import dev.twoliter.rpm.solve.SolveRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long it takes to choose the packages of a variant: from repositories of the shape of Bottlerocket's, in a warm
 * process and as a whole process against dnf with a warm cache; and from 20,000 packages in a warm process. It prints
 * and never fails by being slow: {@code mvn -q -Pbench package}.
 */
public final class SolvingBenchmark {
    private static final int WANTED = 40;

    private final int rounds;
    private final Path twoliter;
    private final Path work;
    private final Random random = new Random(1);

    private SolvingBenchmark(int rounds, Path twoliter, Path work) {
        this.rounds = rounds;
        this.twoliter = twoliter;
        this.work = work;
    }

    /**
     * Runs it.
     *
     * @param arguments the program {@code bin/twoliter}; how many rounds (7)
     */
    public static void main(String... arguments) throws Exception {
        Path work = Files.createTempDirectory("twoliter-bench");
        try {
            int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
            new SolvingBenchmark(rounds, Path.of(arguments[0]).toAbsolutePath(), work).run();
        } finally {
            delete(work);
        }
    }

    private void run() throws Exception {
        write("core-kit", 400, 0);
        write("kernel-kit", 20, 400);
        write("my-kit", 10, 420);
        List<SolveRepo> kits = new ArrayList<>();
        for (String kit : List.of("my-kit", "kernel-kit", "core-kit")) {
            kits.add(new SolveRepo(
                    kit,
                    10 * (kits.size() + 1),
                    RepoReader.read(work.resolve(kit)).packages()));
        }
        warm("430 packages of kits", kits, wanted(430));
        warm("20,000 packages", List.of(new SolveRepo("large", 99, many(20_000))), wanted(20_000));
        if (Files.isExecutable(Path.of("/usr/bin/dnf"))) {
            new SideBySide(rounds, work).compare("solve", ours(), dnf());
        }
    }

    private static List<String> wanted(int of) {
        return IntStream.range(0, WANTED)
                .mapToObj(i -> "bottlerocket-p" + i * of / WANTED)
                .toList();
    }

    private void warm(String what, List<SolveRepo> repos, List<String> wanted) {
        SolveRequest.Builder request =
                SolveRequest.builder("x86_64").install("bottlerocket-metadata").install(wanted);
        repos.forEach(request::addRepo);
        List<Double> times = new ArrayList<>();
        int chosen = 0;
        for (int i = 0; i < 5 + 3 * rounds; i++) {
            long start = System.nanoTime();
            chosen = PackageSolver.create().solve(request.build()).packages().size();
            times.add((System.nanoTime() - start) / 1e6);
        }
        double first = times.get(0);
        List<Double> later = times.subList(5, times.size()).stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-24s %d chosen; first %.0f ms, warm median %.1f ms%n",
                what,
                chosen,
                first,
                later.get(later.size() / 2));
    }

    /** What package i of a distribution says: it needs some before it, by name, library or file, and one by a feature. */
    private void describe(int i, BiConsumer<RelationKind, String> says) {
        says.accept(RelationKind.PROVIDES, "lib" + i + ".so.1()(64bit)");
        if (i == 0) {
            return;
        }
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int other = random.nextInt(i);
            says.accept(
                    RelationKind.REQUIRES,
                    switch (random.nextInt(4)) {
                        case 0 -> "bottlerocket-p" + other + " >= 1";
                        case 1 -> "lib" + other + ".so.1()(64bit)";
                        case 2 ->
                            "(bottlerocket-p" + other + " if bottlerocket-image-feature(f" + random.nextInt(8) + "))";
                        default -> "bottlerocket-p" + other;
                    });
        }
        if (i % 20 == 0) {
            says.accept(RelationKind.REQUIRES, "(choice-a or choice-b or lib" + (i - 1) + ".so.1()(64bit))");
        }
        if (i % 50 == 1) {
            says.accept(RelationKind.PROVIDES, "choice-a = " + i);
            says.accept(RelationKind.CONFLICTS, "bottlerocket-old" + i);
        }
    }

    private void write(String kit, int count, int from) throws IOException {
        Path directory = Files.createDirectories(work.resolve(kit));
        for (int i = from; i < from + count; i++) {
            RpmBuilder rpm = RpmBuilder.builder("bottlerocket-p" + i, "1." + i, "1")
                    .arch("x86_64")
                    .summary("package " + i)
                    .license("MIT")
                    .buildTime(Instant.EPOCH);
            describe(i, (kind, text) -> rpm.addRelation(kind, Relation.parse(text)));
            rpm.writeTo(directory.resolve("bottlerocket-p" + i + "-1." + i + "-1.x86_64.rpm"));
        }
        if (from == 0) {
            RpmBuilder metadata = RpmBuilder.builder("bottlerocket-metadata", "1.0", "1")
                    .arch("x86_64")
                    .summary("metadata")
                    .license("MIT")
                    .buildTime(Instant.EPOCH);
            features().forEach(feature -> metadata.addProvides(Relation.of(feature)));
            metadata.writeTo(directory.resolve("bottlerocket-metadata-1.0-1.x86_64.rpm"));
        }
        RepoWriter.write(directory);
    }

    private static List<String> features() {
        return IntStream.range(0, 8)
                .mapToObj(i -> "bottlerocket-image-feature(" + (i % 2 == 0 ? "" : "no-") + "f" + i + ")")
                .toList();
    }

    private List<RepoPackage> many(int count) {
        List<RepoPackage> packages = new ArrayList<>();
        RepoPackage.Builder metadata = RepoPackage.builder(Nevra.parse("bottlerocket-metadata-1.0-1.x86_64"));
        features().forEach(feature -> metadata.add(RelationKind.PROVIDES, Relation.of(feature)));
        packages.add(metadata.build());
        for (int i = 0; i < count; i++) {
            RepoPackage.Builder pkg = RepoPackage.builder(Nevra.parse("bottlerocket-p" + i + "-1." + i + "-1.x86_64"));
            describe(i, (kind, text) -> pkg.add(kind, Relation.parse(text)));
            packages.add(pkg.build());
        }
        return packages;
    }

    private List<String> ours() {
        List<String> command = new ArrayList<>(List.of(
                twoliter.toString(),
                "repo",
                "solve",
                "--arch",
                "x86_64",
                "--repo",
                "my-kit=" + work.resolve("my-kit") + "@10",
                "--repo",
                "kernel-kit=" + work.resolve("kernel-kit") + "@20",
                "--repo",
                "core-kit=" + work.resolve("core-kit") + "@30",
                "bottlerocket-metadata"));
        command.addAll(wanted(430));
        return command;
    }

    /** A script, since dnf ends with status 1 when it is told not to install what it has found. */
    private List<String> dnf() throws IOException {
        StringBuilder text = new StringBuilder("#!/bin/sh\nLC_ALL=C.UTF-8 dnf --assumeno --installroot="
                + work.resolve("root") + " --setopt=cachedir=" + work.resolve("cache") + " --setopt=logdir="
                + work + " --setopt=reposdir=/nonexistent --setopt=pluginpath=/nonexistent --releasever=1"
                + " --forcearch=x86_64 --setopt=install_weak_deps=False --setopt=best=False --nogpgcheck");
        for (String kit : List.of("my-kit", "kernel-kit", "core-kit")) {
            text.append(" --repofrompath=" + kit + "," + work.resolve(kit));
        }
        text.append(" --setopt=my-kit.priority=10 --setopt=kernel-kit.priority=20 --setopt=core-kit.priority=30");
        text.append(" install bottlerocket-metadata " + String.join(" ", wanted(430)));
        text.append(" 2>&1 | grep -q 'Operation aborted'\n");
        Path script = Files.writeString(work.resolve("dnf"), text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return List.of(script.toString());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
