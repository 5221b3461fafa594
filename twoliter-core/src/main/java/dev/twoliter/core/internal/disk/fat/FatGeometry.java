package dev.twoliter.core.internal.disk.fat;

import dev.twoliter.api.FormatException;

/**
 * How a volume's sectors are divided: reserved ones, the tables, the root directory (FAT12 and FAT16 only), clusters.
 *
 * @param bits 12, 16 or 32: of an entry in the table
 * @param sectors all of them, of 512 bytes each
 * @param clusterSectors so many sectors has a cluster
 * @param reservedSectors before the first table
 * @param tableSectors so many sectors has each of the tables
 * @param tables their number
 * @param rootSectors of the root directory; 0 for FAT32
 */
record FatGeometry(
        int bits,
        long sectors,
        int clusterSectors,
        int reservedSectors,
        long tableSectors,
        int tables,
        int rootSectors) {
    static final int SECTOR = 512;

    private static final int MIN_FAT16 = 4085;
    private static final int MIN_FAT32 = 65525;
    private static final int MAX_FAT32 = 0x0FFF_FFF5;
    private static final long FAT32_FROM = 512L << 20;
    private static final int MAX_CLUSTER_SECTORS = 128;
    private static final int ROOT_SECTORS = 32;
    private static final int RESERVED_FAT32 = 32;

    /** Up to so many sectors, nothing is aligned to clusters. */
    private static final long SMALL = 8192;
    /** What a disk without tracks claims, as the SD Association has it: up to MiB; sectors per track; heads. */
    private static final int[][] TRACKS = {
        {2, 16, 2},
        {16, 32, 2},
        {32, 32, 4},
        {128, 32, 8},
        {256, 32, 16},
        {504, 63, 16},
        {1008, 63, 32},
        {2016, 63, 64},
        {4032, 63, 128},
        {Integer.MAX_VALUE, 63, 255}
    };

    /** Chooses as mkfs.fat: FAT32 from 512 MiB on; the smallest clusters, 2 KiB at least, that the type can number. */
    static FatGeometry choose(long size) {
        int track = sectorsPerTrack(size);
        long sectors = size / SECTOR / track * track; // mtools asks for whole tracks
        boolean large = size >= FAT32_FROM;
        for (int cluster = large ? fat32Cluster(size) : 4; cluster <= MAX_CLUSTER_SECTORS; cluster *= 2) {
            FatGeometry[] candidates = large
                    ? new FatGeometry[] {candidate(32, sectors, cluster)}
                    : new FatGeometry[] {candidate(16, sectors, cluster), candidate(12, sectors, cluster)};
            for (FatGeometry geometry : candidates) {
                if (geometry.isValid()) {
                    return geometry;
                }
            }
        }
        throw new FormatException("FAT", "a volume cannot have " + size + " bytes");
    }

    private static int fat32Cluster(long size) {
        long gib = size >> 30;
        if (gib >= 32) {
            return 64;
        }
        return gib >= 16 ? 32 : gib >= 8 ? 16 : 8;
    }

    private static FatGeometry candidate(int bits, long sectors, int cluster) {
        int unit = sectors > SMALL ? cluster : 1;
        int reserved = align(bits == 32 ? RESERVED_FAT32 : 1, unit);
        int root = bits == 32 ? 0 : align(ROOT_SECTORS, unit);
        int tables = 2;
        long forData = sectors - reserved - root;
        long clusterBits = 8L * cluster * SECTOR + (long) tables * bits;
        long clusters = Math.max(0, (forData * SECTOR * 8 + 2L * tables * bits) / clusterBits);
        long tableBytes = ((clusters + 2) * bits + 7) / 8;
        long tableSectors = (tableBytes + SECTOR - 1) / SECTOR;
        tableSectors = (tableSectors + unit - 1) / unit * unit;
        return new FatGeometry(bits, sectors, cluster, reserved, tableSectors, tables, root);
    }

    static int sectorsPerTrack(long size) {
        return tracks(size)[1];
    }

    static int heads(long size) {
        return tracks(size)[2];
    }

    private static int[] tracks(long size) {
        int i = 0;
        while (size > (long) TRACKS[i][0] << 20) {
            i++;
        }
        return TRACKS[i];
    }

    private static int align(int sectors, int unit) {
        return (sectors + unit - 1) / unit * unit;
    }

    /** Whether readers, which tell the type by the number of clusters, will tell the right one. */
    boolean isValid() {
        return clusters() > 0
                && bits == bitsOf(clusters())
                && (clusters() + 2) * bits <= tableSectors * SECTOR * 8
                && clusters() <= MAX_FAT32;
    }

    static int bitsOf(long clusters) {
        return clusters < MIN_FAT16 ? 12 : clusters < MIN_FAT32 ? 16 : 32;
    }

    long rootSector() {
        return reservedSectors + tables * tableSectors;
    }

    long clusters() {
        return (sectors - rootSector() - rootSectors) / clusterSectors;
    }

    int clusterSize() {
        return clusterSectors * SECTOR;
    }

    /** The first byte of a cluster. */
    long place(long cluster) {
        return (rootSector() + rootSectors) * SECTOR + (cluster - 2) * clusterSize();
    }

    /** The entry that ends a chain. */
    int end() {
        return 0x0FFF_FFFF >>> (bits == 32 ? 0 : 28 - bits);
    }
}
