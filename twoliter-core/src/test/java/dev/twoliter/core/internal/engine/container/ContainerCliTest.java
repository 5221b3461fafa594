package dev.twoliter.core.internal.engine.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.spi.Availability;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told who have no container engine, and where it would not help them. */
class ContainerCliTest {

    @TempDir
    Path directory;

    private Availability probe(Map<String, String> variables) {
        return new ContainerCli("docker", Environment.of(variables, directory)).probe();
    }

    @Test
    void a_missing_program_is_named() {
        assertThat(probe(Map.of("PATH", directory.toString())))
                .isEqualTo(Availability.no("there is no program 'docker' on the PATH; install it"));
    }

    @Peer("docker")
    @Test
    void a_daemon_that_does_not_run_is_named_with_its_address() {
        String host = "unix://" + directory.resolve("none.sock");
        assertThat(probe(Map.of("PATH", System.getenv("PATH"), "DOCKER_HOST", host, "HOME", directory.toString()))
                        .reason())
                .startsWith("its daemon does not answer (")
                .contains(host)
                .endsWith("start it, or correct DOCKER_HOST");
    }

    @Peer({"docker", "setpriv"})
    @Test
    void a_socket_that_may_not_be_used_is_told_from_a_daemon_that_does_not_run() throws IOException {
        Path socket = Files.createTempDirectory("twoliter-socket").resolve("docker.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwx------"));
            Files.setPosixFilePermissions(socket.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            // The real docker, as somebody who may not: only root can become that, so others are refused as they are.
            Path bin = Files.createDirectories(directory.resolve("bin"));
            Path docker = bin.resolve("docker");
            Files.writeString(
                    docker,
                    "#!/bin/sh\nPATH=" + System.getenv("PATH")
                            + "\nexec setpriv --reuid=65534 --regid=65534 --clear-groups docker \"$@\"\n");
            Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(probe(Map.of("PATH", bin.toString(), "DOCKER_HOST", "unix://" + socket, "HOME", "/tmp"))
                            .reason())
                    .startsWith("this user may not use the daemon (")
                    .endsWith("add the user to the group 'docker' and log in again");
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(socket.getParent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/etc/docker", "/usr", "/usr/bin/project", "/home", "/opt/twoliter/x", "/opt"})
    void what_would_hide_the_containers_own_directories_is_refused(String path) {
        assertThatThrownBy(() -> OffLimits.requireMountable("the project", Path.of(path)))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("the project is in " + path + ", which the container cannot have")
                .hasMessageContaining("it needs /");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/me/project", "/work/p", "/etcetera", "/root/p", "/opt/team/project"})
    void other_directories_are_fine(String path) {
        assertThatCode(() -> OffLimits.requireMountable("the project", Path.of(path)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_path_with_a_comma_is_one_field_of_the_mount() {
        assertThat(new ContainerRun("image", java.util.List.of("true"))
                        .readOnly(Path.of("/a,b"), "/in")
                        .arguments())
                .contains("type=bind,\"source=/a,b\",target=/in,readonly");
    }
}
