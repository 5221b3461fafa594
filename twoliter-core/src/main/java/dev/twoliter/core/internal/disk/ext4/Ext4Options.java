package dev.twoliter.core.internal.disk.ext4;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import java.util.UUID;

/**
 * What an ext4 file system shall be like, besides what it holds. Immutable.
 *
 * @param uuid its identifier; the seed of directory hashes is derived from it
 * @param time of its making, seconds since 1970
 * @param label at most 16 bytes; empty for none
 * @param blockSize 1024, 2048 or 4096
 * @param size in bytes; 0: as small as its contents allow
 * @param bytesPerInode one inode for as many bytes of {@code size}; 0: as many inodes as the contents need
 * @param journal whether it has a journal
 * @param stripe the blocks that a storage device likes to write at once, of 4 KiB each for instance; 0: unknown
 */
public record Ext4Options(
        UUID uuid, long time, String label, int blockSize, long size, int bytesPerInode, boolean journal, int stripe) {

    private static final int MAX_LABEL = 16;

    /** Checks the ranges. */
    public Ext4Options {
        Objects.requireNonNull(uuid, "uuid");
        if (label.getBytes(UTF_8).length > MAX_LABEL || label.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a label of at most 16 bytes: " + label);
        }
        if (blockSize != 1024 && blockSize != 2048 && blockSize != 4096) {
            throw new IllegalArgumentException("not a block size of 1024, 2048 or 4096: " + blockSize);
        }
        if (time < 0 || time > 0xFFFF_FFFFL || size < 0 || stripe < 0) {
            throw new IllegalArgumentException("time, size or stripe out of range");
        }
        if (bytesPerInode != 0 && bytesPerInode < 1024) {
            throw new IllegalArgumentException("fewer than 1024 bytes for an inode: " + bytesPerInode);
        }
    }

    /**
     * A file system as small as its contents allow, with blocks of 4096 bytes, without label and journal.
     *
     * @param uuid its identifier
     * @param time of its making, seconds since 1970
     * @return the options
     */
    public static Ext4Options shrunk(UUID uuid, long time) {
        return new Ext4Options(uuid, time, "", 4096, 0, 0, false, 0);
    }

    /**
     * Changes the label.
     *
     * @param newLabel at most 16 bytes
     * @return the changed copy
     */
    public Ext4Options withLabel(String newLabel) {
        return new Ext4Options(uuid, time, newLabel, blockSize, size, bytesPerInode, journal, stripe);
    }

    /**
     * Changes the size of blocks.
     *
     * @param newBlockSize 1024, 2048 or 4096
     * @return the changed copy
     */
    public Ext4Options withBlockSize(int newBlockSize) {
        return new Ext4Options(uuid, time, label, newBlockSize, size, bytesPerInode, journal, stripe);
    }

    /**
     * Changes the size.
     *
     * @param newSize in bytes
     * @param newBytesPerInode one inode for as many bytes
     * @return the changed copy
     */
    public Ext4Options withSize(long newSize, int newBytesPerInode) {
        return new Ext4Options(uuid, time, label, blockSize, newSize, newBytesPerInode, journal, stripe);
    }

    /** {@return a copy with a journal, of the size that mke2fs would choose} */
    public Ext4Options withJournal() {
        return new Ext4Options(uuid, time, label, blockSize, size, bytesPerInode, true, stripe);
    }

    /**
     * Changes the stripe.
     *
     * @param newStripe in blocks
     * @return the changed copy
     */
    public Ext4Options withStripe(int newStripe) {
        return new Ext4Options(uuid, time, label, blockSize, size, bytesPerInode, journal, newStripe);
    }
}
