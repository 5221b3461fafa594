package dev.twoliter.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.internal.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bundle form: manifests that have the image as their subject, each with one bundle as its layer (publishing.md 10.3,
 * "New bundle form"; OCI image specification 1.1, "subject"; OCI distribution specification 1.1, "Listing Referrers").
 * Not thread-safe.
 */
final class BundleSignatures implements SignatureStore {

    private static final int MAX_BUNDLE = 1 << 18;
    /** Other things refer to images as well, and which is a bundle is not always said where they are listed. */
    private static final int MAX_REFERRERS = 200;

    private static final String PREDICATE_TYPE = "dev.sigstore.bundle.predicateType";
    private static final byte[] EMPTY = {'{', '}'};

    private final Repository repository;
    private final Digest digest;

    BundleSignatures(Repository repository, Digest digest) {
        this.repository = repository;
        this.digest = digest;
    }

    @Override
    public List<Found> list() {
        try {
            List<Found> found = new ArrayList<>();
            List<Descriptor> referrers = Referrers.of(repository, digest);
            for (Descriptor referrer : referrers.subList(0, Math.min(referrers.size(), MAX_REFERRERS))) {
                bundle(referrer)
                        .ifPresent(layer -> found.add(() -> SignatureStore.read(repository, layer, MAX_BUNDLE)
                                .flatMap(bundle -> SigstoreBundle.read(bundle, digest))));
            }
            return found;
        } catch (FormatException e) {
            throw new VerificationException(
                    subject(),
                    "what refers to it cannot be read: " + e.getMessage(),
                    "Delete the tag " + Repository.referrersTag(digest) + " and sign again, if the image is yours.");
        }
    }

    private String subject() {
        return repository.reference() + "@" + digest;
    }

    /** The bundle of a referrer, if it is one that signs. A damaged referrer does not spoil the others. */
    private Optional<Descriptor> bundle(Descriptor referrer) {
        try {
            return repository
                    .manifest(referrer.digest().toString())
                    .map(raw -> ImageManifest.parse(subject(), raw.bytes()))
                    .filter(BundleSignatures::signs)
                    .map(manifest -> manifest.layers().get(0));
        } catch (FormatException | VerificationException e) {
            return Optional.empty();
        }
    }

    private static boolean signs(ImageManifest manifest) {
        String predicate = manifest.annotations().getOrDefault(PREDICATE_TYPE, SigstoreBundle.PREDICATE);
        return manifest.layers().size() == 1
                && manifest.layers().get(0).mediaType().startsWith(MediaTypes.SIGSTORE_BUNDLES)
                && predicate.equals(SigstoreBundle.PREDICATE);
    }

    @Override
    public void add(ImageSigningKey key) {
        RawManifest image = repository
                .manifest(digest.toString())
                .orElseThrow(() ->
                        new VerificationException(subject(), "it is not there", "Push the image before it is signed."));
        byte[] bundle = SigstoreBundle.write(digest, key);
        Descriptor layer = Descriptor.of(MediaTypes.SIGSTORE_BUNDLE, bundle);
        Descriptor config = Descriptor.of(MediaTypes.EMPTY, EMPTY);
        repository.pushBlob(layer, BlobSource.of(bundle));
        repository.pushBlob(config, BlobSource.of(EMPTY));
        ObjectNode root = Json.object()
                .put("schemaVersion", 2)
                .put("mediaType", MediaTypes.MANIFEST)
                .put("artifactType", MediaTypes.SIGSTORE_BUNDLE);
        root.set("config", Json.node(config));
        root.putArray("layers").add(Json.node(layer));
        root.set("subject", Json.node(image.descriptor()));
        root.putObject("annotations")
                .put("dev.sigstore.bundle.content", "dsse-envelope")
                .put(PREDICATE_TYPE, SigstoreBundle.PREDICATE);
        RawManifest referrer = RawManifest.of(MediaTypes.MANIFEST, Json.bytes(root));
        repository.pushManifest(referrer);
        Referrers.add(repository, digest, referrer);
    }
}
