package dev.twoliter.core.internal.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.UUID;

/**
 * Derives from a seed what native tools draw at random: the identifiers of disks, partitions and file systems, and
 * salts. Values for different names are unrelated. Thread-safe.
 */
public final class Derived {
    private Derived() {}

    /**
     * Derives an identifier.
     *
     * @param seed what names the image, such as variant, architecture, version and build
     * @param name what the identifier is for, such as {@code partition/BIOS-BOOT}
     * @return a UUID of version 8 (custom; RFC 9562 section 5.8)
     */
    public static UUID uuid(String seed, String name) {
        ByteBuffer hash = ByteBuffer.wrap(bytes(seed, name));
        long high = (hash.getLong() & ~0xF000L) | 0x8000L;
        long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /**
     * Derives 32 bytes, a salt for instance: the SHA-256 of seed, a zero byte, and name.
     *
     * @param seed what names the image
     * @param name what the bytes are for
     * @return 32 bytes
     */
    public static byte[] bytes(String seed, String name) {
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(name, "name");
        MessageDigest sha256 = Sha256.digest();
        sha256.update(seed.getBytes(UTF_8));
        sha256.update((byte) 0);
        return sha256.digest(name.getBytes(UTF_8));
    }
}
