package dev.twoliter.core.internal.disk.erofs;

import dev.twoliter.core.internal.disk.OrderedWork;
import java.util.Objects;
import java.util.UUID;

/**
 * What an EROFS image shall be like, besides what it holds. Immutable.
 *
 * @param uuid the file system's identifier
 * @param time of its making, seconds since 1970; inodes of that time are stored in half the room
 * @param level of compression: 0 for none, 1 for LZ4, 2 to 12 for LZ4-HC
 * @param clusterSize the most bytes that a compressed piece of a file takes: a multiple of 4096, up to 1 MiB
 * @param threads how many compress at once; the image does not depend on it
 */
public record ErofsOptions(UUID uuid, long time, int level, int clusterSize, int threads) {
    private static final int MAX_CLUSTER = 1 << 20;
    private static final int MAX_LEVEL = 12;

    /** Checks the ranges. */
    public ErofsOptions {
        Objects.requireNonNull(uuid, "uuid");
        if (level < 0 || level > MAX_LEVEL || threads < 1) {
            throw new IllegalArgumentException("level or threads out of range: " + level + ", " + threads);
        }
        if (clusterSize < ErofsFormat.BLOCK || clusterSize > MAX_CLUSTER || clusterSize % ErofsFormat.BLOCK != 0) {
            throw new IllegalArgumentException("not a size of clusters: " + clusterSize);
        }
    }

    /**
     * An image without compression.
     *
     * @param uuid the file system's identifier
     * @param time of its making, seconds since 1970
     * @return the options
     */
    public static ErofsOptions plain(UUID uuid, long time) {
        return new ErofsOptions(uuid, time, 0, ErofsFormat.BLOCK, 1);
    }

    /**
     * Compresses, on all cores up to four.
     *
     * @param newLevel 1 for LZ4, 2 to 12 for LZ4-HC
     * @param newClusterSize the most bytes that a compressed piece takes
     * @return the changed copy
     */
    public ErofsOptions withCompression(int newLevel, int newClusterSize) {
        return new ErofsOptions(uuid, time, newLevel, newClusterSize, OrderedWork.cores());
    }

    /**
     * Changes the number of threads.
     *
     * @param newThreads at least 1
     * @return the changed copy
     */
    public ErofsOptions withThreads(int newThreads) {
        return new ErofsOptions(uuid, time, level, clusterSize, newThreads);
    }
}
