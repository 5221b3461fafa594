package dev.twoliter.core.internal.disk.verity;

import static dev.twoliter.core.internal.disk.verity.VerityLevels.DIGEST;
import static dev.twoliter.core.internal.disk.verity.VerityLevels.DIGESTS_PER_BLOCK;
import static dev.twoliter.core.internal.disk.verity.VeritySuperblock.BLOCK;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.verity.VerityLevels.Level;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Checks a device against its dm-verity tree, from the root hash down. */
public final class VerityVerifier {
    private static final String HINT = "the image was changed or damaged after it was built; build it again";

    private final String subject;
    private final SeekableByteChannel data;
    private final SeekableByteChannel hashes;
    private final BlockHash hash;

    private VerityVerifier(SeekableByteChannel data, SeekableByteChannel hashes, String subject, byte[] salt) {
        this.subject = subject;
        this.data = data;
        this.hashes = hashes;
        this.hash = new BlockHash(salt);
    }

    /**
     * Says what a hash device claims: its root hash follows from its first hash block, and proves nothing by itself.
     *
     * @param data the protected device, which is read only if it has a single block
     * @param hashes the hash device
     * @param subject the device's name for messages
     * @return what must be known to use it
     * @throws FormatException if the hash device is none, or too short
     * @throws IOException if a channel fails
     */
    public static VerityRoot claimed(SeekableByteChannel data, SeekableByteChannel hashes, String subject)
            throws IOException {
        VeritySuperblock superblock = VeritySuperblock.read(hashes, subject);
        VerityLevels tree = VerityLevels.of(superblock.dataBlocks());
        boolean single = tree.levels().isEmpty();
        if ((single ? data.size() : hashes.size() - BLOCK) < BLOCK) {
            throw new FormatException(subject, "is shorter than its dm-verity superblock says");
        }
        ByteBuffer top = ByteBuffer.allocate(BLOCK);
        Channels.read(single ? data : hashes, single ? 0 : BLOCK, top);
        return VerityRoot.of(new BlockHash(superblock.salt()).of(top), superblock);
    }

    /**
     * Checks every block.
     *
     * @param data the protected device; what follows its last protected block is not looked at
     * @param hashes the hash device
     * @param rootHash the trusted root hash in hexadecimal digits
     * @param subject the device's name for messages
     * @throws VerificationException if a block does not match; the message names the first one
     * @throws FormatException if the hash device is none, or one of the two is too short
     * @throws IOException if a file cannot be read
     */
    public static void verify(SeekableByteChannel data, SeekableByteChannel hashes, String rootHash, String subject)
            throws IOException {
        VeritySuperblock superblock = VeritySuperblock.read(hashes, subject);
        VerityLevels tree = VerityLevels.of(superblock.dataBlocks());
        if (data.size() / BLOCK < superblock.dataBlocks() || hashes.size() / BLOCK < tree.blocks()) {
            throw new FormatException(
                    subject,
                    "is shorter than its dm-verity superblock says: " + superblock.dataBlocks() + " data blocks, "
                            + tree.blocks() + " hash blocks");
        }
        new VerityVerifier(data, hashes, subject, superblock.salt()).verify(superblock.dataBlocks(), tree, rootHash);
    }

    private void verify(long dataBlocks, VerityLevels tree, String rootHash) throws IOException {
        List<Level> levels = tree.levels();
        boolean single = levels.isEmpty();
        ByteBuffer top = ByteBuffer.allocate(BLOCK);
        Channels.read(single ? data : hashes, single ? 0 : BLOCK, top);
        String actual = HexFormat.of().formatHex(hash.of(top));
        if (!actual.equals(rootHash.toLowerCase(Locale.ROOT))) {
            throw VerificationException.digest(
                    subject + " (dm-verity, " + (single ? "data block 0" : "hash block 1") + ")",
                    rootHash,
                    actual,
                    HINT);
        }
        for (int i = levels.size() - 1; i >= 0; i--) {
            boolean leaves = i == 0;
            Level children = leaves ? new Level(0, dataBlocks) : levels.get(i - 1);
            verify(levels.get(i), leaves ? data : hashes, children, leaves ? "data" : "hash");
        }
    }

    private void verify(Level parents, SeekableByteChannel from, Level children, String kind) throws IOException {
        ByteBuffer parent = ByteBuffer.allocate(BLOCK);
        ByteBuffer child = ByteBuffer.allocate(DIGESTS_PER_BLOCK * BLOCK);
        for (long p = 0; p < parents.count(); p++) {
            Channels.read(hashes, (parents.first() + p) * BLOCK, parent.clear());
            long start = p * DIGESTS_PER_BLOCK;
            int count = (int) Math.min(DIGESTS_PER_BLOCK, children.count() - start);
            Channels.read(
                    from, (children.first() + start) * BLOCK, child.clear().limit(count * BLOCK));
            for (int c = 0; c < count; c++) {
                ByteBuffer actual = ByteBuffer.wrap(hash.of(child.slice(c * BLOCK, BLOCK)));
                if (!actual.equals(parent.slice(c * DIGEST, DIGEST))) {
                    long block = children.first() + start + c;
                    throw new VerificationException(
                            subject, kind + " block " + block + " does not match its dm-verity hash", HINT);
                }
            }
        }
    }
}
