package dev.twoliter.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** JSON in the canonical form of OLPC, over which Twoliter.lock has its digests (project-formats.md 2.3). */
public final class CanonicalJson {

    private CanonicalJson() {}

    /**
     * Rewrites a JSON object: no white space, members sorted by the bytes of their quoted names, strings in Unicode NFC
     * with only {@code "} and {@code \} escaped, numbers as digits. Duplicate members are refused: which of them counts
     * would depend on the reader.
     *
     * @param subject where it is from, for messages
     * @param json the document
     * @return the canonical document
     * @throws FormatException if it is not JSON in UTF-8, or has no canonical form
     */
    public static byte[] encode(String subject, byte[] json) {
        StringBuilder out = new StringBuilder(json.length);
        append(subject, out, Json.parse(subject, json));
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(out));
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new FormatException(subject, "a text has half a character (an unpaired surrogate)", "", e);
        }
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
            out.append('{');
            for (Map.Entry<String, JsonNode> member : members(subject, node).entrySet()) {
                separate(out, '{');
                out.append(member.getKey()).append(':');
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
        } else if (node.isNumber() && !isWhole(node)) {
            throw new FormatException(subject, "canonical JSON has only whole numbers of at most 64 bits");
        } else {
            out.append(node.asText());
        }
    }

    private static boolean isWhole(JsonNode number) {
        return number.isIntegralNumber()
                && (number.canConvertToLong()
                        || (number.bigIntegerValue().signum() > 0
                                && number.bigIntegerValue().bitLength() <= Long.SIZE));
    }

    /** By quoted name, in the order of the quoted names' bytes. */
    private static Map<String, JsonNode> members(String subject, JsonNode object) {
        Map<String, JsonNode> members = new TreeMap<>(
                Comparator.comparing(name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned));
        object.properties().forEach(member -> {
            if (members.put(quote(member.getKey()), member.getValue()) != null) {
                throw new FormatException(subject, "an object has two members " + quote(member.getKey()));
            }
        });
        return members;
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
