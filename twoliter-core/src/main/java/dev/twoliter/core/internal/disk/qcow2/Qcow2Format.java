package dev.twoliter.core.internal.disk.qcow2;

/**
 * Numbers of the format, big-endian.
 *
 * <p>Header, 104 bytes: u32 magic; u32 version; u64 and u32 backing file; u32 bits of a cluster; u64 size of the disk; u32
 * encryption; u32 entries of the L1 table; u64 its place; u64 place of the refcount table; u32 its clusters; u32 and u64
 * snapshots; three u64 of features: incompatible, compatible, auto-clear; u32 log2 of the bits of a refcount; u32 size of
 * the header. Eight zero bytes end its extensions.
 */
final class Qcow2Format {
    static final int MAGIC = 0x5146_49FB;
    static final int VERSION = 3;
    static final int HEADER_SIZE = 104;
    static final int CLUSTER_BITS = 16;
    static final int CLUSTER = 1 << CLUSTER_BITS;
    static final int REFCOUNT_ORDER = 4;
    /** Refcounts in a cluster. */
    static final int REFCOUNTS = CLUSTER / 2;
    /** Entries in an L2 table. */
    static final int ENTRIES = CLUSTER / 8;
    /** In an entry: the cluster is in use once. */
    static final long ONCE = 1L << 63;

    static final long PLACE = 0x00FF_FFFF_FFFF_FE00L;
    static final long COMPRESSED = 1L << 62;
    /** In an L2 entry: reads as zeros. */
    static final long ZERO = 1;

    private Qcow2Format() {}

    static long divide(long number, long unit) {
        return (number + unit - 1) / unit;
    }
}
