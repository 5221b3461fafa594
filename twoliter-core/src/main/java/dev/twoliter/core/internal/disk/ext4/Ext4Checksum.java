package dev.twoliter.core.internal.disk.ext4;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/** CRC-32C as ext4 uses it: without the customary inversion of the result, begun with what the data belongs to. */
final class Ext4Checksum {
    private final CRC32C crc = new CRC32C();

    private Ext4Checksum() {}

    /** Of the super block, which belongs to nothing. */
    static Ext4Checksum bare() {
        return new Ext4Checksum();
    }

    static Ext4Checksum of(UUID fileSystem) {
        return new Ext4Checksum()
                .then(ByteBuffer.allocate(16)
                        .putLong(fileSystem.getMostSignificantBits())
                        .putLong(fileSystem.getLeastSignificantBits())
                        .flip());
    }

    /** Of an inode, or of a block of its directory or extents. */
    static Ext4Checksum of(UUID fileSystem, long inode, int generation) {
        return of(fileSystem)
                .then(Ext4Format.allocate(8)
                        .putInt((int) inode)
                        .putInt(generation)
                        .flip());
    }

    static Ext4Checksum ofGroup(UUID fileSystem, int group) {
        return of(fileSystem).then(Ext4Format.allocate(4).putInt(group).flip());
    }

    static Ext4Checksum ofXattrBlock(UUID fileSystem, long block) {
        return of(fileSystem).then(Ext4Format.allocate(8).putLong(block).flip());
    }

    Ext4Checksum then(ByteBuffer bytes) {
        crc.update(bytes.duplicate());
        return this;
    }

    Ext4Checksum then(ByteBuffer bytes, int from, int to) {
        crc.update(bytes.slice(from, to - from));
        return this;
    }

    Ext4Checksum thenZeros(int count) {
        crc.update(new byte[count]);
        return this;
    }

    int value() {
        return ~(int) crc.getValue();
    }

    /** Of an inode's bytes, its two fields of checksum taken as zero. */
    static int ofInode(UUID fileSystem, long number, ByteBuffer inode) {
        return of(fileSystem, number, inode.getInt(0x64))
                .then(inode, 0, 0x7C)
                .thenZeros(2)
                .then(inode, 0x7E, 0x82)
                .thenZeros(2)
                .then(inode, 0x84, inode.limit())
                .value();
    }

    /** Of a group's descriptor, its field of checksum taken as zero; the lower half counts. */
    static short ofDescriptor(UUID fileSystem, int group, ByteBuffer descriptor) {
        return (short) ofGroup(fileSystem, group)
                .then(descriptor, 0, 0x1E)
                .thenZeros(2)
                .then(descriptor, 0x20, descriptor.limit())
                .value();
    }

    /** Of a block of xattrs, its field of checksum taken as zero. */
    static int ofXattrs(UUID fileSystem, long place, ByteBuffer block) {
        return ofXattrBlock(fileSystem, place)
                .then(block, 0, 16)
                .thenZeros(4)
                .then(block, 20, block.limit())
                .value();
    }
}
