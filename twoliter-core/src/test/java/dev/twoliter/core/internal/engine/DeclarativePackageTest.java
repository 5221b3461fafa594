package dev.twoliter.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Content;
import dev.twoliter.api.ContentType;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.spi.PackageNeeds;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.rpm.FileFlag;
import dev.twoliter.rpm.RpmFile;
import dev.twoliter.rpm.RpmPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclarativePackageTest {

    @TempDir
    Path directory;

    private Path sources;

    @BeforeEach
    void makeSources() throws IOException {
        sources = Files.createDirectories(directory.resolve("packages/demo"));
    }

    private void file(String path, String text) throws IOException {
        Path file = sources.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private RpmPackage build(UnaryOperator<PackageSpec.Builder> fill) throws IOException {
        PackageSpec spec = fill.apply(
                        PackageSpec.builder("demo").version("1.0").summary("s").license("MIT"))
                .build();
        Path output = Files.createTempDirectory(directory, "out");
        StepId id = new StepId(StepId.Kind.PACKAGE, "demo", Arch.X86_64);
        EmbeddedEngine.build(
                new PackageStep(id, spec, sources, Arch.X86_64, ".0.0.br1", 0, PackageNeeds.none()), output);
        try (Stream<Path> files = Files.list(output)) {
            return RpmPackage.open(files.findFirst().orElseThrow());
        }
    }

    private static Content content(ContentType type, String src, String dst) {
        return Content.of(type, src, dst);
    }

    private static List<String> paths(RpmPackage rpm) {
        return rpm.files().stream().map(RpmFile::path).toList();
    }

    private static RpmFile find(RpmPackage rpm, String path) {
        return rpm.files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_pattern_takes_the_files_that_match() throws IOException {
        file("a.conf", "a");
        file("b.conf", "b");
        file("c.txt", "c");
        file("deeper/d.conf", "d");
        RpmPackage rpm = build(p -> p.addContent(content(ContentType.CONFIG_NOREPLACE, "*.conf", "/etc/demo")));
        assertThat(paths(rpm)).containsExactly("/etc/demo/a.conf", "/etc/demo/b.conf");
        assertThat(find(rpm, "/etc/demo/a.conf").has(FileFlag.CONFIG)).isTrue();
        assertThat(find(rpm, "/etc/demo/a.conf").has(FileFlag.NO_REPLACE)).isTrue();
    }

    @Test
    void a_directory_gives_its_files_and_keeps_who_may_run_them() throws IOException {
        file("bin/run", "#!/bin/sh\n");
        file("bin/sub/data", "x");
        assertThat(sources.resolve("bin/run").toFile().setExecutable(true)).isTrue();
        RpmPackage rpm = build(p -> p.addContent(content(ContentType.FILE, "bin", "/opt/demo")));
        assertThat(paths(rpm)).containsExactly("/opt/demo/run", "/opt/demo/sub/data");
        assertThat(find(rpm, "/opt/demo/run").permissions()).isEqualTo(0755);
        assertThat(find(rpm, "/opt/demo/sub/data").permissions()).isEqualTo(0644);
    }

    @Test
    void a_tree_keeps_directories_and_links() throws IOException {
        file("tree/sub/data", "x");
        Files.createDirectories(sources.resolve("tree/empty"));
        Files.createSymbolicLink(sources.resolve("tree/link"), Path.of("../../nowhere"));
        RpmPackage rpm = build(p -> p.addContent(content(ContentType.TREE, "tree", "/usr/share/demo")));
        assertThat(paths(rpm))
                .containsExactly(
                        "/usr/share/demo",
                        "/usr/share/demo/empty",
                        "/usr/share/demo/link",
                        "/usr/share/demo/sub",
                        "/usr/share/demo/sub/data");
        assertThat(find(rpm, "/usr/share/demo/link").linkTarget()).isEqualTo("../../nowhere");
    }

    @Test
    void the_name_has_the_prefix_and_the_release_the_stamp() throws IOException {
        RpmPackage rpm = build(p -> p.directory("/var/demo").symlink("/var/link", "demo"));
        assertThat(rpm.nevra()).hasToString("bottlerocket-demo-1.0-1.0.0.br1.x86_64");
        assertThat(find(rpm, "/var/demo").isDirectory()).isTrue();
        assertThat(find(rpm, "/var/link").isSymlink()).isTrue();
    }

    @Test
    void a_link_that_leads_out_of_the_package_is_refused() throws IOException {
        Files.writeString(directory.resolve("secret"), "s");
        Files.createSymbolicLink(sources.resolve("data"), directory.resolve("secret"));
        assertThatThrownBy(() -> build(p -> p.addContent(content(ContentType.FILE, "data", "/etc/data"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("leads out of the package directory")
                .hasMessageContaining("data");
    }

    @Test
    void a_directory_behind_a_link_is_refused_or_empty() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        Files.createSymbolicLink(sources.resolve("dir"), outside);
        assertThatThrownBy(() -> build(p -> p.addContent(content(ContentType.FILE, "dir/secret", "/etc/data"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("leads out of the package directory");
        assertThatThrownBy(() -> build(p -> p.addContent(content(ContentType.TREE, "dir", "/etc/demo"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("leads out of the package directory");
    }

    @Test
    void two_entries_for_one_path_are_refused() throws IOException {
        file("a/x", "1");
        file("b/x", "2");
        assertThatThrownBy(() -> build(p -> p.addContent(content(ContentType.FILE, "*/x", "/etc"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("/etc/x");
    }

    @Test
    void a_source_that_is_missing_is_named() {
        assertThatThrownBy(() -> build(p -> p.addContent(content(ContentType.FILE, "agent.sh", "/usr/bin/agent"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("agent.sh")
                .hasMessageContaining("/usr/bin/agent")
                .satisfies(e -> assertThat(((SourceException) e).hint())
                        .hasValueSatisfying(hint -> assertThat(hint).contains("packages/demo/package.toml")));
        assertThatThrownBy(() -> build(p -> p.addContent(content(ContentType.FILE, "*.sh", "/usr/bin"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("*.sh");
        assertThatThrownBy(() -> build(p -> p.addContent(content(ContentType.TREE, "tree", "/usr/bin"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("tree");
    }

    @Test
    void a_broken_pattern_or_dependency_is_named() {
        assertThatThrownBy(() -> build(p -> p.addContent(content(ContentType.FILE, "[a", "/usr/bin"))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("[a");
        assertThatThrownBy(() -> build(p -> p.requires("a >=")))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("packages/demo/package.toml")
                .hasMessageContaining("a >=");
    }

    @Test
    void a_package_of_another_architecture_is_refused() {
        assertThatThrownBy(() -> build(p -> p.declare(d -> d.arch("aarch64"))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("aarch64");
    }

    @Test
    void the_same_sources_give_the_same_bytes_whatever_their_times() throws IOException {
        file("data", "x");
        UnaryOperator<PackageSpec.Builder> fill =
                p -> p.addContent(content(ContentType.FILE, "data", "/usr/share/data"));
        RpmPackage one = build(fill);
        Files.setLastModifiedTime(sources.resolve("data"), java.nio.file.attribute.FileTime.fromMillis(12345));
        RpmPackage other = build(fill);
        assertThat(one.file()).hasSameBinaryContentAs(other.file());
    }
}
