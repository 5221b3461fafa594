package dev.twoliter.core.internal.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.SourceException;
import dev.twoliter.testing.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where sources come from and go to, and what is wrong with them. */
class SourceFetcherTest extends SourceWorld {

    // Where sources come from

    @Test
    void a_source_comes_from_the_first_cache_that_has_it_and_is_kept() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/second", source, CONTENT);
        offer("/third", source, CONTENT);
        List<SourceFetcher.Fetched> fetched =
                fetch(settings(cache("/first"), cache("/second"), cache("/third")), source);
        String place = "/a-1.tar.gz/" + source.file().sha512() + "/a-1.tar.gz";
        assertThat(server.requests).containsExactly("GET /first" + place, "GET /second" + place);
        assertThat(fetched).singleElement().satisfies(one -> {
            assertThat(one.path()).isEqualTo(cached(source)).hasBinaryContent(CONTENT);
            assertThat(one.size()).isEqualTo(SIZE);
            assertThat(one.fresh()).isTrue();
        });
        assertThat(fetch(settings(cache("/first")), source))
                .singleElement()
                .satisfies(one -> assertThat(one.fresh()).isFalse());
        assertThat(server.requests).hasSize(2);
        assertThat(transfers).contains("a-1.tar.gz " + SIZE + "/" + SIZE);
        assertThat(filesBelow("cache")).containsExactly(cached(source));
    }

    @Test
    void upstream_is_asked_last_and_only_where_that_is_allowed() {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        server.files.put("/up/a-1.tar.gz", CONTENT);
        SourceException refused = failure(settings(cache("/c")), source);
        assertThat(refused)
                .hasMessageContaining("a-1.tar.gz of package a cannot be had")
                .hasMessageContaining(
                        "\n  " + server.url("/c/a-1.tar.gz/" + source.file().sha512()) + "/a-1.tar.gz: HTTP 404")
                .hasMessageContaining("\n  " + server.url("/up/a-1.tar.gz") + ": not asked: upstream sources are not");
        assertThat(refused.hint()).get().asString().contains("--upstream-source-fallback", "BUILDSYS_LOOKASIDE_CACHE");
        assertThat(server.requests).hasSize(1);
        fetch(upstream(settings(cache("/c"))), source);
        assertThat(server.requests).hasSize(3).last().isEqualTo("GET /up/a-1.tar.gz");
    }

    @Test
    void a_source_that_is_forced_upstream_may_come_from_there() {
        server.files.put("/up/n.run", CONTENT);
        ExternalFile file =
                new ExternalFile(server.url("/up/n.run"), sha512(CONTENT), null, true, List.of(), null, null);
        fetch(settings(cache("/c")), new SourceFile("a", directory, file));
        assertThat(server.requests).hasSize(2).last().isEqualTo("GET /up/n.run");
    }

    @Test
    void a_path_names_the_file_in_caches_but_not_upstream() {
        server.files.put("/up/v1.tar.gz", CONTENT);
        ExternalFile file = new ExternalFile(
                server.url("/up/v1.tar.gz"), sha512(CONTENT), "a b+c-1.tar.gz", false, List.of(), null, null);
        fetch(upstream(settings(cache("/c"))), new SourceFile("a", directory, file));
        assertThat(server.requests)
                .containsExactly("GET /c/a%20b+c-1.tar.gz/" + file.sha512() + "/a%20b+c-1.tar.gz", "GET /up/v1.tar.gz");
    }

    @Test
    void a_cache_may_be_written_with_a_slash_at_its_end_or_with_a_query() {
        assertThat(Place.inCache(URI.create("https://c.example/x//"), "a#?%", "ff"))
                .hasToString("https://c.example/x/a%23%3F%25/ff/a%23%3F%25");
        assertThat(Place.inCache(URI.create("https://c.example:8/?t=1"), "a", "ff"))
                .hasToString("https://c.example:8/a/ff/a?t=1");
        assertThat(Place.inCache(URI.create("file:///srv/c"), "a", "ff")).hasToString("file:/srv/c/a/ff/a");
    }

    @Test
    void a_cache_may_be_a_directory_also_offline() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        Path mirror = directory.resolve("mirror/a-1.tar.gz/" + source.file().sha512());
        Files.createDirectories(mirror);
        Files.write(mirror.resolve("a-1.tar.gz"), CONTENT);
        SourceSettings settings = settings(directory.resolve("mirror").toUri(), cache("/c"));
        fetch(offline(settings), source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void offline_nothing_is_asked_and_what_is_missing_is_said() {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        SourceException e = failure(offline(upstream(settings(cache("/c")))), source);
        assertThat(e.getMessage().lines().skip(1))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).endsWith(": not asked: this run is offline"));
        assertThat(e.hint()).get().asString().contains("twoliter fetch", directory.toString());
        assertThat(server.requests).isEmpty();
        fetch(settings(cache("/c")), source);
        assertThat(fetch(offline(settings(cache("/c"))), source)).hasSize(1);
    }

    @Test
    void a_file_that_lies_in_the_package_is_taken_if_it_is_right() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        Files.write(directory.resolve("a-1.tar.gz"), "wrong".getBytes(StandardCharsets.US_ASCII));
        offer("/c", source, CONTENT);
        fetch(settings(cache("/c")), source);
        assertThat(server.requests).hasSize(1);
        assertThat(warnings).singleElement().asString().contains(directory.resolve("a-1.tar.gz") + " is not what");
        Files.delete(cached(source));
        Files.write(directory.resolve("a-1.tar.gz"), CONTENT);
        fetch(settings(cache("/c")), source);
        assertThat(server.requests).hasSize(1);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
    }

    // Wrong content

    @Test
    void a_wrong_content_on_one_cache_is_told_and_the_next_one_is_asked() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/bad", source, "not found, sorry".getBytes(StandardCharsets.US_ASCII));
        offer("/good", source, CONTENT);
        fetch(settings(cache("/bad"), cache("/good")), source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
        assertThat(warnings).singleElement().asString().contains("/bad/a-1.tar.gz", "SHA-512 is wrong");
    }

    @Test
    void a_wrong_content_everywhere_is_one_error_that_names_every_place_and_keeps_nothing() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        byte[] evil = "evil".getBytes(StandardCharsets.US_ASCII);
        offer("/bad", source, evil);
        server.files.put("/up/a-1.tar.gz", evil);
        SourceException e = failure(upstream(settings(cache("/bad"), cache("/none"))), source);
        assertThat(e.getMessage().lines())
                .hasSize(4)
                .satisfiesExactly(
                        line -> assertThat(line).contains(source.file().sha512().substring(0, 12)),
                        line -> assertThat(line).contains("/bad/").endsWith("its SHA-512 is " + sha512(evil)),
                        line -> assertThat(line).contains("/none/").endsWith("HTTP 404"),
                        line -> assertThat(line).contains("/up/").endsWith("its SHA-512 is " + sha512(evil)));
        assertThat(e.hint()).get().asString().contains("Only if you trust", "Cargo.toml");
        assertThat(cached(source)).doesNotExist();
        assertThat(part(source)).isEmptyFile();
    }

    @Test
    void what_cannot_be_had_does_not_keep_the_others_from_coming_and_all_of_it_is_named() {
        List<SourceFile> sources = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            byte[] content = {(byte) i};
            SourceFile source = source("s" + i, content);
            sources.add(source);
            if (i == 4) {
                offer("/c", source, content);
            }
        }
        SourceException e = failure(settings(cache("/c")), sources.toArray(SourceFile[]::new));
        assertThat(e.getMessage()).contains("s0 of", "s1 of", "s2 of", "s3 of", "s5 of", "\nand 3 more");
        assertThat(e.getSuppressed()).hasSize(8);
        assertThat(cached(sources.get(4))).exists();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 500_000, SIZE - 1})
    void a_byte_that_changed_on_the_way_is_found_out(long at) throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        proxy.faults = seen -> new FaultProxy.CorruptResponse(at);
        SourceException e = failure(settings(proxied("/c")), source);
        assertThat(e).hasMessageContaining("its SHA-512 is ");
        proxy.reset();
        fetch(settings(proxied("/c")), source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
    }

    @Test
    void a_truncated_content_that_looks_whole_is_found_out() {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        proxy.faults = seen -> new FaultProxy.Truncate(SIZE - 1);
        assertThat(failure(settings(proxied("/c")), source)).hasMessageContaining("its SHA-512 is ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_larger_than_any_source_is_not_taken(boolean hidden) throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        server.hidesLength = hidden;
        SourceSettings s = settings(cache("/c"));
        SourceSettings small = new SourceSettings(
                s.lookasideCaches(), false, false, 1, FAST, s.connectTimeout(), s.stallTimeout(), SIZE - 1);
        assertThat(failure(small, source)).hasMessageContaining("larger than " + (SIZE - 1) + " bytes");
        assertThat(Files.size(part(source))).isLessThan(SIZE);
    }

    // Redirects

    @Test
    void redirects_are_followed_and_the_rest_is_asked_for_at_their_end() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        server.files.put("/store/x", CONTENT);
        server.redirects.put("/up/a-1.tar.gz", "../moved");
        server.redirects.put("/moved", "http://" + proxy.host() + "/store/x");
        AtomicInteger requests = new AtomicInteger();
        proxy.faults =
                seen -> requests.getAndIncrement() == 0 ? new FaultProxy.CutResponse(400_000) : new FaultProxy.Pass();
        fetch(upstream(settings(cache("/c"))), source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
        assertThat(server.requests).last().asString().startsWith("GET /store/x from 400000");
    }

    @Test
    void redirects_in_a_circle_without_end_or_to_elsewhere_are_failures() {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        server.redirects.put("/up/a-1.tar.gz", "/b");
        server.redirects.put("/b", "/up/a-1.tar.gz");
        SourceSettings settings = upstream(settings(cache("/c")));
        assertThat(failure(settings, source)).hasMessageContaining("it redirects in a circle");
        for (int i = 0; i < 20; i++) {
            server.redirects.put(i == 0 ? "/up/a-1.tar.gz" : "/r" + i, "/r" + (i + 1));
        }
        assertThat(failure(settings, source)).hasMessageContaining("it redirects more than 10 times");
        for (String nowhere : List.of("file:///etc/passwd", "ftp://h/x", "http:///x", "", "mailto:a@b", "ht tp:")) {
            server.redirects.put("/up/a-1.tar.gz", nowhere);
            assertThat(failure(settings, source)).as(nowhere).hasMessageContaining("/up/a-1.tar.gz: it redirects to");
        }
    }

    // Secrets

    @Test
    void a_password_goes_to_its_own_server_only_and_is_never_shown() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        String path = "/c/a-1.tar.gz/" + source.file().sha512() + "/a-1.tar.gz";
        server.redirects.put(path, "http://" + proxy.host() + "/elsewhere?token=hidden2");
        URI cache = URI.create("http://me:hidden1%40x@" + server.host() + "/c?sig=hidden3");
        SourceException e = failure(settings(cache), source);
        assertThat(server.authorizations).hasSize(2).last().isNull();
        assertThat(server.authorizations.get(0))
                .isEqualTo("Basic "
                        + java.util.Base64.getEncoder()
                                .encodeToString("me:hidden1@x".getBytes(StandardCharsets.UTF_8)));
        assertThat(e.getMessage() + e.hint() + progress + warnings + transfers).doesNotContain("hidden");
        assertThat(e).hasMessageContaining("http://" + server.host() + "/c/");
    }

    // The cache

    @Test
    void what_was_damaged_in_the_cache_is_downloaded_again() throws IOException {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        fetch(settings(cache("/c")), source);
        byte[] damaged = CONTENT.clone();
        damaged[77] ^= 1;
        Files.write(cached(source), damaged);
        fetch(settings(cache("/c")), source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
        assertThat(warnings).singleElement().asString().contains("was damaged");
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void several_at_once_download_a_source_once() throws Exception {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        proxy.faults = seen -> new FaultProxy.Pass();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<SourceFetcher.Fetched>>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> fetch(settings(cache("/c")), source)));
            }
            for (Future<List<SourceFetcher.Fetched>> one : all) {
                assertThat(one.get()).hasSize(1);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void one_content_of_several_names_and_packages_is_downloaded_once() throws IOException {
        SourceFile a = source("a-1.tar.gz", CONTENT);
        SourceFile b = source("b-1.tar.gz", CONTENT);
        offer("/c", b, CONTENT);
        assertThat(fetch(settings(cache("/c")), a, b))
                .extracting(SourceFetcher.Fetched::path)
                .containsExactly(cached(a), cached(a));
        assertThat(server.requests).hasSize(2).last().asString().contains("/b-1.tar.gz/");
    }

    @Test
    void an_interrupt_ends_it_and_keeps_what_has_come() throws Exception {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        proxy.faults = seen -> new FaultProxy.StallResponse(400_000);
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Thread thread = new Thread(() -> {
            try {
                fetch(settings(proxied("/c")), source);
            } catch (BuildCancelledException e) {
                thrown.add(e);
            }
        });
        thread.start();
        while (!Files.exists(part(source)) || Files.size(part(source)) < 400_000) {
            Thread.sleep(10);
        }
        thread.interrupt();
        thread.join(5000);
        assertThat(thread.isAlive()).isFalse();
        assertThat(thrown).hasSize(1);
        proxy.reset();
        fetch(settings(proxied("/c")), source);
        assertThat(server.requests).last().asString().endsWith(" from 400000");
    }

    // Where sources go to

    @Test
    void sources_are_placed_under_their_names_and_replace_what_is_wrong() throws IOException {
        SourceFile a = source("a-1.tar.gz", CONTENT);
        SourceFile b = source("b.conf", new byte[0]);
        offer("/c", a, CONTENT);
        offer("/c", b, new byte[0]);
        Path build = Files.createDirectories(directory.resolve("build"));
        Path outside = Files.writeString(directory.resolve("outside"), "mine");
        Files.createSymbolicLink(build.resolve("a-1.tar.gz"), outside);
        Files.writeString(build.resolve("b.conf"), "old");
        try (SourceFetcher fetcher = fetcher(settings(cache("/c")))) {
            fetcher.place(List.of(a, b), build, report);
            assertThat(build.resolve("a-1.tar.gz")).hasBinaryContent(CONTENT);
            assertThat(Files.isSymbolicLink(build.resolve("a-1.tar.gz"))).isFalse();
            assertThat(outside).hasContent("mine");
            assertThat(build.resolve("b.conf")).isEmptyFile();
            // A build that writes into its copy harms nobody.
            Files.write(build.resolve("a-1.tar.gz"), new byte[5]);
            assertThat(cached(a)).hasBinaryContent(CONTENT);
            fetcher.place(List.of(a, b), build, report);
        }
        assertThat(build.resolve("a-1.tar.gz")).hasBinaryContent(CONTENT);
        assertThat(filesBelow("build")).hasSize(2);
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void a_mirror_serves_others_as_a_lookaside_cache_and_is_filled_up_without_downloading_twice() throws IOException {
        SourceFile source = source("a b-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        Path mirror = directory.resolve("mirror");
        try (SourceFetcher fetcher = fetcher(settings(cache("/c")))) {
            fetcher.mirror(List.of(source), mirror, report);
        }
        Path file = mirror.resolve("a b-1.tar.gz/" + source.file().sha512() + "/a b-1.tar.gz");
        assertThat(file).hasBinaryContent(CONTENT);
        Files.delete(cached(source));
        try (SourceFetcher fetcher = fetcher(settings(cache("/c")))) {
            assertThat(fetcher.mirror(List.of(source), mirror, report))
                    .singleElement()
                    .satisfies(one -> assertThat(one.path()).isEqualTo(file));
        }
        assertThat(server.requests).hasSize(1);
        fetch(settings(mirror.toUri()), source);
        assertThat(cached(source)).hasBinaryContent(CONTENT);
        assertThat(server.requests).hasSize(1);
    }

    // URLs that are of no use

    @Test
    void urls_that_cannot_be_downloaded_are_said_to_be_so() {
        for (String url :
                List.of("ftp://h/a-1", "file://other/a-1", "http:///a-1", "urn:x/a-1", "http://h:99999/a-1")) {
            ExternalFile file = new ExternalFile(url, sha512(CONTENT), "a-1", true, List.of(), null, null);
            SourceException e = failure(settings(), new SourceFile("a", directory, file));
            assertThat(e.getMessage().lines()).as(url).hasSize(2);
        }
    }

    @Test
    void a_proxy_that_is_written_wrongly_is_an_error_only_when_it_is_needed() {
        SourceFile source = source("a-1.tar.gz", CONTENT);
        offer("/c", source, CONTENT);
        fetch(settings(cache("/c")), source);
        Environment broken = Environment.of(Map.of("HTTP_PROXY", "socks5://x:hidden@y"), directory.resolve("cache"));
        try (SourceFetcher fetcher = new SourceFetcher(settings(cache("/c")), broken)) {
            assertThat(fetcher.fetch(List.of(source), report)).hasSize(1);
            SourceFile other = source("b", new byte[1]);
            assertThatThrownBy(() -> fetcher.fetch(List.of(other), report))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("HTTP_PROXY")
                    .hasMessageNotContaining("hidden");
        }
    }
}
