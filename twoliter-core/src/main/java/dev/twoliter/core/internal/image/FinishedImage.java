package dev.twoliter.core.internal.image;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.SparseOutput;
import dev.twoliter.core.internal.disk.gpt.GptReader;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.PlannedDisk;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.layout.Slot;
import dev.twoliter.core.internal.disk.lz4.Lz4Frames;
import dev.twoliter.core.internal.disk.qcow2.Qcow2Reader;
import dev.twoliter.core.internal.disk.vmdk.VmdkReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The operating system's disk of an earlier build, taken apart into its partitions. Not thread-safe. */
final class FinishedImage implements AutoCloseable {
    private static final int CHUNK = 1 << 20;

    /** Of the first sector, what is not the partition table of old. */
    private static final int BOOT_CODE = 440;

    private static final long MAX_DISK = 1L << 46;

    private final String subject;
    private final FileChannel file;
    private final SeekableByteChannel disk;
    private final PartitionTable table;

    private FinishedImage(Path path, ImageFormat format) throws IOException {
        this.subject = path.toString();
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            this.disk = format == ImageFormat.QCOW2
                    ? Qcow2Reader.open(file, subject)
                    : format == ImageFormat.VMDK ? VmdkReader.open(file, subject) : file;
            this.table = GptReader.read(disk, subject);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Opens a disk.
     *
     * @param directory where the artefacts are
     * @param names theirs
     * @param format the variant's
     * @param scratch gets the disk where there is only a compressed one
     */
    static FinishedImage open(Path directory, ImageNames names, ImageFormat format, Path scratch) throws IOException {
        String extension = format == ImageFormat.QCOW2 ? ".qcow2" : format == ImageFormat.VMDK ? ".vmdk" : ".img";
        Path plain = directory.resolve(names.stem() + extension);
        if (Files.isRegularFile(plain)) {
            return new FinishedImage(plain, format);
        }
        Path compressed = directory.resolve(names.stem() + extension + ".lz4");
        if (!extension.equals(".img") || !Files.isRegularFile(compressed)) {
            throw new SourceException(
                    plain.toString(),
                    "there is no disk " + plain.getFileName() + " in " + directory,
                    "Name a directory with all artefacts of a build.",
                    null);
        }
        return new FinishedImage(decompress(compressed, scratch.resolve("finished.img")), format);
    }

    private static Path decompress(Path compressed, Path target) {
        return NewFile.write(target, channel -> {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(compressed), CHUNK);
                    SparseOutput out = new SparseOutput(channel)) {
                Lz4Frames.decompress(in, out, MAX_DISK, compressed.toString());
            }
            return target;
        });
    }

    PartitionTable table() {
        return table;
    }

    /** Refuses a disk whose partitions are not where the plan has them; those for data may have grown. */
    void requirePlanned(PlannedDisk plan) {
        for (Slot slot : plan.slots()) {
            boolean data = slot.role()
                    .filter(role -> role == Role.DATA || role == Role.DATA_FALLBACK)
                    .isPresent();
            Optional<Partition> found = table.partitions().stream()
                    .filter(partition -> partition.number() == slot.number())
                    .findFirst();
            boolean same = found.isPresent()
                    && found.get().label().equals(slot.label())
                    && found.get().offset() == slot.start()
                    && (data || found.get().size() == slot.size());
            if (!same) {
                throw new FormatException(
                        subject,
                        "partition " + slot.number() + " is not the variant's " + slot.name() + " of " + slot.mib()
                                + " MiB at MiB " + slot.offset(),
                        "Repack with the image-layout and the image-features that the image was built with.",
                        null);
            }
        }
    }

    /** {@return what a BIOS runs; empty if it would run nothing} */
    byte[] bootCode() throws IOException {
        ByteBuffer code = ByteBuffer.allocate(BOOT_CODE);
        Channels.read(disk, 0, code);
        return code.equals(ByteBuffer.allocate(BOOT_CODE)) ? new byte[0] : code.array();
    }

    /** Copies what partitions hold into files, by number; those that hold nothing but zeros are left out. */
    Map<Integer, Path> extract(Path directory) throws IOException {
        Map<Integer, Path> contents = new HashMap<>();
        for (Partition partition : table.partitions()) {
            Path target = directory.resolve("finished-" + partition.number());
            if (extract(partition, target)) {
                contents.put(partition.number(), target);
            } else {
                Files.delete(target);
            }
        }
        return contents;
    }

    private boolean extract(Partition partition, Path target) {
        return NewFile.write(target, channel -> {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            ByteBuffer zeros = ByteBuffer.allocate(CHUNK);
            boolean some = false;
            for (long at = 0; at < partition.size(); at += CHUNK) {
                chunk.clear().limit((int) Math.min(CHUNK, partition.size() - at));
                Channels.read(disk, partition.offset() + at, chunk);
                if (!chunk.equals(zeros.slice(0, chunk.limit()))) {
                    some = true;
                    Channels.writeSparse(channel, at, chunk);
                }
            }
            Channels.extend(channel, partition.size());
            return some;
        });
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw StorageException.of("close", Path.of(subject), e);
        }
    }
}
