package dev.twoliter.core.internal.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Digest;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoModulesTest {

    private static final Digest SDK = Digest.sha256("aa".repeat(32));
    private static final SourceReport QUIET =
            new SourceReport(m -> {}, m -> {}, (what, bytes, total) -> {}, () -> false);

    @TempDir
    Path directory;

    private static ExternalFile file(String sha512, @Nullable String root, @Nullable String output, String... modules) {
        return new ExternalFile("https://src.example/x-1.tar.gz", sha512, null, false, List.of(modules), root, output);
    }

    private GoModules bundle(String sha512, @Nullable String root, @Nullable String output) {
        return new GoModules(new SourceFile("x", directory, file(sha512, root, output, "go")));
    }

    @Test
    void every_entry_that_asks_for_go_gets_a_bundle_also_two_of_one_archive() {
        String hash = "0a".repeat(64);
        PackageSpec spec = PackageSpec.builder("x")
                .spec()
                .addExternalFile(file(hash, null, null, "go"))
                .addExternalFile(file(hash, "x-1/cmd/", "bundled-cmd.tar.gz", "go"))
                .addExternalFile(ExternalFile.of("https://src.example/y", hash))
                .build();
        assertThat(GoModules.of(spec, directory))
                .extracting(GoModules::name)
                .containsExactly("bundled-x-1.tar.gz", "bundled-cmd.tar.gz");
        assertThat(GoModules.of(spec, directory).get(1).root()).contains("x-1/cmd");
        assertThat(SourceFile.of(spec, directory)).extracting(SourceFile::name).containsExactly("x-1.tar.gz", "y");
    }

    @Test
    void the_key_follows_from_the_sdk_the_archive_and_the_directory_but_not_from_names() {
        Digest key = bundle("0a".repeat(64), null, null).key(SDK);
        assertThat(bundle("0a".repeat(64), null, "other.tar.gz").key(SDK)).isEqualTo(key);
        assertThat(List.of(
                        bundle("0b".repeat(64), null, null).key(SDK),
                        bundle("0a".repeat(64), "x-1/cmd", null).key(SDK),
                        bundle("0a".repeat(64), null, null).key(Digest.sha256("bb".repeat(32)))))
                .doesNotContain(key)
                .doesNotHaveDuplicates();
    }

    @Test
    void go_gets_what_is_set_here_for_it_and_for_proxies_and_nothing_else() {
        Environment environment = Environment.of(
                Map.of("GOPROXY", "https://p.example", "https_proxy", "http://q", "GOFLAGS", "-x", "AWS_KEY", "s"),
                directory);
        assertThat(GoModules.environment(environment, Path.of("/scratch")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "GOPROXY",
                        "https://p.example",
                        "https_proxy",
                        "http://q",
                        "GOPATH",
                        "/scratch/go",
                        "GOCACHE",
                        "/scratch/go-build",
                        "HOME",
                        "/scratch"));
    }

    /** With a stand-in for go that says what it was asked, and vendors one file. */
    @Test
    @Peer("tar")
    void the_command_makes_the_same_bytes_whatever_the_times_and_modes_are() throws Exception {
        Path go = Files.createDirectories(directory.resolve("bin")).resolve("go");
        Files.writeString(
                go,
                "#!/bin/sh\necho \"$PWD $*\" >>\"$LOG\"\n"
                        + "[ \"$1\" = list ] || { mkdir -p vendor/b vendor/a; echo m >vendor/modules.txt; echo 1 >vendor/b/x; }\n");
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path tree = Files.createDirectories(directory.resolve("in/x-1/cmd'$(touch evil)"));
        Files.writeString(directory.resolve("in/x-1/go.mod"), "module x\n");
        Files.writeString(tree.resolve("go.mod"), "module y\n");
        Path archive = directory.resolve("x-1.tar.gz");
        Command.output("tar", "-C", directory.resolve("in"), "-czf", archive, "./x-1");

        Path first = run(bundle("0a".repeat(64), null, null), archive, "umask 022; ");
        Path second = run(bundle("0a".repeat(64), null, null), archive, "umask 077; sleep 1.1; ");
        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(Command.output("tar", "-tzf", first).lines())
                .containsExactly(
                        "x-1/vendor/", "x-1/vendor/a/", "x-1/vendor/b/", "x-1/vendor/b/x", "x-1/vendor/modules.txt");
        Path named = run(bundle("0a".repeat(64), "x-1/cmd'$(touch evil)", null), archive, "");
        assertThat(Command.output("tar", "-tzf", named)).contains("x-1/cmd'$(touch evil)/vendor/modules.txt");
        assertThat(Files.readAllLines(directory.resolve("log")).subList(0, 2))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("/x-1 list -mod=readonly ./..."),
                        line -> assertThat(line).endsWith("/x-1 mod vendor"));
        assertThatThrownBy(() -> run(bundle("0a".repeat(64), "x-1/none", null), archive, ""))
                .hasMessageContaining("name its directory as bundle-root-path");
    }

    private Path run(GoModules modules, Path archive, String before) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(directory, "work");
        Path bundle = work.resolve("bundle");
        List<String> command = new ArrayList<>(List.of("sh", "-c", before + "exec \"$@\"", "sh"));
        command.addAll(modules.command(archive, bundle));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Files.createDirectory(work.resolve("empty")).toFile())
                .redirectErrorStream(true);
        builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("LOG", directory.resolve("log").toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
        assertThat(work.resolve("empty/evil")).doesNotExist();
        return bundle;
    }

    // The cache

    private BundleCache cache() {
        return new BundleCache(Environment.of(Map.of(), directory.resolve("cache")));
    }

    private static Path write(Path scratch, String content) {
        try {
            return Files.writeString(scratch.resolve("bundle"), content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_bundle_is_made_once_however_many_want_it() throws Exception {
        AtomicInteger made = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Path>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> cache().supply(SDK, QUIET, scratch -> {
                    made.incrementAndGet();
                    return write(scratch, "modules");
                })));
            }
            for (Future<Path> one : all) {
                assertThat(one.get()).hasContent("modules");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void a_bundle_that_was_damaged_or_only_half_made_is_made_anew() throws IOException {
        assertThat(cache().find(SDK)).isEmpty();
        assertThatThrownBy(() -> cache().supply(SDK, QUIET, scratch -> {
                    write(scratch, "half");
                    throw new IllegalStateException("killed");
                }))
                .hasMessage("killed");
        assertThat(cache().find(SDK)).isEmpty();
        Path bundle = cache().supply(SDK, QUIET, scratch -> {
            assertThat(scratch).isEmptyDirectory();
            return write(scratch, "modules");
        });
        assertThat(cache().find(SDK)).contains(bundle);
        Files.writeString(bundle, "damaged");
        Files.setLastModifiedTime(bundle, FileTime.fromMillis(0));
        assertThat(cache().find(SDK)).isEmpty();
        assertThat(cache().supply(SDK, QUIET, scratch -> write(scratch, "modules")))
                .hasContent("modules");
        Path entry = directory.resolve("cache/bundles").resolve(SDK.hex());
        Files.writeString(entry, "rubbish");
        assertThat(cache().supply(SDK, QUIET, scratch -> write(scratch, "modules")))
                .hasContent("modules");
        assertThat(entry.resolveSibling(SDK.hex() + ".part.d")).doesNotExist();
    }
}
