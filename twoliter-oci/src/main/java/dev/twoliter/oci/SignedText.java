package dev.twoliter.oci;

import java.util.Base64;
import java.util.Optional;

/**
 * A text that says of an image that it is approved, and a signature over that text. Not an array owner: nobody changes
 * the arrays.
 *
 * @param text the bytes that were signed
 * @param signature the signature, in DER
 * @param claim the repository that the text names, or empty
 */
record SignedText(byte[] text, byte[] signature, String claim) {

    /** The longest DER of a P-256 signature has 72 bytes. */
    private static final int MAX_SIGNATURE = 72;

    /** Decodes base64 that is written in the one right way; empty otherwise. */
    static Optional<byte[]> decode(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return Base64.getEncoder().encodeToString(bytes).equals(base64) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Decodes a signature; empty when it cannot be one. */
    static Optional<byte[]> decodeSignature(String base64) {
        return base64.length() > 2 * MAX_SIGNATURE
                ? Optional.empty()
                : decode(base64).filter(der -> der.length <= MAX_SIGNATURE);
    }

    boolean isBy(ImagePublicKey key) {
        return key.verifies(text, signature);
    }
}
