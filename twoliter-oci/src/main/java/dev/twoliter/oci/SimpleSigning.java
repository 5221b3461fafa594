package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import java.util.Optional;

/** The text that is signed in the classic form (publishing.md 10.3, steps 1 and 2). */
final class SimpleSigning {

    private static final String TYPE = "cosign container image signature";

    private SimpleSigning() {}

    /** Writes the text for an image, members in cosign's order. */
    static byte[] write(String reference, Digest digest) {
        ObjectNode root = Json.object();
        ObjectNode critical = root.putObject("critical");
        critical.putObject("identity").put("docker-reference", reference);
        critical.putObject("image").put("docker-manifest-digest", digest.toString());
        critical.put("type", TYPE);
        root.putNull("optional");
        return Json.bytes(root);
    }

    /**
     * Reads a text. The reference in it is returned, not compared: images are mirrored with their signatures, and cosign
     * does not compare it either.
     *
     * @return the reference; empty when it is no such text, or one for another image
     */
    static Optional<String> claim(byte[] text, Digest digest) {
        try {
            JsonNode critical = Json.parse("the signature", text).path("critical");
            boolean isFor = critical.path("type").asText().equals(TYPE)
                    && critical.at("/image/docker-manifest-digest").asText().equals(digest.toString());
            return isFor ? Optional.of(critical.at("/identity/docker-reference").asText()) : Optional.empty();
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
