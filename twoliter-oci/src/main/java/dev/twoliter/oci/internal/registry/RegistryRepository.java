package dev.twoliter.oci.internal.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.BlobMount;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.BlobUpload;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreListener;
import dev.twoliter.oci.StoreOptions;
import dev.twoliter.oci.VerifyingStream;
import dev.twoliter.oci.internal.http.Headers;
import dev.twoliter.oci.internal.http.RequestBody;
import dev.twoliter.oci.internal.http.Response;
import dev.twoliter.oci.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A repository of a {@link RegistryStore}: read from mirrors and the registry, written at the registry only. */
final class RegistryRepository implements Repository {

    private static final List<String> MANIFESTS =
            List.of(MediaTypes.INDEX, MediaTypes.MANIFEST, MediaTypes.DOCKER_MANIFEST_LIST, MediaTypes.DOCKER_MANIFEST);

    /** What a reference may be (OCI distribution specification 1.1, "Pulling manifests"). */
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

    /** The next page of a list (RFC 8288). */
    private static final Pattern NEXT = Pattern.compile("<[^>?]*\\?([\\w.~%&=+:/@-]*)>;\\s*rel=\"?next\"?");

    /** What registries answer, besides 404, to a request that they do not know. */
    private static final Set<Integer> UNKNOWN_REQUEST = Set.of(400, 405, 406);

    private static final int MAX_TAG_PAGES = 1000;

    private final RegistryStore store;
    private final String name;
    private final String reference;
    private final List<Remote> mirrors;
    private final Remote origin;
    private final StoreOptions options;
    private final StoreListener listener;
    private final Retries retries;

    RegistryRepository(
            RegistryStore store,
            String name,
            String reference,
            List<Remote> mirrors,
            Remote origin,
            StoreOptions options) {
        this.store = store;
        this.name = name;
        this.reference = reference;
        this.mirrors = mirrors;
        this.origin = origin;
        this.options = options;
        this.listener = options.listener();
        this.retries = new Retries(options.retryPolicy(), listener);
    }

    /** Something to do with the registry itself. */
    private interface Call<T> {
        T run() throws IOException;
    }

