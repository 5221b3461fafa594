package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** JSON in the canonical form of OLPC, over which Twoliter.lock has its digests (project-formats.md 2.3). */
public final class CanonicalJson {

    private CanonicalJson() {}

    /**
     * Rewrites a JSON object: no white space, members sorted by the bytes of their quoted names, strings in Unicode NFC
     * with only {@code "} and {@code \} escaped, numbers as digits. Where upstream lets the last of several members of one
     * name win, the document is refused.
     *
     * @param subject where it is from, for messages
     * @param json the document
     * @return the canonical document
     * @throws FormatException if it is not JSON, or holds a number with a fraction
     */
    public static byte[] encode(String subject, byte[] json) {
        StringBuilder out = new StringBuilder(json.length);
        append(subject, out, Json.parse(subject, json));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * {@return the digest that Twoliter.lock has for an image: base64 of the SHA-256 of the canonical index}
     *
     * @param index the index or manifest list, as the registry has it
     * @throws FormatException if it is not JSON
     */
    public static String lockDigest(byte[] index) {
        return Base64.getEncoder().encodeToString(Digest.newSha256().digest(encode("the image index", index)));
    }

    /** Depth is bounded by the parser. */
    private static void append(String subject, StringBuilder out, JsonNode node) {
        if (node.isObject()) {
            TreeMap<byte[], JsonNode> members = new TreeMap<>(Arrays::compareUnsigned);
            node.properties()
                    .forEach(e -> members.put(quote(e.getKey()).getBytes(StandardCharsets.UTF_8), e.getValue()));
            out.append('{');
            for (Map.Entry<byte[], JsonNode> member : members.entrySet()) {
                separate(out, '{');
                out.append(new String(member.getKey(), StandardCharsets.UTF_8)).append(':');
                append(subject, out, member.getValue());
            }
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            for (JsonNode element : node) {
                separate(out, '[');
                append(subject, out, element);
            }
            out.append(']');
        } else if (node.isTextual()) {
            out.append(quote(node.asText()));
        } else if (node.isNumber() && !node.isIntegralNumber()) {
            throw new FormatException(subject, "canonical JSON has no number with a fraction, such as " + node);
        } else {
            out.append(node.asText());
        }
    }

    private static void separate(StringBuilder out, char opening) {
        if (out.charAt(out.length() - 1) != opening) {
            out.append(',');
        }
    }

    private static String quote(String text) {
        String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
        return '"' + normal.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
