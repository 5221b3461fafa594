package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.internal.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signatures of images in cosign's classic form: an image tagged {@code sha256-HEX.sig} beside the signed one, with one
 * layer a signature (publishing.md 10.3).
 */
public final class ImageSignatures {

    private static final String SIGNATURE = "dev.cosignproject.cosign/signature";
    private static final String TYPE = "cosign container image signature";
    private static final String NO_TIME = "0001-01-01T00:00:00Z";
    private static final int MAX_PAYLOAD = 1 << 16;
    private static final int MAX_SIGNATURES = 1000;

    private ImageSignatures() {}

    /**
     * {@return the tag that the signatures of a manifest have}
     *
     * @param digest the signed manifest's digest
     */
    public static String tagOf(Digest digest) {
        return digest.algorithm() + "-" + digest.hex() + ".sig";
    }

    /**
     * Signs a manifest or index. A signature that is there already is not added again.
     *
     * @param repository where the image is, and where the signature goes
     * @param digest the digest of the manifest or index
     * @param key the key
     */
    public static void sign(Repository repository, Digest digest, ImageSigningKey key) {
        byte[] payload = payload(repository.reference(), digest);
        String signature;
        try {
            signature = Base64.getEncoder().encodeToString(key.sign(payload));
        } catch (IOException e) {
            throw new SigningException("the image " + digest + " cannot be signed", "", e);
        }
        Optional<ImageManifest> existing = signatures(repository, digest);
        List<Descriptor> layers =
                new ArrayList<>(existing.map(ImageManifest::layers).orElse(List.of()));
        if (layers.stream()
                .anyMatch(layer -> signature.equals(layer.annotations().get(SIGNATURE)))) {
            return;
        }
        if (layers.size() >= MAX_SIGNATURES) {
            throw new SigningException(
                    "the image " + repository.reference() + "@" + digest + " has " + layers.size()
                            + " signatures, and nobody reads more than " + MAX_SIGNATURES,
                    "Delete the tag " + tagOf(digest) + " and sign again.",
                    null);
        }
        layers.add(Descriptor.of(MediaTypes.COSIGN_PAYLOAD, payload).withAnnotations(Map.of(SIGNATURE, signature)));
        Map<String, String> annotations =
                existing.map(ImageManifest::annotations).orElse(Map.of());
        byte[] config = config(layers);
        repository.pushBlob(Descriptor.of(MediaTypes.COSIGN_PAYLOAD, payload), BlobSource.of(payload));
        Descriptor configBlob = Descriptor.of(MediaTypes.CONFIG, config);
        repository.pushBlob(configBlob, BlobSource.of(config));
        repository.pushManifest(new ImageManifest(configBlob, layers, annotations).toRaw(), tagOf(digest));
    }

    private static Optional<ImageManifest> signatures(Repository repository, Digest digest) {
        String tag = tagOf(digest);
        return repository
                .manifest(tag)
                .map(raw -> ImageManifest.parse(repository.reference() + ":" + tag, raw.bytes()));
    }

    private static byte[] payload(String reference, Digest digest) {
        ObjectNode root = Json.object();
        ObjectNode critical = root.putObject("critical");
        critical.putObject("identity").put("docker-reference", reference);
        critical.putObject("image").put("docker-manifest-digest", digest.toString());
        critical.put("type", TYPE);
        root.putNull("optional");
        return Json.bytes(root);
    }

    private static byte[] config(List<Descriptor> layers) {
        ObjectNode root = Json.object().put("architecture", "").put("created", NO_TIME);
        root.putArray("history");
        root.put("os", "");
        ObjectNode rootfs = root.putObject("rootfs").put("type", "layers");
        var ids = rootfs.putArray("diff_ids");
        layers.forEach(layer -> ids.add(layer.digest().toString()));
        root.putObject("config");
        return Json.bytes(root);
    }

    /**
     * Refuses an image that none of the keys has signed.
     *
     * @param repository where the image and its signatures are
     * @param digest the digest of the manifest or index
     * @param keys the keys, any one of which suffices
     * @throws VerificationException if there is no good signature by one of them
     */
    public static void verify(Repository repository, Digest digest, List<ImagePublicKey> keys) {
        String subject = repository.reference() + "@" + digest;
        List<Descriptor> layers =
                signatures(repository, digest).map(ImageManifest::layers).orElse(List.of());
        if (layers.isEmpty()) {
            throw new VerificationException(
                    subject,
                    "it is not signed",
                    "Ask its vendor for a signed image, or change the policy in Twoliter.trust.");
        }
        for (Descriptor layer : layers.subList(0, Math.min(layers.size(), MAX_SIGNATURES))) {
            if (isGood(repository, subject, digest, layer, keys)) {
                return;
            }
        }
        throw new VerificationException(
                subject,
                "none of its " + layers.size() + " signatures is a good one by " + keys,
                "The image was tampered with, or its vendor has new keys: get the vendor's keys from a trusted place.");
    }

    private static boolean isGood(
            Repository repository, String subject, Digest digest, Descriptor layer, List<ImagePublicKey> keys) {
        String text = layer.annotations().get(SIGNATURE);
        if (text == null || layer.size() > MAX_PAYLOAD) {
            return false;
        }
        byte[] payload;
        try (InputStream in = repository.blob(layer)) {
            payload = in.readAllBytes();
        } catch (IOException e) {
            throw StorageException.of("read", "the signature of " + subject, e);
        } catch (VerificationException e) {
            // One damaged signature does not spoil the others; if there is no other, the image is refused.
            return false;
        }
        return isFor(payload, digest) && keys.stream().anyMatch(key -> isBy(key, payload, text));
    }

    private static boolean isFor(byte[] payload, Digest digest) {
        try {
            JsonNode critical = Json.parse("the signature", payload).path("critical");
            return critical.path("type").asText().equals(TYPE)
                    && critical.path("image")
                            .path("docker-manifest-digest")
                            .asText()
                            .equals(digest.toString());
        } catch (FormatException e) {
            return false;
        }
    }

    private static boolean isBy(ImagePublicKey key, byte[] payload, String base64) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(key.key());
            verifier.update(payload);
            return verifier.verify(Base64.getDecoder().decode(base64));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not base64, or not a signature: not a good one.
            return false;
        }
    }
}
