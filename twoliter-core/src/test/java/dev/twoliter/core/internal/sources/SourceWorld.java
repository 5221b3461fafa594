package dev.twoliter.core.internal.sources;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.Environment;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.SourceException;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.oci.RetryPolicy;
import dev.twoliter.testing.FaultProxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A web server with what breaks connections before it, and a cache to fill. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class SourceWorld {

    static final int SIZE = 1_000_003;
    static final RetryPolicy FAST = new RetryPolicy(6, Duration.ofMillis(1), Duration.ofMillis(50));
    static final byte[] CONTENT = new byte[SIZE];

    static {
        new Random(7).nextBytes(CONTENT);
    }

    @TempDir
    Path directory;

    SourceServer server;
    FaultProxy proxy;
    final List<String> progress = Collections.synchronizedList(new ArrayList<>());
    final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    final List<String> transfers = Collections.synchronizedList(new ArrayList<>());
    final SourceReport report = new SourceReport(
            progress::add,
            warnings::add,
            (what, bytes, total) -> transfers.add(what + " " + bytes + "/" + total),
            () -> false);

    @BeforeEach
    final void serve() throws IOException {
        server = new SourceServer();
        proxy = FaultProxy.before(server.host());
    }

    @AfterEach
    final void stop() throws IOException {
        proxy.close();
        server.close();
    }

    static String sha512(byte[] content) {
        try {
            return Hashing.copySha512(new ByteArrayInputStream(content), OutputStream.nullOutputStream())
                    .hex();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    SourceFile source(String name, byte[] content) {
        ExternalFile file = new ExternalFile(
                server.url("/up/" + name.replace(" ", "%20")), sha512(content), name, false, List.of(), null, null);
        return new SourceFile("a", directory, file);
    }

    void offer(String cache, SourceFile source, byte[] content) {
        server.files.put(
                Place.inCache(
                                URI.create("http://x" + cache),
                                source.name(),
                                source.file().sha512())
                        .getRawPath(),
                content);
    }

    URI cache(String path) {
        return URI.create(server.url(path));
    }

    URI proxied(String path) {
        return URI.create("http://" + proxy.host() + path);
    }

    static SourceSettings settings(URI... caches) {
        return new SourceSettings(
                List.of(caches), false, false, 4, FAST, Duration.ofSeconds(5), Duration.ofSeconds(5), 1 << 30);
    }

    static SourceSettings upstream(SourceSettings s) {
        return with(s, true, s.offline(), s.retries());
    }

    static SourceSettings offline(SourceSettings s) {
        return with(s, s.upstream(), true, s.retries());
    }

    static SourceSettings retrying(SourceSettings s, RetryPolicy retries) {
        return with(s, s.upstream(), s.offline(), retries);
    }

    static SourceSettings with(SourceSettings s, boolean upstream, boolean offline, RetryPolicy retries) {
        return new SourceSettings(
                s.lookasideCaches(),
                upstream,
                offline,
                s.jobs(),
                retries,
                s.connectTimeout(),
                s.stallTimeout(),
                s.maxSize());
    }

    SourceFetcher fetcher(SourceSettings settings) {
        return new SourceFetcher(settings, Environment.of(Map.of(), directory.resolve("cache")));
    }

    List<SourceFetcher.Fetched> fetch(SourceSettings settings, SourceFile... sources) {
        try (SourceFetcher fetcher = fetcher(settings)) {
            return fetcher.fetch(List.of(sources), report);
        }
    }

    SourceException failure(SourceSettings settings, SourceFile... sources) {
        return catchThrowableOfType(SourceException.class, () -> fetch(settings, sources));
    }

    Path cached(SourceFile source) {
        return directory.resolve("cache/blobs/sha512").resolve(source.file().sha512());
    }

    Path part(SourceFile source) {
        return directory.resolve("cache/blobs/sha512").resolve(source.file().sha512() + ".part");
    }

    List<Path> filesBelow(String name) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(name))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
