package dev.twoliter.core.internal.disk.inspect;

import dev.twoliter.api.DiskInspection;
import dev.twoliter.api.DiskInspection.Part;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.DiskReader;
import dev.twoliter.core.internal.disk.gpt.GptReader;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.qcow2.Qcow2Reader;
import dev.twoliter.core.internal.disk.vmdk.VmdkReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says what is in a disk image, and checks it. */
public final class DiskInspector {
    private static final int QCOW2 = 0x5146_49FB;
    private static final int VMDK = 0x4B44_4D56;
    private static final String RAW = "raw";

    private final String subject;
    private final boolean verify;

    private DiskInspector(String subject, boolean verify) {
        this.subject = subject;
        this.verify = verify;
    }

    /**
     * Looks into an image.
     *
     * @param file the image
     * @param verify whether all metadata, checksums and contents are read, not super blocks alone
     * @return what is in it
     * @throws FormatException if the image or its partition table is damaged; what is wrong in a partition is in the result
     * @throws StorageException if the file cannot be read
     */
    public static DiskInspection inspect(Path file, boolean verify) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new DiskInspector(file.toString(), verify).inspect(file, channel);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private DiskInspection inspect(Path file, FileChannel channel) throws IOException {
        int magic = channel.size() < 4 ? 0 : head(channel, 4).getInt();
        SeekableByteChannel disk = channel;
        String format = RAW;
        if (magic == QCOW2) {
            disk = Qcow2Reader.open(channel, subject);
            format = "qcow2";
        } else if (magic == VMDK) {
            disk = VmdkReader.open(channel, subject);
            format = "vmdk";
        }
        if (!isPartitioned(disk)) {
            Part whole = part(disk, Optional.empty(), Optional.empty());
            return new DiskInspection(file, format, disk.size(), Optional.empty(), List.of(whole));
        }
        PartitionTable table = GptReader.read(disk, subject);
        List<Partition> partitions = table.partitions().stream()
                .sorted(Comparator.comparingInt(Partition::number))
                .toList();
        List<Part> parts = new ArrayList<>();
        Optional<Partition> before = Optional.empty();
        for (Partition partition : partitions) {
            parts.add(part(disk, Optional.of(partition), before));
            before = Optional.of(partition);
        }
        return new DiskInspection(
                file, format, disk.size(), Optional.of(table.disk().toString()), parts);
    }

    private static ByteBuffer head(SeekableByteChannel channel, int count) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(count);
        Channels.read(channel, 0, head);
        return head;
    }

    /** By its header, or by the type of the first entry in sector 0, so that a damaged one of the two is noticed. */
    private static boolean isPartitioned(SeekableByteChannel disk) throws IOException {
        if (disk.size() < 2 * PartitionTable.SECTOR) {
            return false;
        }
        ByteBuffer head = head(disk, 2 * PartitionTable.SECTOR);
        boolean protective = head.getShort(510) == 0x55AA && head.get(450) == (byte) 0xEE;
        return protective || head.getLong(PartitionTable.SECTOR) == 0x4546_4920_5041_5254L; // "EFI PART"
    }

    private Part part(SeekableByteChannel disk, Optional<Partition> partition, Optional<Partition> before)
            throws IOException {
        DiskReader own = partition.isPresent() ? slice(disk, partition.get()) : DiskReader.part(disk, 0, disk.size());
        DiskReader data = before.map(known -> slice(disk, known)).orElse(own);
        String name = partition
                .map(known -> subject + ", partition " + known.number())
                .orElse(subject);
        PartContent content = new PartContent(own, data, name);
        content.look(verify);
        return new Part(
                partition.map(Partition::number).orElse(0),
                partition.map(Partition::label).orElse(""),
                partition.map(known -> known.unique().toString()).orElse(""),
                partition.map(Partition::offset).orElse(0L),
                own.size(),
                content.kind(),
                content.details(),
                content.problem());
    }

    private static DiskReader slice(SeekableByteChannel disk, Partition partition) {
        return DiskReader.part(disk, partition.offset(), partition.size());
    }
}