    private <T> T call(String action, Call<T> call) {
        try {
            return retries.run(origin.server(), reference, action, call::run);
        } catch (IOException e) {
            throw origin.failures().of(action, e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String reference() {
        return reference;
    }

    @Override
    public Optional<RawManifest> manifest(String tagOrDigest) {
        Digest digest = tagOrDigest.contains(":") ? Json.digest(reference, tagOrDigest) : null;
        if (digest == null) {
            checkTag(tagOrDigest);
        }
        Sources sources = sources();
        if (digest != null || options.tagsFromMirrors()) {
            for (Remote mirror = sources.mirror().orElse(null);
                    mirror != null;
                    mirror = sources.mirror().orElse(null)) {
                Optional<RawManifest> found = fromMirror(mirror, sources, tagOrDigest, digest);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return call("read manifest " + tagOrDigest, () -> read(origin, tagOrDigest, digest));
    }

    private Sources sources() {
        return new Sources(mirrors, origin, listener);
    }

    private Optional<RawManifest> fromMirror(
            Remote mirror, Sources sources, String tagOrDigest, @Nullable Digest digest) {
        try {
            Optional<RawManifest> found = read(mirror, tagOrDigest, digest);
            if (found.isEmpty()) {
                sources.lacksIt(mirror);
            }
            return found;
        } catch (IOException | VerificationException | FormatException e) {
            sources.skip(mirror, Failures.reason(e));
            return Optional.empty();
        }
    }

    private Optional<RawManifest> read(Remote from, String tagOrDigest, @Nullable Digest digest) throws IOException {
        Headers accept = new Headers().add("Accept", String.join(", ", MANIFESTS));
        Optional<Response> answer = from.get("manifests/" + tagOrDigest, accept);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        String subject = reference + (digest != null ? "@" : ":") + tagOrDigest;
        try (Response response = answer.get()) {
            RawManifest manifest = RawManifest.of(mediaType(subject, response), small(subject, response));
            if (digest != null && !digest.equals(manifest.digest())) {
                throw VerificationException.digest(
                        subject, digest, manifest.digest(), "The registry is damaged or was tampered with.");
            }
            return Optional.of(manifest);
        }
    }

    /** Asks the registry itself, and looks for the tag where it has no such lists: it is older than OCI 1.1 then. */
    @Override
    public Optional<RawManifest> referrers(Digest digest) {
        Optional<RawManifest> listed = call("list what refers to " + digest, () -> listReferrers(digest));
        return listed.isPresent() ? listed : Repository.super.referrers(digest);
    }

    private Optional<RawManifest> listReferrers(Digest digest) throws IOException {
        String subject = reference + "@" + digest;
        Headers accept = new Headers().add("Accept", MediaTypes.INDEX);
        try (Response response = origin.get("referrers/" + digest, accept).orElse(null)) {
            return response != null && mediaType(subject, response).equals(MediaTypes.INDEX)
                    ? Optional.of(RawManifest.of(MediaTypes.INDEX, small(subject, response)))
                    : Optional.empty();
        } catch (StatusException e) {
            if (UNKNOWN_REQUEST.contains(e.status())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String mediaType(String subject, Response response) {
        String value = response.headers()
                .first("Content-Type")
                .orElseThrow(
                        () -> new FormatException(subject, "the registry does not say what kind of manifest it is"));
        return value.split(";", 2)[0].strip();
    }

    private static byte[] small(String subject, Response response) throws IOException {
        byte[] bytes = response.body().readNBytes(Json.MAX_MANIFEST + 1);
        if (bytes.length > Json.MAX_MANIFEST) {
            throw new FormatException(subject, "it is larger than " + Json.MAX_MANIFEST + " bytes");
        }
        return bytes;
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        return new VerifyingStream(blob(descriptor, 0), descriptor, reference);
    }

    @Override
    public InputStream blob(Descriptor descriptor, long offset) {
        return BlobReader.open(descriptor, offset, sources(), retries, reference);
    }

    @Override
    public boolean has(Digest digest) {
        return has(digest, origin.pull());
    }

    private boolean has(Digest digest, Access access) {
        boolean there = call("look for blob " + digest, () -> BlobWriter.has(origin, digest, access));
        if (there) {
            store.found(digest, origin.repository());
        }
        return there;
    }

    @Override
    public void pushBlob(Descriptor descriptor, BlobSource source) {
        Digest digest = descriptor.digest();
        BlobWriter writer = new BlobWriter(origin, descriptor, reference, retries, listener);
        try {
            writer.push(source, store.elsewhere(digest, origin.repository()));
        } catch (IOException e) {
            throw origin.failures().of("store blob " + digest, e);
        }
        store.found(digest, origin.repository());
    }

    @Override
    public void pushBlobs(List<BlobUpload> blobs) {
        Map<Digest, BlobUpload> distinct = new LinkedHashMap<>();
        blobs.forEach(blob -> distinct.putIfAbsent(blob.descriptor().digest(), blob));
        ParallelPush.run(
                List.copyOf(distinct.values()),
                options.parallelism(),
                blob -> pushBlob(blob.descriptor(), blob.source()));
    }

    @Override
    public BlobMount mountBlob(Descriptor blob, Repository from) {
        if (has(blob.digest(), origin.push())) {
            return BlobMount.PRESENT;
        }
        if (!(from instanceof RegistryRepository other) || other.store != store) {
            return BlobMount.ABSENT;
        }
        BlobWriter writer = new BlobWriter(origin, blob, reference, retries, listener);
        boolean mounted = call(
                "take over blob " + blob.digest() + " from " + other.reference,
                () -> writer.mount(other.origin.repository()));
        if (mounted) {
            store.found(blob.digest(), origin.repository());
        } else {
            writer.abandon();
        }
        return mounted ? BlobMount.MOUNTED : BlobMount.ABSENT;
    }

    @Override
    public Descriptor pushManifest(RawManifest manifest, String... tags) {
        List<String> names = tags.length == 0 ? List.of(manifest.digest().toString()) : List.of(tags);
        for (String tag : tags) {
            checkTag(tag);
        }
        for (String tagOrDigest : names) {
            call("store manifest " + tagOrDigest, () -> write(manifest, tagOrDigest));
        }
        return manifest.descriptor();
    }

    private boolean write(RawManifest manifest, String tagOrDigest) throws IOException {
        Response response = origin.send(
                origin.push(),
                "PUT",
                "manifests/" + tagOrDigest,
                new Headers().add("Content-Type", manifest.mediaType()),
                RequestBody.of(manifest.bytes()));
        if (response.status() / 100 != 2) {
            throw StatusException.of(response);
        }
        response.close();
        return true;
    }

    @Override
    public List<String> tags() {
        TreeSet<String> tags = new TreeSet<>();
        String query = "";
        for (int page = 0; page < MAX_TAG_PAGES; page++) {
            String path = "tags/list" + query;
            Optional<String> next = call("list the tags", () -> page(path, tags));
            if (next.isEmpty()) {
                return List.copyOf(tags);
            }
            query = "?" + next.get();
        }
        throw new FormatException(reference, "its list of tags has more than " + MAX_TAG_PAGES + " pages");
    }

    /** Reads a page of tags; returns the query for the next. */
    private Optional<String> page(String path, Set<String> tags) throws IOException {
        try (Response response = origin.get(path, new Headers()).orElse(null)) {
            if (response == null) {
                return Optional.empty();
            }
            JsonNode answer = Json.parse(reference + " tags", small(reference + " tags", response));
            answer.path("tags").forEach(tag -> tags.add(tag.asText()));
            Matcher next = NEXT.matcher(String.join(",", response.headers().all("Link")));
            return next.find() ? Optional.of(next.group(1)) : Optional.empty();
        }
    }

    private static void checkTag(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("'" + tag + "' is not a tag");
        }
    }
}
