package dev.twoliter.core.internal.disk.erofs;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A piece of a file as it will lie in the image.
 *
 * @param clusters what it consists of, in order
 * @param data whole blocks
 */
record Segment(List<Cluster> clusters, ByteBuffer data) {
    /** So many bytes of a file are compressed by themselves: many threads can work at one file. */
    static final int MAX_SIZE = 4 << 20;

    /**
     * A physical cluster, or a run of blocks that are stored as they are.
     *
     * @param logical how many blocks of the file
     * @param physical how many blocks of the image
     * @param stored whether they are stored as they are; the numbers are then the same
     */
    record Cluster(int logical, int physical, boolean stored) {}

    boolean isStored() {
        return clusters.stream().allMatch(Cluster::stored);
    }
}
