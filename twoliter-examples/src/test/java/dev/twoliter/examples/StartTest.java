package dev.twoliter.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
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
        Command command = Lib.jdk(directory, "java", "-Xmx512m", "-cp", Lib.DIRECTORY + "/*", QUICK_START, "demo");

        assertThat(command.succeeded()).contains("published oci:", "variant metal-demo x86_64");
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
    void in_jshell() throws IOException {
        Path scripts = Path.of("src/main/jshell").toAbsolutePath();
        Lib.jdk(
                        directory,
                        "java",
                        "-jar",
                        Lib.DIRECTORY.resolve("twoliter-examples.jar"),
                        "new",
                        "project",
                        "--name",
                        "tried",
                        "--variant-name",
                        "metal-tried")
                .succeeded();
        Path project = directory.resolve("tried");
        assertThat(Files.exists(project.resolve("Twoliter.toml"))).isTrue();

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

    @Test
    void by_the_launcher_of_the_command_line() {
        Command command = Command.run("sh", "bin/twoliter", "--version");

        assertThat(command.succeeded()).startsWith("twoliter");
    }
}
