package dev.twoliter.oci.internal.jib;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Response;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.registry.RegistryClient;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.VerifyingStream;
import dev.twoliter.oci.internal.json.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A repository of a {@link JibRegistry}: reads by {@link RegistryReader}, writes by Jib's registry client. */
final class JibRepository implements Repository {

    static final String USER_AGENT = "twoliter-java";

    private static final List<String> MANIFESTS =
            List.of(MediaTypes.INDEX, MediaTypes.MANIFEST, MediaTypes.DOCKER_MANIFEST_LIST, MediaTypes.DOCKER_MANIFEST);

    /** What a reference may be (OCI distribution specification 1.1, "Pulling manifests"). */
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

    /** The next page of a list (RFC 8288). */
    private static final Pattern NEXT = Pattern.compile("<[^>]*[?&]last=([^&>]*)[^>]*>;\\s*rel=\"?next\"?");

    private static final int MAX_TAG_PAGES = 1000;

    /** What registries answer, besides 404, to a request that they do not know. */
    private static final Set<Integer> UNKNOWN_REQUEST = Set.of(400, 405, 406);

    private final FailoverHttpClient http;
    private final String host;
    private final String path;
    private final String name;
    private final String reference;
    private final Credentials credentials;
    private final RegistryReader reader;
    private final Failures failures;
    private @Nullable RegistryClient writer;

    JibRepository(FailoverHttpClient http, String host, String path, String name, String reference) {
        this.http = http;
        this.host = host;
        this.path = path;
        this.name = name;
        this.reference = reference;
        this.credentials = new Credentials(host, path);
        this.reader = new RegistryReader(http, host, path, credentials);
        this.failures = new Failures(host, path, credentials.sources());
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
        boolean byDigest = tagOrDigest.contains(":");
        Digest expected = byDigest ? Digest.parse(tagOrDigest) : null;
        if (!byDigest) {
            checkTag(tagOrDigest);
        }
        try (Response response =
                reader.ask("GET", "manifests/" + tagOrDigest, MANIFESTS).orElse(null)) {
            if (response == null) {
                return Optional.empty();
            }
            String subject = reference + (byDigest ? "@" : ":") + tagOrDigest;
            RawManifest manifest = RawManifest.of(mediaType(subject, response), readSmall(subject, response));
            if (expected != null && !expected.equals(manifest.digest())) {
                throw VerificationException.digest(
                        subject, expected, manifest.digest(), "The registry is damaged or was tampered with.");
            }
            return Optional.of(manifest);
        } catch (IOException e) {
            throw failures.of("read manifest " + tagOrDigest, e);
        }
    }

    /** Asks the registry itself, and looks for the tag where it has no such lists: it is older than OCI 1.1 then. */
    @Override
    public Optional<RawManifest> referrers(Digest digest) {
        String subject = reference + "@" + digest;
        try (Response response = reader.ask("GET", "referrers/" + digest, List.of(MediaTypes.INDEX))
                .orElse(null)) {
            if (response != null && mediaType(subject, response).equals(MediaTypes.INDEX)) {
                return Optional.of(RawManifest.of(MediaTypes.INDEX, readSmall(subject, response)));
            }
        } catch (IOException e) {
            if (!(e instanceof ResponseException refused) || !UNKNOWN_REQUEST.contains(refused.getStatusCode())) {
                throw failures.of("list what refers to " + digest, e);
            }
        }
        return Repository.super.referrers(digest);
    }

    private static String mediaType(String subject, Response response) {
        List<String> values = response.getHeader("Content-Type");
        if (values.isEmpty()) {
            throw new FormatException(subject, "the registry does not say what kind of manifest it is");
        }
        return values.get(0).split(";", 2)[0].strip();
    }

    private static byte[] readSmall(String subject, Response response) throws IOException {
        try (InputStream body = response.getBody()) {
            byte[] bytes = body.readNBytes(Json.MAX_MANIFEST + 1);
            if (bytes.length > Json.MAX_MANIFEST) {
                throw new FormatException(subject, "it is larger than " + Json.MAX_MANIFEST + " bytes");
            }
            return bytes;
        }
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        return new VerifyingStream(blob(descriptor, 0), descriptor, reference);
    }

