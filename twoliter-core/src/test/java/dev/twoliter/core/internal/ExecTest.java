package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.Project;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.plan.ExecRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks in the twoliter container. The container, its cargo, the socket and the user are real; {@code cargo make} itself
 * is a stand-in that says what it was given, since no Debian package has it.
 */
@ExtendWith(SdkCondition.class)
class ExecTest {

    @TempDir
    Path directory;

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Project project;
    private Path tools;

    @BeforeEach
    void create() throws IOException {
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.put("BUILDSYS_NAME", "mine");
        variables.put("SECRET_OF_MINE", "x");
        Environment environment = Environment.of(variables, directory.resolve("cache"));
        project = SpecWorld.create(directory.resolve("project"), environment, SdkCondition.registry(), spec -> spec);
        tools = Files.createDirectories(directory.resolve("tools"));
        Files.writeString(tools.resolve("Makefile.toml"), "[tasks.variant]\nscript = 'true'\n");
        // Where cargo looks for programs that add a command to it.
        Path make = project.directory().resolve(".cargo/bin/cargo-make");
        Files.createDirectories(make.getParent());
        Files.writeString(make, """
                #!/bin/sh
                echo "arguments: $*"
                echo "user: $(id -u):$(id -g)"
                echo "directory: $PWD"
                echo "name: $BUILDSYS_NAME secret: $SECRET_OF_MINE image: $BUILDSYS_VERSION_IMAGE"
                [ -S /var/run/docker.sock ] && echo "socket: there"
                [ -f /opt/twoliter/Makefile.toml ] && echo "makefile: there"
                echo made > made-by-task
                exit 7
                """);
        Files.setPosixFilePermissions(make, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private int exec(ExecRequest.Builder request) {
        return project.exec(
                request.tools(tools).build(),
                options -> options.listener(event -> {
                    if (event instanceof BuildEvent.StepOutput output) {
                        lines.add(output.line());
                    }
                }));
    }

    @Test
    void cargo_make_gets_the_task_the_variables_the_project_the_socket_and_the_user() throws IOException {
        int status = exec(ExecRequest.builder("variant").variable("K", "v w").arguments(List.of("--more", "x")));

        assertThat(status).isEqualTo(7);
        Path home = project.directory();
        assertThat(lines)
                .contains(
                        "arguments: make --disable-check-for-updates --makefile /opt/twoliter/Makefile.toml --cwd "
                                + home + " -e K=v w variant --more x",
                        "directory: " + home,
                        "user: " + Files.getAttribute(home, "unix:uid") + ":" + Files.getAttribute(home, "unix:gid"),
                        "name: mine secret:  image: 1.0.0",
                        "socket: there",
                        "makefile: there");
        assertThat(home.resolve("made-by-task")).hasContent("made");
        assertThat(Files.getOwner(home.resolve("made-by-task"))).isEqualTo(Files.getOwner(home));
    }

    @Test
    void another_user_can_be_asked_for() {
        exec(ExecRequest.builder("variant").user(4711, 4712));
        assertThat(lines).contains("user: 4711:4712");
    }

    @Test
    void a_variable_that_contradicts_the_lock_is_refused() {
        assertThatThrownBy(() -> exec(ExecRequest.builder("variant").variable("BUILDSYS_SDK_VERSION", "1")))
                .isInstanceOf(EngineException.class)
                .hasMessage("the variable BUILDSYS_SDK_VERSION may not be set");
    }

    @Test
    void tools_without_tasks_are_refused() throws IOException {
        Files.delete(tools.resolve("Makefile.toml"));
        assertThatThrownBy(() -> exec(ExecRequest.builder("variant")))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("there is no Makefile.toml in " + tools);
    }
}
