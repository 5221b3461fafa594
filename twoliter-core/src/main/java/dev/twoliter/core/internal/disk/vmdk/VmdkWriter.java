package dev.twoliter.core.internal.disk.vmdk;

import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.GRAIN;
import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.SECTOR;
import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.TABLE_ENTRIES;
import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.allocate;
import static dev.twoliter.core.internal.disk.vmdk.VmdkFormat.divide;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.core.internal.disk.DiskChunks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.Deflater;

/**
 * Writes a raw disk as a streamOptimized VMDK image, from the first byte to the last; grains of zeros are left out. Same
 * disk, name and identifier: same bytes, given the same zlib in the Java platform. Not thread-safe.
 */
public final class VmdkWriter {
    private static final int LEVEL = 6;
    private static final int HEADS = 16;
    private static final int SECTORS_PER_TRACK = 63;
    private static final long MAX_CYLINDERS = 16_383;

    private final OutputStream out;
    private final long sectors;
    private long written;

    private VmdkWriter(long size, OutputStream out) {
        this.out = out;
        this.sectors = divide(size, SECTOR);
    }

    /**
     * Writes an image.
     *
     * @param raw the disk's bytes; not closed
     * @param size how many they are; the image's disk has whole sectors of 512
     * @param name the image's file name, which it names itself
     * @param contentId changes when the content does: any number
     * @param out gets the image; not closed; should be buffered
     * @return the image's size in bytes
     * @throws IOException if the disk cannot be read or has another size, or the stream fails
     */
    public static long write(InputStream raw, long size, String name, int contentId, OutputStream out)
            throws IOException {
        VmdkWriter writer = new VmdkWriter(size, out);
        writer.write(new DiskChunks(raw, size, GRAIN), name, contentId);
        return writer.written * SECTOR;
    }

    private void write(DiskChunks disk, String name, int contentId) throws IOException {
        put(header(VmdkFormat.AT_END));
        put(descriptor(name, contentId));
        int tables = Math.toIntExact(divide(disk.count(), TABLE_ENTRIES));
        ByteBuffer directory = allocate(VmdkFormat.align(tables * 4));
        Deflater deflater = new Deflater(LEVEL);
        try {
            long at = disk.next();
            for (int i = 0; i < tables; i++) {
                ByteBuffer table = allocate(VmdkFormat.TABLE_SIZE);
                boolean empty = true;
                for (; at / TABLE_ENTRIES == i && at < disk.count(); at = disk.next()) {
                    table.putInt((int) (at % TABLE_ENTRIES) * 4, (int) written);
                    empty = false;
                    putGrain(at * VmdkFormat.GRAIN_SECTORS, disk.bytes(), deflater);
                }
                if (!empty) {
                    putMarker(VmdkFormat.MARKER_TABLE, table.limit() / SECTOR);
                    directory.putInt(i * 4, (int) written);
                    put(table.array());
                }
            }
        } finally {
            deflater.end();
        }
        putMarker(VmdkFormat.MARKER_DIRECTORY, directory.limit() / SECTOR);
        long place = written;
        put(directory.array());
        putMarker(VmdkFormat.MARKER_FOOTER, 1);
        put(header(place));
        putMarker(VmdkFormat.MARKER_END, 0);
    }

    private byte[] header(long directory) {
        ByteBuffer header = allocate(SECTOR);
        header.putInt(VmdkFormat.MAGIC).putInt(VmdkFormat.VERSION).putInt(VmdkFormat.FLAGS);
        header.putLong(sectors).putLong(VmdkFormat.GRAIN_SECTORS);
        header.putLong(1).putLong(VmdkFormat.DESCRIPTOR_SECTORS).putInt(TABLE_ENTRIES);
        header.putLong(0).putLong(directory).putLong(VmdkFormat.OVERHEAD_SECTORS);
        header.put((byte) 0).putInt(VmdkFormat.LINE_ENDS).putShort((short) VmdkFormat.DEFLATE);
        return header.array();
    }

    private byte[] descriptor(String name, int contentId) {
        long cylinders = Math.min(sectors / HEADS / SECTORS_PER_TRACK, MAX_CYLINDERS);
        String text = String.format(Locale.ROOT, """
                # Disk DescriptorFile
                version=1
                CID=%08x
                parentCID=ffffffff
                createType="streamOptimized"

                # Extent description
                RW %d SPARSE "%s"

                # The Disk Data Base
                #DDB

                ddb.virtualHWVersion = "4"
                ddb.geometry.cylinders = "%d"
                ddb.geometry.heads = "%d"
                ddb.geometry.sectors = "%d"
                ddb.adapterType = "ide"
                """, contentId, sectors, name, cylinders, HEADS, SECTORS_PER_TRACK);
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > VmdkFormat.DESCRIPTOR_SECTORS * SECTOR) {
            throw new IllegalArgumentException("the image's name is too long: " + name);
        }
        return Arrays.copyOf(bytes, (VmdkFormat.OVERHEAD_SECTORS - 1) * SECTOR);
    }

    private void putGrain(long sector, byte[] grain, Deflater deflater) throws IOException {
        ByteBuffer bytes = allocate(2 * GRAIN);
        deflater.reset();
        deflater.setInput(grain);
        deflater.finish();
        bytes.position(VmdkFormat.GRAIN_HEADER);
        deflater.deflate(bytes);
        int size = bytes.position();
        bytes.putLong(0, sector).putInt(8, size - VmdkFormat.GRAIN_HEADER);
        put(Arrays.copyOf(bytes.array(), VmdkFormat.align(size)));
    }

    private void putMarker(int kind, long following) throws IOException {
        put(allocate(SECTOR).putLong(following).putInt(0).putInt(kind).array());
    }

    /** Writes whole sectors. */
    private void put(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length / SECTOR;
    }
}