    @Override
    public InputStream blob(Descriptor descriptor, long offset) {
        String action = "read blob " + descriptor.digest();
        String what = "blobs/" + descriptor.digest();
        try {
            Optional<InputStream> content = offset > 0
                    ? reader.rest(what, offset)
                    : reader.ask("GET", what, List.of()).map(JibRepository::body);
            return content.orElseThrow(() -> new RegistryException(
                    host,
                    path,
                    404,
                    false,
                    "cannot " + action + " at " + reference + ": there is no such blob",
                    "The image is incomplete: publish it anew.",
                    null));
        } catch (IOException | UncheckedIOException e) {
            throw failures.of(action, e);
        }
    }

    private static InputStream body(Response response) {
        try {
            return new FilterInputStream(response.getBody()) {
                @Override
                public void close() throws IOException {
                    response.close();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean has(Digest digest) {
        try (Response response =
                reader.ask("HEAD", "blobs/" + digest, List.of()).orElse(null)) {
            return response != null;
        } catch (IOException e) {
            throw failures.of("look for blob " + digest, e);
        }
    }

    @Override
    public void pushBlob(Descriptor descriptor, BlobSource source) {
        if (has(descriptor.digest())) {
            return;
        }
        Blob blob = Blobs.from(
                out -> {
                    try (InputStream in = new VerifyingStream(source.open(), descriptor, reference)) {
                        in.transferTo(out);
                    }
                },
                true);
        write("store blob " + descriptor.digest(), client -> {
            client.pushBlob(jibDigest(descriptor.digest()), blob, null, count -> {});
        });
    }

    private static DescriptorDigest jibDigest(Digest digest) throws IOException {
        try {
            return DescriptorDigest.fromDigest(digest.toString());
        } catch (DigestException e) {
            throw new IOException("Jib knows SHA-256 only", e);
        }
    }

    @Override
    public Descriptor pushManifest(RawManifest manifest, String... tags) {
        List<String> names = tags.length == 0 ? List.of(manifest.digest().toString()) : List.of(tags);
        for (String tag : tags) {
            checkTag(tag);
        }
        for (String tagOrDigest : names) {
            write("store manifest " + tagOrDigest, client -> {
                client.pushManifest(new StoredManifest(manifest), tagOrDigest);
            });
        }
        return manifest.descriptor();
    }

    @Override
    public List<String> tags() {
        TreeSet<String> tags = new TreeSet<>();
        try {
            String query = "";
            for (int page = 0; page < MAX_TAG_PAGES; page++) {
                try (Response response =
                        reader.ask("GET", "tags/list" + query, List.of()).orElse(null)) {
                    if (response == null) {
                        return List.of();
                    }
                    JsonNode answer = Json.parse(reference + " tags", readSmall(reference + " tags", response));
                    answer.path("tags").forEach(tag -> tags.add(tag.asText()));
                    Matcher next = NEXT.matcher(String.join(",", response.getHeader("Link")));
                    if (!next.find()) {
                        return List.copyOf(tags);
                    }
                    query = "?last=" + next.group(1);
                }
            }
        } catch (IOException e) {
            throw failures.of("list the tags", e);
        }
        throw new FormatException(reference, "its list of tags has more than " + MAX_TAG_PAGES + " pages");
    }

    private void checkTag(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("'" + tag + "' is not a tag");
        }
    }

    private interface Call {
        void on(RegistryClient client) throws IOException, com.google.cloud.tools.jib.api.RegistryException;
    }

    /** Calls Jib without authorization until the registry asks for some; Jib renews a token that has run out. */
    private void write(String action, Call call) {
        try {
            try {
                call.on(writer(false));
            } catch (RegistryUnauthorizedException e) {
                call.on(writer(true));
            }
        } catch (IOException | com.google.cloud.tools.jib.api.RegistryException e) {
            throw failures.of(action, e);
        }
    }

    private synchronized RegistryClient writer(boolean authorized)
            throws IOException, com.google.cloud.tools.jib.api.RegistryException {
        if (writer == null || authorized) {
            Optional<Credential> credential = authorized ? credentials.find() : Optional.empty();
            RegistryClient client = RegistryClient.factory(EventHandlers.NONE, host, path, http)
                    .setCredential(credential.orElse(null))
                    .setUserAgent(USER_AGENT)
                    .newRegistryClient();
            if (authorized && !client.doPushBearerAuth()) {
                if (credential.isEmpty()) {
                    throw failures.refused("write", 401);
                }
                client.configureBasicAuth();
            }
            writer = client;
        }
        return writer;
    }
}
