package dev.twoliter.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.internal.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The classic form: the image that is tagged {@code sha256-HEX.sig}, one layer a signature (publishing.md 10.3, steps 3
 * to 6). Not thread-safe.
 */
final class TagSignatures implements SignatureStore {

    private static final String SIGNATURE = "dev.cosignproject.cosign/signature";
    private static final String NO_TIME = "0001-01-01T00:00:00Z";
    private static final int MAX_TEXT = 1 << 16;
    /** As many as cosign looks at. */
    private static final int MAX_SIGNATURES = 1000;

    private final Repository repository;
    private final Digest digest;
    private final String tag;
    /** All who sign an image in one place sign the same text. */
    private final Map<Digest, Optional<byte[]>> texts = new HashMap<>();

    TagSignatures(Repository repository, Digest digest) {
        this.repository = repository;
        this.digest = digest;
        this.tag = ImageSignatures.tagOf(digest);
    }

    @Override
    public List<Found> list() {
        return manifest().map(ImageManifest::layers).orElse(List.of()).stream()
                .limit(MAX_SIGNATURES)
                .map(layer -> (Found) () -> signedText(layer))
                .toList();
    }

    private Optional<ImageManifest> manifest() {
        String subject = repository.reference() + ":" + tag;
        try {
            return repository.manifest(tag).map(raw -> ImageManifest.parse(subject, raw.bytes()));
        } catch (FormatException e) {
            throw new VerificationException(
                    repository.reference() + "@" + digest,
                    "its signatures cannot be read: " + e.getMessage(),
                    "Delete the tag " + tag + " and sign again, if the image is yours.");
        }
    }

    private Optional<SignedText> signedText(Descriptor layer) {
        Optional<byte[]> signature = layer.mediaType().equals(MediaTypes.COSIGN_PAYLOAD)
                ? SignedText.decodeSignature(layer.annotations().getOrDefault(SIGNATURE, ""))
                : Optional.empty();
        if (signature.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> text =
                texts.computeIfAbsent(layer.digest(), d -> SignatureStore.read(repository, layer, MAX_TEXT));
        return text.flatMap(
                t -> SimpleSigning.claim(t, digest).map(claim -> new SignedText(t, signature.get(), claim)));
    }

    @Override
    public void add(ImageSigningKey key) {
        byte[] text = SimpleSigning.write(repository.reference(), digest);
        Optional<ImageManifest> existing = manifest();
        List<Descriptor> layers =
                new ArrayList<>(existing.map(ImageManifest::layers).orElse(List.of()));
        if (layers.size() >= MAX_SIGNATURES) {
            throw new SigningException(
                    "the image " + repository.reference() + "@" + digest + " has " + layers.size()
                            + " signatures, and nobody reads more than " + MAX_SIGNATURES,
                    "Delete the tag " + tag + " and sign again.",
                    null);
        }
        Descriptor blob = Descriptor.of(MediaTypes.COSIGN_PAYLOAD, text);
        layers.add(blob.withAnnotations(Map.of(SIGNATURE, Base64.getEncoder().encodeToString(key.sign(text)))));
        byte[] config = config(layers);
        Descriptor configBlob = Descriptor.of(MediaTypes.CONFIG, config);
        repository.pushBlob(blob, BlobSource.of(text));
        repository.pushBlob(configBlob, BlobSource.of(config));
        Map<String, String> annotations =
                existing.map(ImageManifest::annotations).orElse(Map.of());
        repository.pushManifest(new ImageManifest(configBlob, layers, annotations).toRaw(), tag);
    }

    private static byte[] config(List<Descriptor> layers) {
        ObjectNode root = Json.object().put("architecture", "").put("created", NO_TIME);
        ArrayNode history = root.putArray("history");
        root.put("os", "");
        ArrayNode ids = root.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        layers.forEach(layer -> {
            history.addObject().put("created", NO_TIME);
            ids.add(layer.digest().toString());
        });
        root.putObject("config");
        return Json.bytes(root);
    }
}
