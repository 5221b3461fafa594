package dev.twoliter.core.internal.disk.erofs;

import static dev.twoliter.core.internal.disk.erofs.ErofsFormat.BLOCK;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.erofs.ClusterMap.Bytes;
import dev.twoliter.core.internal.disk.erofs.ClusterMap.Extent;
import dev.twoliter.core.internal.disk.tree.ImageWalk;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** The content of a compressed file, decompressed one cluster at a time. */
final class CompressedStream extends InputStream {
    /** The format's own limits, Z_EROFS_PCLUSTER_MAX_SIZE and _DSIZE. */
    private static final int MAX_BLOCKS = (1 << 20) / BLOCK;

    private static final int MAX_CONTENT = 12 << 20;

    private final List<Extent> extents;
    private final ImageWalk walk;
    private final Bytes image;
    private final LZ4SafeDecompressor lz4 = LZ4Factory.fastestInstance().safeDecompressor();
    private int next;
    private byte[] content = {};
    private int position;
    private int end;

    CompressedStream(List<Extent> extents, ImageWalk walk, Bytes image) {
        this.extents = extents;
        this.walk = walk;
        this.image = image;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            if (next == extents.size() - 1) {
                return -1;
            }
            load(extents.get(next), extents.get(next + 1).place());
            next++;
        }
        int count = Math.min(length, end - position);
        System.arraycopy(content, position, bytes, offset, count);
        position += count;
        return count;
    }

    private void load(Extent extent, long extentEnd) throws IOException {
        long length = extentEnd - extent.place();
        walk.require(
                extent.blocks() > 0
                        && extent.blocks() <= MAX_BLOCKS
                        && length <= (extent.stored() ? BLOCK : MAX_CONTENT),
                "a cluster is larger than it may be");
        byte[] data =
                image.read(extent.block() * BLOCK, extent.blocks() * BLOCK).array();
        position = 0;
        end = (int) length;
        if (extent.stored()) {
            content = data;
            return;
        }
        if (content.length < end) {
            content = new byte[end];
        }
        int start = 0;
        while (start < BLOCK && data[start] == 0) {
            start++;
        }
        try {
            int count = lz4.decompress(data, start, data.length - start, content, 0, end);
            walk.require(count == end, "a cluster has fewer bytes than it should");
        } catch (LZ4Exception e) {
            throw new FormatException(walk.subject(), "a compressed cluster is damaged", "", e);
        }
    }
}
