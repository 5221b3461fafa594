package dev.twoliter.oci.internal.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.FormatException;
import dev.twoliter.oci.internal.json.Json;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * A private key as cosign encrypts it: JSON with scrypt's parameters and a secretbox around PKCS#8 (publishing.md
 * 10.3).
 */
final class SealedKey {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT = 32;
    private static final int N = 1 << 16;
    /** scrypt needs 128·N·r bytes: 128 MiB with this. Files are written with half and a quarter of it. */
    private static final int MAX_N = 1 << 17;

    private static final int MIN_N = 1 << 10;
    private static final int R = 8;
    private static final int P = 1;

    private SealedKey() {}

    /** Encrypts with the parameters that cosign uses. */
    static byte[] seal(byte[] pkcs8, char[] passphrase) {
        byte[] salt = random(SALT);
        byte[] nonce = random(SecretBox.NONCE);
        ObjectNode root = Json.object();
        ObjectNode kdf = root.putObject("kdf").put("name", "scrypt");
        kdf.putObject("params").put("N", N).put("r", R).put("p", P);
        kdf.put("salt", salt);
        root.putObject("cipher").put("name", "nacl/secretbox").put("nonce", nonce);
        byte[] key = key(passphrase, salt, N);
        root.put("ciphertext", new SecretBox(key, nonce).seal(pkcs8));
        Arrays.fill(key, (byte) 0);
        return Json.bytes(root);
    }

    /**
     * Decrypts.
     *
     * @return PKCS#8; empty when the passphrase is wrong or the file was changed, which nobody can tell apart
     * @throws FormatException if it is not of this form, or asks for more memory than anybody needs
     */
    static Optional<byte[]> open(String subject, byte[] json, char[] passphrase) {
        JsonNode root = Json.parse(subject, json);
        JsonNode kdf = root.path("kdf");
        requireName(subject, kdf, "scrypt");
        requireName(subject, root.path("cipher"), "nacl/secretbox");
        JsonNode params = kdf.path("params");
        int n = params.path("N").isInt() ? params.path("N").asInt() : 0;
        if (n < MIN_N
                || n > MAX_N
                || Integer.bitCount(n) != 1
                || params.path("r").asInt() != R
                || params.path("p").asInt() != P) {
            throw new FormatException(
                    subject,
                    "its scrypt parameters are " + params + "; N must be a power of two from " + MIN_N + " to " + MAX_N
                            + ", r " + R + " and p " + P);
        }
        byte[] salt = bytes(subject, kdf, "salt", 1, 1024);
        byte[] nonce = bytes(subject, root.path("cipher"), "nonce", SecretBox.NONCE, SecretBox.NONCE);
        byte[] ciphertext = bytes(subject, root, "ciphertext", 1, 1 << 16);
        byte[] key = key(passphrase, salt, n);
        try {
            return new SecretBox(key, nonce).open(ciphertext);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] key(char[] passphrase, byte[] salt, int n) {
        byte[] utf8 = new byte[passphrase.length * 4];
        var buffer = StandardCharsets.UTF_8.encode(CharBuffer.wrap(passphrase));
        int length = buffer.remaining();
        buffer.get(utf8, 0, length);
        Arrays.fill(buffer.array(), (byte) 0);
        byte[] exact = Arrays.copyOf(utf8, length);
        Arrays.fill(utf8, (byte) 0);
        try {
            return SCrypt.generate(exact, salt, n, R, P, SecretBox.KEY);
        } finally {
            Arrays.fill(exact, (byte) 0);
        }
    }

    private static void requireName(String subject, JsonNode node, String name) {
        if (!node.path("name").asText().equals(name)) {
            throw new FormatException(
                    subject, "it is encrypted with '" + node.path("name").asText() + "', not with '" + name + "'");
        }
    }

    private static byte[] bytes(String subject, JsonNode node, String member, int min, int max) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(Json.text(subject, node, member));
        } catch (IllegalArgumentException e) {
            throw new FormatException(subject, "'" + member + "' is not base64", "", e);
        }
        if (bytes.length < min || bytes.length > max) {
            throw new FormatException(subject, "'" + member + "' has " + bytes.length + " bytes");
        }
        return bytes;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
