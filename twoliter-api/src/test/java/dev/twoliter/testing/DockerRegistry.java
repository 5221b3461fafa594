package dev.twoliter.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** The real registry on a port of this machine, with its blobs in a directory. */
public final class DockerRegistry implements AutoCloseable {

    private final Process process;
    private final int port;

    private DockerRegistry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public static DockerRegistry start(Path directory) throws IOException, InterruptedException {
        return start(directory, directory.resolve("data"), "");
    }

    /**
     * Starts a registry.
     *
     * @param directory for its configuration
     * @param data for its blobs
     * @param more of its configuration: {@code   tls:} first, as a part of {@code http:}
     */
    public static DockerRegistry start(Path directory, Path data, String more)
            throws IOException, InterruptedException {
        int port = freePort();
        Path config = Files.writeString(directory.resolve("config.yml"), """
                version: 0.1
                log:
                  level: error
                storage:
                  filesystem:
                    rootdirectory: %s
                http:
                  addr: 127.0.0.1:%d
                """.formatted(data, port) + more);
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("registry.log").toFile())
                .start();
        DockerRegistry registry = new DockerRegistry(process, port);
        for (int i = 0; i < 200; i++) {
            if (registry.answers()) {
                return registry;
            }
            Thread.sleep(50);
        }
        registry.close();
        throw new AssertionError(
                "docker-registry does not answer: " + Files.readString(directory.resolve("registry.log")));
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public String host() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
