package dev.twoliter.oci.internal.registry;

import dev.twoliter.api.Digest;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.StoreEvent;
import dev.twoliter.oci.StoreListener;
import dev.twoliter.oci.internal.http.Headers;
import dev.twoliter.oci.internal.http.RequestBody;
import dev.twoliter.oci.internal.http.Response;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stores one blob (OCI distribution specification 1.1, "Pushing blobs"): begins an upload, sends all in one request, and
 * after a failure asks how much has arrived and sends the rest. A registry that does not know then gets all again. Used
 * once, by one thread.
 */
final class BlobWriter {

    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");
    private static final RequestBody NOTHING = RequestBody.of(new byte[0]);

    private final Remote remote;
    private final Descriptor blob;
    private final String reference;
    private final StoreListener listener;
    private final Retries retries;
    private final String action;
    private @Nullable URI upload;
    private long arrived;
    private boolean resumed;

    BlobWriter(Remote remote, Descriptor blob, String reference, Retries retries, StoreListener listener) {
        this.remote = remote;
        this.blob = blob;
        this.reference = reference;
        this.retries = retries;
        this.listener = listener;
        this.action = "store blob " + blob.digest();
    }

    /**
     * Stores it, unless it is there.
     *
     * @param source its content
     * @param from a repository of the same registry that has it, if one is known
     */
    void push(BlobSource source, Optional<String> from) throws IOException {
        if (isKnown()) {
            return;
        }
        Retries.Tries tries = new Retries.Tries();
        for (boolean again = false; !isThere(again, tries); again = true) {
            if (upload == null && once(() -> begin(from))) {
                break;
            }
            try {
                send(source);
                break;
            } catch (VerificationException e) {
                abandon();
                throw e;
            } catch (IOException e) {
                retries.pause(tries, remote.server(), reference, action, e);
            }
        }
        tell(blob.size());
    }

    /** A registry that cannot say whether it has a blob, such as one whose disk was full, gets it (again). */
    private boolean isKnown() throws IOException {
        try {
            return once(() -> has(remote, blob.digest(), remote.push()));
        } catch (StatusException e) {
            if (e.isTemporary()) {
                return false;
            }
            throw e;
        }
    }

    /** Makes a small request until it is answered; a body that was cut is none of its failures. */
    private <T> T once(Retries.Attempt<T> request) throws IOException {
        return retries.run(remote.server(), reference, action, request);
    }

    /** Finds out what a failed attempt has left: all of the blob, if only the answer was lost, or an upload to go on with. */
    private boolean isThere(boolean again, Retries.Tries tries) throws IOException {
        if (!again) {
            return false;
        }
        if (isKnown()) {
            return true;
        }
        if (upload != null && once(this::resume)) {
            tries.gotFurther();
        }
        return false;
    }

    static boolean has(Remote remote, Digest digest, Access access) throws IOException {
        Response response = remote.send(access, "HEAD", "blobs/" + digest, new Headers(), null);
        try (response) {
            int status = response.status();
            if (status == 404) {
                return false;
            }
            // Being sent elsewhere for it means that it is there.
            if (status / 100 != 2 && status / 100 != 3) {
                throw StatusException.of(response);
            }
            return true;
        }
    }

    /** Begins an upload; true if the registry has taken the blob over from another repository instead. */
    private boolean begin(Optional<String> from) throws IOException {
        return (from.isPresent() && mount(from.get())) || begin(remote.push(), "");
    }

    /** Asks for the blob of another repository; where that is not granted, an upload may have begun. */
    boolean mount(String from) throws IOException {
        try {
            String query = "?mount=" + blob.digest() + "&from=" + from;
            return begin(Access.mount(remote.repository(), from), query);
        } catch (StatusException e) {
            if (e.isTemporary()) {
                throw e;
            }
            // Whoever may not read there may still push here.
            return false;
        }
    }

    private boolean begin(Access access, String query) throws IOException {
        if (upload != null) {
            return false;
        }
        URI uri = remote.server().uri("/v2/" + remote.repository() + "/blobs/uploads/" + query);
        Response response = remote.send(access, "POST", uri, new Headers(), NOTHING);
        switch (response.status()) {
            case 201 -> {
                response.close();
                return true;
            }
            case 202 -> upload = remote.location(uri, response);
            default -> throw StatusException.of(response);
        }
        arrived = 0;
        resumed = false;
        return false;
    }

    /** Asks how much has arrived, to go on from there; true if it is more than before. An upload that is lost is forgotten. */
    private boolean resume() throws IOException {
        URI asked = Objects.requireNonNull(upload);
        long before = arrived;
        Response response = remote.send(remote.push(), "GET", asked, new Headers(), null);
        try (response) {
            Matcher range = RANGE.matcher(response.headers().first("Range").orElse(""));
            // The last byte; 0-0 is what registries say of nothing too.
            long last = range.matches() ? Long.parseLong(range.group(1)) : -1;
            if (StatusException.isTemporary(response.status())) {
                throw StatusException.of(response);
            }
            if (response.status() / 100 != 2 || last < 0 || last >= blob.size()) {
                upload = null;
                return false;
            }
            arrived = last == 0 ? 0 : last + 1;
            resumed = true;
            if (response.headers().first("Location").isPresent()) {
                upload = remote.location(asked, response);
            }
            return arrived > before;
        }
    }

    private void send(BlobSource source) throws IOException {
        URI to = Objects.requireNonNull(upload);
        long offset = arrived;
        Headers headers = new Headers().add("Content-Type", "application/octet-stream");
        if (offset > 0) {
            headers.add("Content-Range", offset + "-" + (blob.size() - 1));
        }
        String query = (to.getRawQuery() == null ? "?" : "&") + "digest=" + blob.digest();
        Response response = remote.send(
                remote.push(),
                "PUT",
                URI.create(to + query),
                headers,
                new UploadBody(blob, source, offset, reference, this::tell));
        if (response.status() == 201 || response.status() == 204) {
            response.close();
            return;
        }
        StatusException failure = StatusException.of(response);
        if (resumed && !failure.isTemporary()) {
            // It cannot put the two halves together, or has given the upload up meanwhile: all of it once more.
            upload = null;
            throw failure.temporary();
        }
        throw failure;
    }

    /** Lets the registry forget an upload that will never be complete. */
    void abandon() {
        if (upload != null) {
            try {
                remote.send(remote.push(), "DELETE", upload, new Headers(), null)
                        .close();
            } catch (IOException e) {
                // It forgets it by itself some day.
            }
            upload = null;
        }
    }

    private void tell(long bytes) {
        listener.onEvent(new StoreEvent.Uploaded(reference, blob, bytes));
    }
}
