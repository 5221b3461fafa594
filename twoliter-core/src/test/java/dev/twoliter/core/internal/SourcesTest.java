package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twoliter.api.Environment;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.SourceResult;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.plan.SourceRequest;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.sources.SourceServer;
import dev.twoliter.testing.FaultProxy;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sources of a project, through the public API and in processes of their own. */
class SourcesTest {

    private static final byte[] LARGE = new byte[3_000_000];
    private static final byte[] SMALL = {1, 2, 3};

    static {
        new Random(3).nextBytes(LARGE);
    }

    @TempDir
    Path directory;

    private SourceServer server;
    private FaultProxy proxy;
    private Project project;

    @BeforeEach
    void create() throws IOException {
        server = new SourceServer();
        proxy = FaultProxy.before(server.host());
        ProjectSpec spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .addPackage("a", p -> p.specFile("Name: a\n").addExternalFile(file("a-1.tar.gz", LARGE, false)))
                .addPackage(
                        "b",
                        p -> p.specFile("Name: b\n")
                                .addExternalFile(file("b-1.tar.gz", SMALL, false))
                                .addExternalFile(file("nv.run", new byte[] {9}, true)))
                .build();
        project = Twoliter.create(directory.resolve("p"), spec, environment(Map.of()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private Environment environment(Map<String, String> variables) {
        return Environment.of(variables, directory.resolve("cache"));
    }

    private ExternalFile file(String name, byte[] content, boolean force) {
        server.files.put("/up/" + name, content);
        String sha512 = sha512(content);
        if (!force) {
            server.files.put("/c/" + name + "/" + sha512 + "/" + name, content);
        }
        return new ExternalFile(server.url("/up/" + name), sha512, null, force, List.of(), null, null);
    }

    private static String sha512(byte[] content) {
        try {
            return Hashing.copySha512(new ByteArrayInputStream(content), OutputStream.nullOutputStream())
                    .hex();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RunOptions.Builder cache(RunOptions.Builder options) {
        return options.lookasideCaches(URI.create(server.url("/c")));
    }

    private Path cached(byte[] content) {
        return directory.resolve("cache/blobs/sha512").resolve(sha512(content));
    }

    private Path part(byte[] content) {
        return directory.resolve("cache/blobs/sha512").resolve(sha512(content) + ".part");
    }

    @Test
    void all_sources_are_fetched_and_told_in_the_order_of_packages() {
        List<BuildEvent> events = Collections.synchronizedList(new ArrayList<>());
        SourceResult result =
                project.fetchSources(SourceRequest.builder().build(), o -> cache(o).listener(events::add));
        assertThat(result.leftOut()).isEmpty();
        assertThat(result.sources())
                .extracting(s -> s.packageName() + " " + s.file().name() + " " + s.size() + " " + s.fresh())
                .containsExactly("a a-1.tar.gz 3000000 true", "b b-1.tar.gz 3 true", "b nv.run 1 true");
        assertThat(result.sources().get(0).path()).isEqualTo(cached(LARGE)).hasBinaryContent(LARGE);
        assertThat(events)
                .hasAtLeastOneElementOfType(BuildEvent.StepFinished.class)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                BuildEvent.TransferProgress.class,
                                t -> assertThat(t.what() + t.bytes() + t.total())
                                        .isEqualTo("a-1.tar.gz30000003000000")))
                .last()
                .isInstanceOfSatisfying(
                        BuildEvent.BuildFinished.class,
                        e -> assertThat(e.success()).isTrue());
        int asked = server.requests.size();
        assertThat(project.fetchSources(SourceRequest.builder().build(), o -> o.offline(true))
                        .sources())
                .hasSize(3)
                .noneMatch(SourceResult.FetchedSource::fresh);
        assertThat(server.requests).hasSize(asked);
    }

    @Test
    void only_the_sources_of_named_packages_are_fetched_if_they_exist() {
        SourceRequest b = SourceRequest.builder().packages("b").build();
        assertThat(project.fetchSources(b, this::cache).sources()).hasSize(2);
        SourceRequest none = SourceRequest.builder().packages("b", "x", "y").build();
        assertThatThrownBy(() -> project.fetchSources(none, this::cache))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("no package 'x'")
                .hasMessageContaining("no package 'y'");
    }

    @Test
    void a_mirror_leaves_out_what_may_not_be_passed_on_unless_that_is_asked_for() throws IOException {
        Path mirror = directory.resolve("mirror");
        SourceRequest.Builder request = SourceRequest.builder().mirror(mirror);
        SourceResult result = project.fetchSources(request.build(), this::cache);
        assertThat(result.leftOut())
                .singleElement()
                .satisfies(one ->
                        assertThat(one.packageName() + " " + one.file().name()).isEqualTo("b nv.run"));
        try (Stream<Path> files = Files.walk(mirror)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> mirror.relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "a-1.tar.gz/" + sha512(LARGE) + "/a-1.tar.gz",
                            "b-1.tar.gz/" + sha512(SMALL) + "/b-1.tar.gz");
        }
        assertThat(project.fetchSources(request.forcedUpstream(true).build(), this::cache)
                        .sources())
                .hasSize(3)
                .allSatisfy(one -> assertThat(one.path()).startsWith(mirror).exists());
    }

    @ParameterizedTest
    @CsvSource({"true, 3", "TRUE, 0", "1, 0", "'', 0"})
    void upstreams_variables_are_read_as_upstream_reads_them(String fallback, int fetched) {
        Project other = Twoliter.open(
                project.directory(),
                environment(Map.of(
                        "BUILDSYS_LOOKASIDE_CACHE",
                        server.url("/none"),
                        "BUILDSYS_UPSTREAM_SOURCE_FALLBACK",
                        fallback)));
        if (fetched > 0) {
            assertThat(other.fetchSources().sources()).hasSize(fetched);
            return;
        }
        assertThatThrownBy(other::fetchSources)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("upstream sources are not allowed");
        assertThat(server.requests).noneMatch(request -> request.contains("/up/a-1") || request.contains("/up/b-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", ",", ", \n"})
    void the_variable_may_name_several_caches(String between) {
        Project other = Twoliter.open(
                project.directory(),
                environment(Map.of("BUILDSYS_LOOKASIDE_CACHE", server.url("/none") + between + server.url("/c"))));
        assertThat(other.fetchSources().sources()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cache.example", "ftp://cache.example", "https:", "http://a b://c", "http://[x"})
    void a_cache_that_is_no_url_is_an_error(String value) {
        Project other = Twoliter.open(project.directory(), environment(Map.of("BUILDSYS_LOOKASIDE_CACHE", value)));
        assertThatThrownBy(other::fetchSources)
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("BUILDSYS_LOOKASIDE_CACHE has '");
    }

    @Test
    void two_processes_download_a_source_once() throws Exception {
        try (ChildBuild one = ChildBuild.start(project.directory(), directory.resolve("cache"), server.url("/c"));
                ChildBuild two = ChildBuild.start(project.directory(), directory.resolve("cache"), server.url("/c"))) {
            one.awaitSuccess();
            two.awaitSuccess();
        }
        assertThat(cached(LARGE)).hasBinaryContent(LARGE);
        assertThat(server.requests.stream().filter(request -> request.contains("a-1.tar.gz")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 7, 9})
    void what_is_killed_goes_on_from_its_last_byte(int tenth) throws Exception {
        long some = LARGE.length / 10L * tenth;
        proxy.faults = seen ->
                seen.target().contains("a-1.tar.gz") ? new FaultProxy.StallResponse(some) : new FaultProxy.Pass();
        String url = "http://" + proxy.host() + "/c";
        try (ChildBuild child = ChildBuild.start(project.directory(), directory.resolve("cache"), url)) {
            child.awaitFirstEvent();
            while (!Files.exists(part(LARGE)) || Files.size(part(LARGE)) < some) {
                Thread.sleep(5);
            }
            child.kill();
        }
        assertThat(cached(LARGE)).doesNotExist();
        proxy.reset();
        server.requests.clear();
        assertThat(project.fetchSources(SourceRequest.builder().build(), o -> o.lookasideCaches(URI.create(url)))
                        .sources())
                .hasSize(3);
        assertThat(cached(LARGE)).hasBinaryContent(LARGE);
        assertThat(server.requests.stream().filter(request -> request.contains("a-1.tar.gz")))
                .singleElement()
                .asString()
                .endsWith(" from " + some);
    }

    /** The file system then grows, and the next run goes on. */
    @Test
    @Peer("unshare")
    void a_full_disk_ends_it_and_the_next_run_goes_on() throws Exception {
        assumeTrue(
                new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0, "no user may mount anything here");
        Path cache = Files.createDirectories(directory.resolve("cache"));
        String script = "set -e; mount -t tmpfs -o size=1m tmpfs \"$0\"; "
                + "if \"$@\"; then echo NOT FULL; exit 1; fi; find \"$0\" -name '*.part' -printf 'KEPT %s\\n'; "
                + "mount -o remount,size=64m \"$0\"; \"$@\"; cp -a \"$0\" \"$0.seen\"";
        List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script, cache.toString()));
        command.addAll(ChildBuild.command(project.directory(), cache, server.url("/c")));
        Path log = directory.resolve("log");
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String said = Files.readString(log);
        assertThat(status).as(said).isZero();
        assertThat(said.substring(0, said.indexOf("KEPT"))).contains("No space left on device");
        assertThat(directory.resolve("cache.seen/blobs/sha512").resolve(sha512(LARGE)))
                .hasBinaryContent(LARGE);
        String kept = said.replaceFirst("(?s).*KEPT (\\d+)\\n.*", "$1");
        assertThat(Long.parseLong(kept)).isPositive();
        assertThat(server.requests.stream().filter(request -> request.contains("a-1.tar.gz")))
                .hasSize(2)
                .last()
                .asString()
                .endsWith(" from " + kept);
    }
}
