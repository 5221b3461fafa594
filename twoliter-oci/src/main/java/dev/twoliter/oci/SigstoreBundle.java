package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A sigstore bundle with an in-toto statement in a DSSE envelope, signed with a key of one's own (publishing.md 10.3, "New
 * bundle form"). What such a bundle may have from a transparency log or a certificate authority is neither needed nor
 * looked at.
 */
final class SigstoreBundle {

    /** The statement of {@code cosign sign}; attestations say something about an image, but do not approve it. */
    static final String PREDICATE = "https://sigstore.dev/cosign/sign/v1";

    private static final String STATEMENT = "https://in-toto.io/Statement/v";
    private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    private SigstoreBundle() {}

    /** Signs a statement for an image and writes the bundle. */
    static byte[] write(Digest digest, ImageSigningKey key) {
        byte[] statement = statement(digest);
        ObjectNode root = Json.object().put("mediaType", MediaTypes.SIGSTORE_BUNDLE);
        root.putObject("verificationMaterial")
                .putObject("publicKey")
                .put("hint", hint(key.publicKey().fingerprint()));
        ObjectNode envelope =
                root.putObject("dsseEnvelope").put("payload", statement).put("payloadType", PAYLOAD_TYPE);
        envelope.putArray("signatures").addObject().put("sig", key.sign(encoding(statement)));
        return Json.bytes(root);
    }

    private static byte[] statement(Digest digest) {
        ObjectNode root = Json.object().put("_type", STATEMENT + "1");
        root.putArray("subject").addObject().putObject("digest").put(digest.algorithm(), digest.hex());
        root.put("predicateType", PREDICATE).putObject("predicate");
        return Json.bytes(root);
    }

    private static String hint(Digest fingerprint) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(fingerprint.hex()));
    }

    /** What DSSE signs: types and lengths first, so that one text cannot be taken for another. */
    private static byte[] encoding(byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String head = "DSSEv1 " + PAYLOAD_TYPE.length() + " " + PAYLOAD_TYPE + " " + payload.length + " ";
        out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** Reads a bundle; empty when it is damaged, of another kind, or for another image. */
    static Optional<SignedText> read(byte[] bundle, Digest digest) {
        try {
            JsonNode root = Json.parse("the bundle", bundle);
            JsonNode envelope = root.path("dsseEnvelope");
            if (!root.path("mediaType").asText().startsWith(MediaTypes.SIGSTORE_BUNDLES)
                    || !envelope.path("payloadType").asText().equals(PAYLOAD_TYPE)
                    || envelope.path("signatures").size() != 1) {
                return Optional.empty();
            }
            Optional<byte[]> payload =
                    SignedText.decode(envelope.path("payload").asText());
            Optional<byte[]> signature =
                    SignedText.decodeSignature(envelope.at("/signatures/0/sig").asText());
            if (payload.isEmpty() || signature.isEmpty()) {
                return Optional.empty();
            }
            return claim(payload.get(), digest)
                    .map(claim -> new SignedText(encoding(payload.get()), signature.get(), claim));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }

    /** The name that the statement gives the image, or empty text. */
    private static Optional<String> claim(byte[] statement, Digest digest) {
        JsonNode root = Json.parse("the statement", statement);
        if (!root.path("_type").asText().startsWith(STATEMENT)
                || !root.path("predicateType").asText().equals(PREDICATE)) {
            return Optional.empty();
        }
        for (JsonNode subject : root.path("subject")) {
            if (subject.path("digest").path(digest.algorithm()).asText().equals(digest.hex())) {
                return Optional.of(subject.path("name").asText());
            }
        }
        return Optional.empty();
    }
}
