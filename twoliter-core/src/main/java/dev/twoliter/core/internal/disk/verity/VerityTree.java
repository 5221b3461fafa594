package dev.twoliter.core.internal.disk.verity;

import static dev.twoliter.core.internal.disk.verity.VerityLevels.DIGEST;
import static dev.twoliter.core.internal.disk.verity.VerityLevels.DIGESTS_PER_BLOCK;
import static dev.twoliter.core.internal.disk.verity.VeritySuperblock.BLOCK;

import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.verity.VerityLevels.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.UUID;
import java.util.stream.LongStream;

/**
 * Makes the hash device of dm-verity as {@code veritysetup format} does with its defaults: format 1, sha256, blocks of
 * 4096 bytes. Hashes on all cores, in a few MiB of memory.
 */
public final class VerityTree {
    /** Blocks of digests that one task fills: 2 MiB of input each. */
    private static final int TASK = 4;

    private VerityTree() {}

    /**
     * Tells how large the hash device will be.
     *
     * @param dataBlocks the blocks of 4096 bytes to protect
     * @return bytes, with the superblock
     */
    public static long size(long dataBlocks) {
        return VerityLevels.of(dataBlocks).blocks() * BLOCK;
    }

    /**
     * Hashes a device.
     *
     * @param data the device to protect; its size is a multiple of 4096 and not zero
     * @param hashes an empty file, open for reading and writing: becomes the hash device
     * @param uuid the hash device's identifier
     * @param salt at most 256 bytes
     * @return the root hash and what goes with it
     * @throws IOException if a file cannot be read or written
     */
    public static VerityRoot write(FileChannel data, FileChannel hashes, UUID uuid, byte[] salt) throws IOException {
        if (data.size() == 0 || data.size() % BLOCK != 0) {
            throw new IllegalArgumentException("the data are not whole blocks of 4096 bytes: " + data.size());
        }
        VeritySuperblock superblock = new VeritySuperblock(uuid, data.size() / BLOCK, salt);
        superblock.write(hashes);
        FileChannel from = data;
        Level input = new Level(0, superblock.dataBlocks());
        for (Level level : VerityLevels.of(superblock.dataBlocks()).levels()) {
            hash(from, input, hashes, level, salt);
            from = hashes;
            input = level;
        }
        ByteBuffer top = ByteBuffer.allocate(BLOCK);
        Channels.read(from, input.first() * BLOCK, top);
        return VerityRoot.of(new BlockHash(salt).of(top), superblock);
    }

    private static void hash(FileChannel from, Level input, FileChannel to, Level output, byte[] salt)
            throws IOException {
        try {
            LongStream.range(0, (output.count() + TASK - 1) / TASK).parallel().forEach(task -> {
                long first = task * TASK;
                int count = (int) Math.min(TASK, output.count() - first);
                try {
                    ByteBuffer digests = digests(from, input, first, count, salt);
                    Channels.write(to, (output.first() + first) * BLOCK, digests);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Some blocks of a level: the digests of their part of the input, zeros after the last. */
    private static ByteBuffer digests(FileChannel from, Level input, long first, int count, byte[] salt)
            throws IOException {
        long start = first * DIGESTS_PER_BLOCK;
        int blocks = (int) Math.min((long) count * DIGESTS_PER_BLOCK, input.count() - start);
        ByteBuffer in = ByteBuffer.allocate(blocks * BLOCK);
        Channels.read(from, (input.first() + start) * BLOCK, in);
        BlockHash hash = new BlockHash(salt);
        ByteBuffer out = ByteBuffer.allocate(count * BLOCK);
        for (int i = 0; i < blocks; i++) {
            out.put(i * DIGEST, hash.of(in.slice(i * BLOCK, BLOCK)));
        }
        return out;
    }
}
