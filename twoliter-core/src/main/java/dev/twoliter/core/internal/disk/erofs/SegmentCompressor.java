package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;

import dev.twoliter.core.internal.disk.erofs.Segment.Cluster;
import dev.twoliter.core.internal.disk.lz4.NativeLz4;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/**
 * Compresses segments into physical clusters that are full, but for the last: as much of the file as fits into the
 * cluster's size. Compressed data ends with its cluster; zeros come before it, less than a block of them. Not thread-safe.
 */
final class SegmentCompressor {
    private static final double FIRST_RATIO = 2.2;
    private static final double OVERSHOOT = 1.05;

    private final int clusterSize;
    private final LZ4Compressor lz4;
    private final byte[] compressed;
    private final Lz4Cut cut;

    SegmentCompressor(ErofsOptions options) {
        LZ4Factory library = NativeLz4.load();
        this.clusterSize = options.clusterSize();
        this.lz4 = options.level() == 1 ? library.fastCompressor() : library.highCompressor(options.level());
        this.compressed = new byte[lz4.maxCompressedLength(Segment.MAX_SIZE)];
        this.cut = new Lz4Cut(clusterSize);
    }

    /** Compresses the first bytes of a buffer, which gets its result, too. */
    Segment compress(byte[] content, int size) {
        List<Cluster> clusters = new ArrayList<>();
        int out = 0; // never ahead of the input: a cluster is smaller than what it holds
        double ratio = FIRST_RATIO;
        for (int from = 0; from < size; ) {
            int left = size - from;
            int window = Math.min(left, (int) ErofsFormat.blocks((long) (clusterSize * ratio * OVERSHOOT)) * BLOCK);
            int compressedSize = lz4.compress(content, from, window, compressed, 0);
            int limit = Math.min(clusterSize, Math.max(compressedSize / BLOCK, 1) * BLOCK);
            byte[] source = compressed;
            int taken = window;
            if (compressedSize > limit && (compressedSize > clusterSize || window < left)) {
                taken = cut.cut(compressed, content, from, window, limit);
                source = cut.bytes();
                compressedSize = cut.size();
            }
            int physical = (int) ErofsFormat.blocks(compressedSize);
            if (taken > 0 && physical < ErofsFormat.blocks(taken)) {
                ratio = (double) taken / compressedSize;
                int start = out + physical * BLOCK - compressedSize;
                zero(content, out, start);
                System.arraycopy(source, 0, content, start, compressedSize);
                add(clusters, new Cluster((int) ErofsFormat.blocks(taken), physical, false));
            } else {
                taken = window;
                ratio = 1;
                physical = (int) ErofsFormat.blocks(taken);
                System.arraycopy(content, from, content, out, taken);
                zero(content, out + taken, out + physical * BLOCK);
                add(clusters, new Cluster(physical, physical, true));
            }
            out += physical * BLOCK;
            from += taken;
        }
        return new Segment(clusters, ByteBuffer.wrap(content, 0, out));
    }

    private static void zero(byte[] bytes, int from, int to) {
        Arrays.fill(bytes, from, to, (byte) 0);
    }

    private static void add(List<Cluster> clusters, Cluster cluster) {
        Cluster last = clusters.isEmpty() ? null : clusters.get(clusters.size() - 1);
        if (last != null && last.stored() && cluster.stored()) {
            int blocks = last.logical() + cluster.logical();
            clusters.set(clusters.size() - 1, new Cluster(blocks, blocks, true));
        } else {
            clusters.add(cluster);
        }
    }
}
