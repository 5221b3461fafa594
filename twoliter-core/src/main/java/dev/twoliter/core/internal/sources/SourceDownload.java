package dev.twoliter.core.internal.sources;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Digest;
import dev.twoliter.api.SourceException;
import dev.twoliter.core.internal.io.Cancellable;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.oci.internal.http.ProtocolException;
import dev.twoliter.oci.internal.http.ProxyRefusalException;
import dev.twoliter.oci.internal.http.UnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLException;

/**
 * Gets one content from the first place that has it. What a place sends is appended to what is there already, wherever
 * that came from: the digest of the whole decides, and where it is wrong, the same place is asked for all of it. Used
 * once.
 */
final class SourceDownload {

    /** A connection that brought less than this counts as a failure: else a server could let us begin for ever. */
    private static final long GOT_FURTHER = 1 << 16;

    private static final int MAX_CAUSES = 16;

    private final List<SourceFile> files;
    private final Digest digest;
    private final WebClient web;
    private final Servers servers;
    private final SourceSettings settings;
    private final SourceReport report;
    private final Meter meter;
    private final List<String> tried = new ArrayList<>();
    private boolean anyWrong;

    /**
     * Prepares.
     *
     * @param files what is wanted: one content, at least one name
     * @param web asks web servers
     * @param servers what is known of them
     * @param settings where sources come from and how
     * @param report is told
     */
    SourceDownload(
            List<SourceFile> files, WebClient web, Servers servers, SourceSettings settings, SourceReport report) {
        this.files = files;
        this.digest = files.get(0).digest();
        this.web = web;
        this.servers = servers;
        this.settings = settings;
        this.report = report;
        this.meter = new Meter(files.get(0).name(), report.transfers());
    }

    /**
     * Makes a partial file whole.
     *
     * @param channel the file
     * @param part its name
     * @return nothing of interest
     * @throws IOException if the partial file cannot be read
     * @throws SourceException if no place has the content
     */
    boolean fill(FileChannel channel, Path part) throws IOException {
        Reception reception = new Reception(channel, part, settings.maxSize(), report.cancellation(), meter::at);
        try {
            // Whoever was killed may have had it all.
            if (reception.position() > 0 && reception.digest().equals(digest)) {
                return true;
            }
            for (Place place : Place.of(files, settings)) {
                Optional<String> failure = from(place, reception);
                if (failure.isEmpty()) {
                    return true;
                }
                tried.add(place.shown() + ": " + failure.get());
            }
        } finally {
            meter.end();
        }
        throw missing();
    }

    /** {@return why the place is of no use; empty if the content is there now} */
    private Optional<String> from(Place place, Reception reception) {
        report.cancellation().throwIfRequested();
        try {
            if (place instanceof Place.Closed closed) {
                return Optional.of(closed.because());
            }
            return place instanceof Place.Web site
                    ? fromWeb(site, reception)
                    : fromDisk(((Place.Disk) place).file(), reception);
        } catch (IOException e) {
            throwIfInterrupted();
            return Optional.of(reason(e));
        }
    }

