package dev.twoliter.core.internal.disk.verity;

import dev.twoliter.core.internal.disk.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The digest of a block: SHA-256 over salt and block. A block of zeros, frequent in images, is hashed but once. */
final class BlockHash {
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocate(VeritySuperblock.BLOCK).asReadOnlyBuffer();

    private final MessageDigest sha256 = Sha256.digest();
    private final byte[] salt;
    private byte @Nullable [] ofZeros;

    BlockHash(byte[] salt) {
        this.salt = salt;
    }

    byte[] of(ByteBuffer block) {
        if (!block.equals(ZEROS)) {
            return digest(block);
        }
        if (ofZeros == null) {
            ofZeros = digest(block);
        }
        return ofZeros;
    }

    private byte[] digest(ByteBuffer block) {
        sha256.update(salt);
        sha256.update(block);
        return sha256.digest();
    }
}
