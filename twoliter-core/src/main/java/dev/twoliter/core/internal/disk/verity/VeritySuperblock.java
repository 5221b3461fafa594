package dev.twoliter.core.internal.disk.verity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.Channels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.UUID;

/**
 * The first block of a hash device, as cryptsetup writes it ({@code struct verity_sb} of its lib/verity/verity.c; all
 * numbers little-endian): 8 bytes signature; u32 version; u32 hash type; 16 bytes UUID; 32 bytes name of the algorithm;
 * u32 data block size; u32 hash block size; u64 data blocks; u16 salt size; 6 bytes zero; 256 bytes salt. Here always
 * version 1, hash type 1, sha256 and blocks of 4096 bytes.
 *
 * @param uuid the hash device's identifier
 * @param dataBlocks the protected blocks
 * @param salt at most 256 bytes
 */
public record VeritySuperblock(UUID uuid, long dataBlocks, byte[] salt) {
    static final int BLOCK = 4096;
    static final String ALGORITHM = "sha256";
    static final int MAX_SALT = 256;

    /** A disk of this many blocks would have 2^63 bytes. */
    static final long MAX_BLOCKS = Long.MAX_VALUE / BLOCK / 2;

    private static final int SIZE = 512;
    private static final byte[] SIGNATURE = "verity\0\0".getBytes(US_ASCII);
    private static final int ALGORITHM_SIZE = 32;

    /** Checks the ranges. */
    public VeritySuperblock {
        salt = salt.clone();
        if (salt.length > MAX_SALT) {
            throw new IllegalArgumentException("a salt has at most " + MAX_SALT + " bytes, not " + salt.length);
        }
        if (dataBlocks < 1 || dataBlocks > MAX_BLOCKS) {
            throw new IllegalArgumentException("cannot protect " + dataBlocks + " blocks");
        }
    }

    @Override
    public byte[] salt() {
        return salt.clone();
    }

    void write(FileChannel hashes) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        block.put(SIGNATURE);
        block.putInt(1); // version
        block.putInt(1); // hash type: salt first, digests of 32 bytes side by side
        putUuid(block);
        block.put(Arrays.copyOf(ALGORITHM.getBytes(US_ASCII), ALGORITHM_SIZE));
        block.putInt(BLOCK);
        block.putInt(BLOCK);
        block.putLong(dataBlocks);
        block.putShort((short) salt.length);
        block.position(block.position() + 6);
        block.put(salt);
        Channels.write(hashes, 0, block.clear());
    }

    /**
     * Reads it.
     *
     * @param hashes the hash device
     * @param subject its name for messages
     * @return what it says
     * @throws FormatException if there is none, or one of another kind
     * @throws IOException if the channel fails
     */
    public static VeritySuperblock read(SeekableByteChannel hashes, String subject) throws IOException {
        if (hashes.size() < BLOCK) {
            throw new FormatException(subject, "too small for a dm-verity superblock");
        }
        ByteBuffer block = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        Channels.read(hashes, 0, block);
        byte[] signature = new byte[SIGNATURE.length];
        block.get(signature);
        if (!Arrays.equals(signature, SIGNATURE)) {
            throw new FormatException(subject, "no dm-verity superblock");
        }
        int version = block.getInt();
        int type = block.getInt();
        UUID uuid = getUuid(block);
        byte[] algorithm = new byte[ALGORITHM_SIZE];
        block.get(algorithm);
        boolean known = version == 1
                && type == 1
                && Arrays.equals(algorithm, Arrays.copyOf(ALGORITHM.getBytes(US_ASCII), ALGORITHM_SIZE))
                && block.getInt() == BLOCK
                && block.getInt() == BLOCK;
        if (!known) {
            throw new FormatException(
                    subject, "a dm-verity tree of another kind than version 1 with sha256 and blocks of 4096 bytes");
        }
        long dataBlocks = block.getLong();
        int saltSize = block.getShort() & 0xFFFF;
        if (saltSize > MAX_SALT || dataBlocks < 1 || dataBlocks > MAX_BLOCKS) {
            throw new FormatException(
                    subject, "the dm-verity superblock claims " + dataBlocks + " blocks, a salt of " + saltSize);
        }
        byte[] salt = new byte[saltSize];
        block.get(block.position() + 6, salt);
        return new VeritySuperblock(uuid, dataBlocks, salt);
    }

    /** As text it reads in the order of its bytes. */
    private void putUuid(ByteBuffer block) {
        block.putLong(Long.reverseBytes(uuid.getMostSignificantBits()));
        block.putLong(Long.reverseBytes(uuid.getLeastSignificantBits()));
    }

    private static UUID getUuid(ByteBuffer block) {
        return new UUID(Long.reverseBytes(block.getLong()), Long.reverseBytes(block.getLong()));
    }
}