    private Optional<String> fromDisk(Path file, Reception reception) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.of("there is no such file");
        }
        Digest actual;
        try (InputStream in = new Cancellable(Files.newInputStream(file), report.cancellation())) {
            actual = Hashing.copySha512(in, OutputStream.nullOutputStream());
        }
        if (actual.equals(digest)) {
            reception.rewind();
            try (InputStream in = Files.newInputStream(file)) {
                reception.take(in);
            }
            actual = reception.digest();
        }
        return actual.equals(digest) ? Optional.empty() : Optional.of(wrong(file.toString(), actual));
    }

    private Optional<String> fromWeb(Place.Web site, Reception reception) throws IOException {
        Optional<String> givenUp = servers.givenUp(site.uri());
        if (givenUp.isPresent()) {
            return Optional.of("not asked again: " + givenUp.get());
        }
        boolean whole = pull(site, reception);
        Digest actual = reception.digest();
        if (!whole && !actual.equals(digest)) {
            // The beginning is of another place or another time.
            reception.rewind();
            pull(site, reception);
            actual = reception.digest();
        }
        if (actual.equals(digest)) {
            return Optional.empty();
        }
        reception.rewind();
        return Optional.of(wrong(site.shown(), actual));
    }

    private String wrong(String where, Digest actual) {
        anyWrong = true;
        report.warn()
                .accept(where + " is not what " + files.get(0) + " should be, and is not used: its SHA-512 is wrong");
        return "its SHA-512 is " + actual.hex();
    }

    /**
     * Pulls the rest of a file.
     *
     * @return whether all that is there now came in one piece
     */
    private boolean pull(Place.Web site, Reception reception) throws IOException {
        Optional<String> validator = Optional.empty();
        int failures = 0;
        while (true) {
            long furthest = reception.furthest();
            try (WebContent content = web.get(site.uri(), reception.position(), validator)) {
                if (content.total() > settings.maxSize()) {
                    throw Reception.tooLarge(settings.maxSize());
                }
                if (content.from() != reception.position()) {
                    reception.rewind();
                }
                validator = content.validator();
                meter.total(content.total());
                reception.take(content.body());
                servers.reached(site.uri());
                return content.from() == 0;
            } catch (IOException e) {
                throwIfInterrupted();
                failures = reception.furthest() - furthest >= GOT_FURTHER ? 1 : failures + 1;
                boolean unreachable = e instanceof UnreachableException;
                if (!unreachable) {
                    servers.reached(site.uri());
                }
                boolean mayPass = mayPass(e, site);
                if (!mayPass || failures >= settings.retries().attempts()) {
                    if (mayPass || unreachable) {
                        giveUp(site, unreachable, e);
                    }
                    throw e;
                }
                pause(site, failures, e);
            }
        }
    }

    private void giveUp(Place.Web site, boolean unreachable, IOException failure) {
        if (servers.failed(site.uri(), unreachable, reason(failure))) {
            report.warn()
                    .accept(site.uri().getHost() + " is not asked for sources any more in this run: "
                            + reason(failure));
        }
    }

    /** Whether the same may go through later. A server that was never there is rather a wrong name. */
    private boolean mayPass(IOException failure, Place.Web site) {
        if (failure instanceof AnswerException answer) {
            return answer.isTemporary();
        }
        if (failure instanceof ProxyRefusalException proxy) {
            return proxy.status() >= 500;
        }
        return failure instanceof UnreachableException
                ? servers.wasReached(site.uri())
                : !(failure instanceof ProtocolException || failure instanceof SSLException);
    }

    private void pause(Place.Web site, int failures, IOException failure) {
        Duration longest = settings.retries().longestPause();
        double varied = Math.scalb(1.0, Math.min(failures - 1, 30))
                * (0.5 + ThreadLocalRandom.current().nextDouble());
        Duration wanted =
                failure instanceof AnswerException answer ? answer.retryAfter().orElse(Duration.ZERO) : Duration.ZERO;
        long millis =
                wanted.isZero() ? (long) (settings.retries().firstPause().toMillis() * varied) : wanted.toMillis();
        millis = Math.min(millis, longest.toMillis());
        report.progress()
                .accept("the download of " + site.shown() + " broke off, trying again in " + millis + " ms: "
                        + reason(failure));
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throwIfInterrupted();
        }
    }

    private void throwIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new BuildCancelledException("the download of " + files.get(0) + " was interrupted");
        }
    }

    private static String reason(IOException e) {
        if (e instanceof SSLException && isAboutCertificates(e)) {
            return "its certificate is not trusted (SSL_CERT_FILE may name an authority of your own)";
        }
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    private static boolean isAboutCertificates(Throwable failure) {
        Throwable t = failure;
        for (int depth = 0; t != null && depth < MAX_CAUSES; depth++, t = t.getCause()) {
            if (t instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private SourceException missing() {
        SourceFile file = files.get(0);
        return new SourceException(
                file.file().url(),
                file + " cannot be had (SHA-512 " + digest.hex().substring(0, 12) + "...):\n  "
                        + String.join("\n  ", tried),
                hint(file),
                null);
    }

    private String hint(SourceFile file) {
        String byHand = "put the file into " + file.packageDirectory();
        if (settings.offline()) {
            return "Run `twoliter fetch` once with a network, or " + byHand + ".";
        }
        if (anyWrong) {
            return "Find out which content is the right one. Only if you trust the new one, correct sha512 in "
                    + file.packageDirectory().resolve("Cargo.toml") + ".";
        }
        if (!settings.upstream() && !file.file().forceUpstream()) {
            return "Allow its own URL with --upstream-source-fallback (BUILDSYS_UPSTREAM_SOURCE_FALLBACK=true), name a"
                    + " lookaside cache that has it (BUILDSYS_LOOKASIDE_CACHE), or " + byHand + ".";
        }
        return "Check the URL, the network and the proxy, and try again: what has come is kept. Or " + byHand + ".";
    }
}
