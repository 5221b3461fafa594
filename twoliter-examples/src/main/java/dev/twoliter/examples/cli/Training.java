package dev.twoliter.examples.cli;

import dev.twoliter.api.Environment;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs what people run most, for the JVM to keep the classes in an archive ({@code -XX:ArchiveClassesAtExit}): the build
 * makes {@code target/twoliter.jsa} with it, and {@code bin/twoliter} starts in half the time.
 */
public final class Training {

    private Training() {}

    /** Works in a temporary directory and prints nothing but what goes wrong. */
    public static void main(String... arguments) throws IOException {
        Path directory = Files.createTempDirectory("twoliter-training");
        try {
            run(directory, "new", "project", "--name", "training", "--variant-name", "metal-training");
            Path project = directory.resolve("training");
            run(project, "update");
            run(project, "graph", "--format", "json");
            run(project, "graph");
            run(project, "fetch", "--arch", "x86_64", "--json");
            run(project, "build", "kit", "--name", "hello-dev-kit", "--arch", "x86_64");
            run(project, "keys", "generate", "--out", "keys");
            run(
                    project,
                    "publish",
                    "kit",
                    "--name",
                    "hello-dev-kit",
                    "--vendor",
                    "local",
                    "--image-key",
                    "keys/image.secret.pem");
            run(project, "image", "inspect", "oci:registry/hello-dev-kit:v1.0.0");
            run(
                    project,
                    "image",
                    "copy",
                    "oci:registry/hello-dev-kit:v1.0.0",
                    "oci:mirror/hello-dev-kit:v1.0.0",
                    "--signatures");
            run(project, "repo", "index", "build/kits/hello-dev-kit/x86_64");
            run(project, "repo", "index", "--update", "build/kits/hello-dev-kit/x86_64");
            run(project, "repo", "check", "build/kits/hello-dev-kit/x86_64");
            run(
                    project,
                    "repo",
                    "solve",
                    "--arch",
                    "x86_64",
                    "--repo",
                    "kit=build/kits/hello-dev-kit/x86_64",
                    "bottlerocket-hello-agent");
            run(project, "rpm", "build", "--package-dir", "packages/hello-agent", "--out", "rpms");
            String rpm = onlyFile(project.resolve("rpms"));
            run(project, "rpm", "sign", "--key", "keys/rpm.secret.asc", rpm);
            run(project, "rpm", "verify", "--key", "keys/rpm.asc", rpm);
            run(project, "rpm", "info", rpm);
            run(project, "rpm", "unpack", rpm, "--out", "tree");
            run(project, "--help");
        } finally {
            delete(directory);
        }
    }

    private static void run(Path directory, String... command) {
        Environment environment = Environment.of(Map.of(), directory.resolve("cache"));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        int status = new Terminal(nowhere, System.err, environment, directory).run(quietly(command));
        if (status != 0) {
            throw new IllegalStateException("twoliter " + String.join(" ", command) + " ended with " + status);
        }
    }

    private static String onlyFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findFirst().orElseThrow().toString();
        }
    }

    private static String[] quietly(String... command) {
        return Stream.concat(Stream.of(command), Stream.of("--quiet")).toArray(String[]::new);
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(directory)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
