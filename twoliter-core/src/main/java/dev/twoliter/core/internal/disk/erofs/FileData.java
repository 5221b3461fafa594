package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;

import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.OrderedWork;
import dev.twoliter.core.internal.disk.tree.ContentReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Writes the blocks of regular files one after the other. With compression, a few segments are worked at in parallel;
 * they are written in the order of the files all the same.
 */
final class FileData implements AutoCloseable {
    private final ErofsOptions options;
    private final SeekableByteChannel out;
    private final OrderedWork<Piece> work;
    private final BlockingQueue<SegmentCompressor> compressors;
    /** Buffers of a segment's size, used again: as garbage they would make the heap grow. */
    private final Deque<byte[]> free = new ArrayDeque<>();

    private long nextBlock;

    /** A segment and the file that it is of. */
    private record Piece(ErofsNode node, Segment segment) {}

    /** Writes from a block on. */
    FileData(ErofsOptions options, SeekableByteChannel out, long firstBlock) {
        this.options = options;
        this.out = out;
        this.nextBlock = firstBlock;
        this.compressors = new ArrayBlockingQueue<>(options.threads());
        for (int i = 0; i < options.threads() && options.level() > 0; i++) {
            compressors.add(new SegmentCompressor(options));
        }
        this.work = new OrderedWork<>("erofs", options.threads(), 2 * options.threads(), this::write);
    }

    /** Writes the blocks of a file; its tail, if it has one, not. */
    void write(ErofsNode node) throws IOException {
        try (ContentReader content = ContentReader.open(node.tree.inode(), node.tree.content())) {
            long size = options.level() == 0 ? node.size - node.tail : node.size;
            for (long done = 0; done < size; ) {
                int count = (int) Math.min(size - done, Segment.MAX_SIZE);
                byte[] bytes = free.isEmpty() ? new byte[Segment.MAX_SIZE] : free.remove();
                content.read(bytes, 0, count);
                done += count;
                add(node, bytes, count);
            }
            content.skip(node.size - size);
            content.expectEnd();
        }
    }

    private void add(ErofsNode node, byte[] bytes, int count) throws IOException {
        if (options.level() == 0) {
            write(new Piece(node, stored(bytes, count)));
        } else {
            work.add(() -> new Piece(node, compress(bytes, count)));
        }
    }

    private static Segment stored(byte[] bytes, int count) {
        int blocks = (int) ErofsFormat.blocks(count);
        Arrays.fill(bytes, count, blocks * BLOCK, (byte) 0);
        return new Segment(
                List.of(new Segment.Cluster(blocks, blocks, true)), ByteBuffer.wrap(bytes, 0, blocks * BLOCK));
    }

    private Segment compress(byte[] bytes, int count) throws InterruptedException {
        SegmentCompressor compressor = compressors.take();
        try {
            return compressor.compress(bytes, count);
        } finally {
            compressors.add(compressor);
        }
    }

    private void write(Piece piece) throws IOException {
        ErofsNode node = piece.node();
        Segment segment = piece.segment();
        if (node.clusters.isEmpty()) {
            node.firstBlock = nextBlock;
        }
        node.clusters.addAll(segment.clusters());
        ByteBuffer data = segment.data();
        if (!segment.isStored() || (node.size > Segment.MAX_SIZE && options.level() > 0)) {
            node.tail = 0;
        }
        if (options.level() > 0 && node.tail > 0) {
            data.limit((int) (node.size - node.tail)); // the tail goes with the inode
        }
        Channels.writeSparse(out, nextBlock * BLOCK, data);
        nextBlock += ErofsFormat.blocks(data.limit());
        free.add(data.array());
    }

    /** Waits for all; gives the block behind them. */
    long finish() throws IOException {
        work.finish();
        return nextBlock;
    }

    @Override
    public void close() {
        work.close();
    }
}
