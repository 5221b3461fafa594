package dev.twoliter.core.internal.disk;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 without a checked exception: every Java platform has it. */
public final class Sha256 {
    private Sha256() {}

    /** {@return a new digest} */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256", e);
        }
    }
}
