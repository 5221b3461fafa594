package dev.twoliter.core.internal.disk.raw;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.gpt.GptWriter;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Composes a raw disk image. Zeros are not written, so the file takes the room of its contents only. */
public final class DiskImage {
    private static final int CHUNK = 1 << 20;

    private DiskImage() {}

    /**
     * Writes an image, replacing a file of the same name.
     *
     * @param file the image
     * @param table its partitions
     * @param contents files to put into partitions, by partition number; the other partitions are zeros
     * @return where it has bytes that are not zeros, in whole chunks
     * @throws FormatException if a content is larger than its partition
     * @throws StorageException if a file cannot be read or written
     */
    public static DataRanges write(Path file, PartitionTable table, Map<Integer, Path> contents) {
        SortedMap<Integer, Path> ordered = new TreeMap<>(contents);
        DataRanges data = new DataRanges(table.sectors() * PartitionTable.SECTOR);
        return NewFile.write(file, disk -> {
            GptWriter.write(table, disk);
            for (Map.Entry<Integer, Path> content : ordered.entrySet()) {
                copy(content.getValue(), table.partition(content.getKey()), disk, data);
            }
            return data;
        });
    }

    private static void copy(Path content, Partition partition, FileChannel disk, DataRanges data) {
        try (FileChannel from = FileChannel.open(content, StandardOpenOption.READ)) {
            long size = from.size();
            if (size > partition.size()) {
                throw new FormatException(
                        content.toString(),
                        "has " + size + " bytes, but partition " + partition.number() + " (" + partition.label()
                                + ") takes " + partition.size(),
                        "make the image larger (os-image-size-gib) or leave packages out",
                        null);
            }
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            for (long at = 0; at < size; at += CHUNK) {
                chunk.clear().limit((int) Math.min(CHUNK, size - at));
                Channels.read(from, at, chunk);
                if (Channels.writeSparse(disk, partition.offset() + at, chunk)) {
                    data.add(partition.offset() + at, chunk.limit());
                }
            }
        } catch (EOFException e) {
            throw StorageException.of("read", content, new IOException("it shrank while it was read", e));
        } catch (IOException e) {
            throw StorageException.of("copy into the disk image", content, e);
        }
    }
}
