package dev.twoliter.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.testing.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library starts in the three ways in which users start it, from the packaged jars and nothing else. */
class StartTest {

    private static final String QUICK_START = "dev.twoliter.examples.QuickStart";

    @TempDir
    Path directory;

    @Test
    void on_the_class_path() {
        Path project = newProject("tried");

        Command command =
                Lib.jdk(project, "java", "-cp", Lib.DIRECTORY + "/*", "dev.twoliter.examples.cli.Main", "update");

        assertThat(command.succeeded()).contains("stand-in-sdk added at 0.1.0");
    }

    @Test
    void on_a_pure_module_path() {
        Command command = Lib.jdk(
                directory,
                "java",
                "-Xmx512m",
                "-p",
                Lib.DIRECTORY,
                "-m",
                "dev.twoliter.examples/" + QUICK_START,
                "demo");

        assertThat(command.succeeded()).contains("published oci:", "variant metal-demo x86_64");
    }

    @Test
    void in_jshell() {
        Path scripts = Path.of("src/main/jshell").toAbsolutePath();
        Path project = newProject("tried");

        Command command = Lib.jdk(
                project,
                "jshell",
                "--class-path",
                Lib.DIRECTORY + "/*",
                "--startup",
                "DEFAULT",
                "--startup",
                scripts.resolve("twoliter.jsh"),
                scripts.resolve("build-here.jsh"));

        assertThat(command.succeeded())
                .contains("* variant metal-tried x86_64")
                .contains("done   variant metal-tried x86_64")
                .contains("sha256:")
                .doesNotContain("Exception");
    }

    private Path newProject(String name) {
        String jar = Lib.DIRECTORY.resolve("twoliter-examples.jar").toString();
        Lib.jdk(directory, "java", "-jar", jar, "new", "project", "--name", name, "--variant-name", "metal-tried")
                .succeeded();
        return directory.resolve(name);
    }

    @Test
    void by_the_launcher_of_the_command_line() {
        Command command = Command.run("sh", "bin/twoliter", "--version");

        assertThat(command.succeeded()).startsWith("twoliter");
    }
}
