package dev.twoliter.core.internal.disk.qcow2;

import static dev.twoliter.core.internal.disk.qcow2.Qcow2Format.CLUSTER;
import static dev.twoliter.core.internal.disk.qcow2.Qcow2Format.ENTRIES;
import static dev.twoliter.core.internal.disk.qcow2.Qcow2Format.ONCE;
import static dev.twoliter.core.internal.disk.qcow2.Qcow2Format.divide;

import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.DiskChunks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * Writes a raw disk as a qcow2 image without compression; clusters of zeros are left out. Same disk: same bytes. Holds the
 * L2 tables in memory, 128 KiB for each GiB of the disk.
 *
 * <p>The image: header; data; L2 tables; L1 table; refcounts and their table.
 */
public final class Qcow2Writer {
    private Qcow2Writer() {}

    /**
     * Writes an image.
     *
     * @param raw the disk's bytes; not closed
     * @param size how many they are
     * @param out an empty file
     * @return the image's size in bytes
     * @throws IOException if the disk cannot be read or has another size, or the channel fails
     */
    public static long write(InputStream raw, long size, SeekableByteChannel out) throws IOException {
        DiskChunks disk = new DiskChunks(raw, size, CLUSTER);
        int tables = Math.toIntExact(divide(disk.count(), ENTRIES));
        ByteBuffer[] l2 = new ByteBuffer[tables];
        long next = 1;
        for (long at = disk.next(); at < disk.count(); at = disk.next()) {
            int table = (int) (at / ENTRIES);
            if (l2[table] == null) {
                l2[table] = ByteBuffer.allocate(CLUSTER);
            }
            l2[table].putLong((int) (at % ENTRIES) * 8, next * CLUSTER | ONCE);
            Channels.write(out, next++ * CLUSTER, ByteBuffer.wrap(disk.bytes()));
        }
        ByteBuffer l1 = ByteBuffer.allocate(Math.toIntExact(divide(tables, ENTRIES)) * CLUSTER);
        for (int table = 0; table < tables; table++) {
            if (l2[table] != null) {
                l1.putLong(table * 8, next * CLUSTER | ONCE);
                Channels.write(out, next++ * CLUSTER, l2[table]);
            }
        }
        long l1Place = next * CLUSTER;
        next += l1.limit() / CLUSTER;
        Channels.write(out, l1Place, l1);

        ByteBuffer header = ByteBuffer.allocate(Qcow2Format.HEADER_SIZE + 8);
        header.putInt(Qcow2Format.MAGIC).putInt(Qcow2Format.VERSION).putLong(0).putInt(0);
        header.putInt(Qcow2Format.CLUSTER_BITS).putLong(size).putInt(0);
        header.putInt(tables).putLong(l1Place);
        long end = writeRefcounts(next, header, out);
        header.putInt(0).putLong(0).putLong(0).putLong(0).putLong(0);
        header.putInt(Qcow2Format.REFCOUNT_ORDER)
                .putInt(Qcow2Format.HEADER_SIZE)
                .putLong(0);
        Channels.write(out, 0, header.flip());
        return end;
    }

    /** Every cluster is in use once, those of the refcounts and of their table as well. */
    private static long writeRefcounts(long used, ByteBuffer header, SeekableByteChannel out) throws IOException {
        long blocks = 0;
        long table = 0;
        while (blocks * Qcow2Format.REFCOUNTS < used + blocks + table) {
            blocks = divide(used + blocks + table, Qcow2Format.REFCOUNTS);
            table = divide(blocks, ENTRIES);
        }
        long total = used + blocks + table;
        ByteBuffer places = ByteBuffer.allocate(Math.toIntExact(table * CLUSTER));
        for (long block = 0; block < blocks; block++) {
            ByteBuffer counts = ByteBuffer.allocate(CLUSTER);
            for (long i = block * Qcow2Format.REFCOUNTS; i < total && counts.hasRemaining(); i++) {
                counts.putShort((short) 1);
            }
            places.putLong((used + block) * CLUSTER);
            Channels.write(out, (used + block) * CLUSTER, counts.clear());
        }
        long place = (used + blocks) * CLUSTER;
        Channels.write(out, place, places.clear());
        header.putLong(place).putInt((int) table);
        return total * CLUSTER;
    }
}
