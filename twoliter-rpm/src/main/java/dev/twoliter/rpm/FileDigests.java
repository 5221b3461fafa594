package dev.twoliter.rpm;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Numbers of digest algorithms, from OpenPGP (RFC 4880, 9.4), as headers use them. */
final class FileDigests {
    static final int MD5 = 1;
    static final int SHA256 = 8;

    private FileDigests() {}

    /** Returns the function, or null for an algorithm we do not know. */
    static @Nullable MessageDigest function(long algorithm) {
        return switch ((int) algorithm) {
            case MD5 -> SignatureHeader.function("MD5");
            case 2 -> SignatureHeader.function("SHA-1");
            case SHA256 -> SignatureHeader.function("SHA-256");
            case 9 -> SignatureHeader.function("SHA-384");
            case 10 -> SignatureHeader.function("SHA-512");
            case 11 -> SignatureHeader.function("SHA-224");
            default -> null;
        };
    }
}
