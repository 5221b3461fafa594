package dev.twoliter.oci.internal.jib;

import dev.twoliter.api.Digest;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What Jib takes for a registry, on this machine, while it assembles one image. Jib pulls bases from registries only; here
 * it sees one image of any {@link Repository} as {@code base}. And it is told that {@code image}, where it pushes to, has
 * the base's layers: so it neither reads nor compresses them, and what it pushes is the layers on top and the
 * configuration, into a directory.
 *
 * <p>Names begin with a random word, so that other users of this machine can neither read nor write. Jib tries https
 * first; a handshake is answered by hanging up, upon which it takes http.
 */
final class LoopbackRegistry implements AutoCloseable {

    private static final int TLS_HANDSHAKE = 0x16;
    private static final int MAX_LINE = 8192;
    private static final int MAX_HEADERS = 100;
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Repository base;
    private final RawManifest baseManifest;
    private final Map<String, Descriptor> baseBlobs;
    private final Path room;
    private final String word;
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "twoliter-loopback");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger uploads = new AtomicInteger();
    private final Map<Digest, Path> pushed = new ConcurrentHashMap<>();
    private volatile byte @Nullable [] manifest;

    LoopbackRegistry(Repository base, RawManifest baseManifest, Map<String, Descriptor> baseBlobs, Path room)
            throws IOException {
        this.base = base;
        this.baseManifest = baseManifest;
        this.baseBlobs = Map.copyOf(baseBlobs);
        this.room = room;
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        this.word = HexFormat.of().formatHex(random);
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    String host() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    String baseName() {
        return word + "/base";
    }

    String imageName() {
        return word + "/image";
    }

    /** The manifest that Jib has pushed. */
    byte[] manifest() {
        return Objects.requireNonNull(manifest, "Jib pushed no manifest");
    }

    /** A blob that Jib has pushed; null when it is the base's. */
    @Nullable
    Path pushed(Digest digest) {
        return pushed.get(digest);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setSoTimeout(TIMEOUT_MILLIS);
            BufferedInputStream in = new BufferedInputStream(connection.getInputStream());
            in.mark(1);
            if (in.read() == TLS_HANDSHAKE) {
                return;
            }
            in.reset();
            String[] request = line(in).split(" ");
            Map<String, String> headers = new HashMap<>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                if (colon < 0 || headers.size() >= MAX_HEADERS) {
                    return;
                }
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (request.length == 3) {
                answer(connection.getOutputStream(), request[0], request[1], body(in, headers));
            }
        } catch (IOException | UncheckedIOException e) {
            // Jib has hung up, or reports that it was hung up on.
            return;
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > MAX_LINE) {
                throw new IOException("a line without end");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static InputStream body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return new Chunks(in);
        }
        try {
            return new Bounded(in, Long.parseLong(headers.getOrDefault("content-length", "0")));
        } catch (NumberFormatException e) {
            throw new IOException("a length that is no number", e);
        }
    }

    private void answer(OutputStream out, String method, String target, InputStream body) throws IOException {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String query = question < 0 ? "" : target.substring(question + 1);
        String mine = "/v2/" + word;
        if (path.equals("/v2/")) {
            head(out, 200, "", 0);
        } else if (path.startsWith(mine + "/base/manifests/")) {
            head(out, 200, "Content-Type: " + baseManifest.mediaType() + "\r\n", baseManifest.bytes().length);
            send(out, method, new ByteArrayInputStream(baseManifest.bytes()));
        } else if (path.startsWith(mine + "/base/blobs/") && baseBlobs.containsKey(last(path))) {
            Descriptor blob = Objects.requireNonNull(baseBlobs.get(last(path)));
            try (InputStream in = base.blob(blob)) {
                head(out, 200, "", blob.size());
                send(out, method, in);
            }
        } else if (path.startsWith(mine + "/image/")) {
            push(out, method, path, query, body);
        } else {
            head(out, 404, "", 0);
        }
    }

    private void push(OutputStream out, String method, String path, String query, InputStream body) throws IOException {
        String name = last(path);
        switch (method) {
            case "HEAD" -> {
                boolean there = baseBlobs.containsKey(name)
                        || pushed.keySet().stream().anyMatch(d -> d.toString().equals(name));
                Descriptor known = baseBlobs.get(name);
                head(out, there ? 200 : 404, "", known == null ? 0 : known.size());
            }
            case "POST" -> {
                int number = uploads.incrementAndGet();
                Files.createFile(upload(number));
                head(out, 202, "Location: /v2/" + imageName() + "/blobs/uploads/" + number + "\r\n", 0);
            }
            case "PATCH" -> {
                append(upload(number(name)), body);
                head(out, 202, "Location: " + path + "\r\n", 0);
            }
            case "PUT" -> {
                if (path.contains("/manifests/")) {
                    manifest = body.readAllBytes();
                } else {
                    Path file = upload(number(name));
                    append(file, body);
                    Digest digest = Digest.parse(query.replace("%3A", ":").replaceFirst(".*digest=", ""));
                    pushed.put(digest, file);
                }
                head(out, 201, "", 0);
            }
            default -> head(out, 404, "", 0);
        }
    }

    private static void append(Path file, InputStream body) throws IOException {
        try (OutputStream to = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            body.transferTo(to);
        }
    }

    private static int number(String name) throws IOException {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new IOException("no upload", e);
        }
    }

    private Path upload(int number) {
        return room.resolve("upload-" + number);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void head(OutputStream out, int status, String headers, long length) throws IOException {
        String text = "HTTP/1.1 " + status + " X\r\nConnection: close\r\n" + headers + "Content-Length: " + length
                + "\r\n\r\n";
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void send(OutputStream out, String method, InputStream content) throws IOException {
        if (method.equals("GET")) {
            content.transferTo(out);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }

    /** So many bytes, or an error. */
    private static class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        final void more(long bytes) {
            left = bytes;
        }

        final boolean isAtEnd() {
            return left == 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (isAtEnd()) {
                return -1;
            }
            int n = in.read(buffer, offset, (int) Math.min(length, left));
            if (n < 0) {
                throw new IOException("the body ends early");
            }
            left -= n;
            return n;
        }
    }

    /** The chunked transfer coding (RFC 9112, section 7.1). */
    private static final class Chunks extends Bounded {
        private final InputStream source;
        private boolean first = true;
        private boolean ended;

        Chunks(InputStream source) {
            super(source, 0);
            this.source = source;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (isAtEnd() && !ended) {
                nextChunk();
            }
            return ended ? -1 : super.read(buffer, offset, length);
        }

        private void nextChunk() throws IOException {
            if (!first) {
                line(source);
            }
            first = false;
            try {
                more(Long.parseLong(line(source).replaceFirst(";.*", "").strip(), 16));
            } catch (NumberFormatException e) {
                throw new IOException("a chunk without a size", e);
            }
            if (isAtEnd()) {
                ended = true;
                for (String trailer = line(source); !trailer.isEmpty(); trailer = line(source)) {
                    // Nothing in trailers matters.
                }
            }
        }
    }
}
