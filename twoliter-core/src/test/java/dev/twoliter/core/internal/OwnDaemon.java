package dev.twoliter.core.internal;

import dev.twoliter.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dockerd of a test's own, which may be killed. */
final class OwnDaemon implements AutoCloseable {

    private final Path directory;
    private @Nullable Process process;

    OwnDaemon(Path directory) {
        this.directory = directory;
    }

    String host() {
        return "unix://" + directory.resolve("docker.sock");
    }

    void start() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Files.deleteIfExists(directory.resolve("pid"));
        // Where nobody reaps the killed containerd, its process identifier seems to be in use.
        Files.deleteIfExists(directory.resolve("exec/containerd/containerd.pid"));
        process = new ProcessBuilder(
                        "dockerd",
                        "--data-root=" + directory.resolve("root"),
                        "--exec-root=" + directory.resolve("exec"),
                        "--pidfile=" + directory.resolve("pid"),
                        "--host=" + host(),
                        "--iptables=false",
                        "--ip6tables=false",
                        "--bridge=none")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (docker("version").exit() != 0) {
            if (Instant.now().isAfter(end)) {
                throw new IOException("dockerd does not start: " + Files.readString(directory.resolve("log")));
            }
            Thread.sleep(100);
        }
    }

    Command docker(Object... words) {
        Object[] command = new Object[words.length + 1];
        command[0] = "docker";
        System.arraycopy(words, 0, command, 1, words.length);
        return Command.runIn(directory, Map.of("DOCKER_HOST", host()), command);
    }

    List<String> containers() {
        return docker("ps", "--all", "--quiet").succeeded().lines().toList();
    }

    /** Kills the daemon, and the containerd that it started, as one would be by the system when memory runs out. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            List<ProcessHandle> children = running.descendants().toList();
            running.destroyForcibly();
            running.waitFor();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            docker("ps", "--quiet").succeeded().lines().forEach(id -> docker("rm", "--force", id));
            running.destroy();
            running.onExit().join();
        }
        // What was mounted there keeps the temporary directory from being deleted.
        Command.run("sh", "-c", "grep -o '" + directory + "[^ ]*' /proc/mounts | sort -r | xargs -r umount -l");
    }
}
