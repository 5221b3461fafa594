package dev.twoliter.core.internal.image;

import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.qcow2.Qcow2Writer;
import dev.twoliter.core.internal.disk.raw.DataRanges;
import dev.twoliter.core.internal.disk.raw.DiskImage;
import dev.twoliter.core.internal.disk.raw.DiskStream;
import dev.twoliter.core.internal.disk.vmdk.VmdkWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Map;

/**
 * A disk with everything that is on it, which can be written in a variant's format.
 *
 * @param table its partitions
 * @param contents files to put into partitions, by partition number
 * @param bootCode what a BIOS runs, for the first sector; may be empty
 * @param seed what identifiers are derived from
 */
record DiskFile(PartitionTable table, Map<Integer, Path> contents, byte[] bootCode, String seed) {

    /** The disk byte for byte, in a sparse file. */
    private record Raw(Path file, DataRanges data) {
        InputStream stream() throws IOException {
            return DiskStream.open(file, data);
        }
    }

    /**
     * Writes it.
     *
     * @param format raw and uki make a sparse image and the same compressed; the others make an image of their format
     * @param suffix comes before the extension, such as {@code -data}; may be empty
     * @param artefacts where to
     * @param scratch a directory for what does not stay
     */
    void write(ImageFormat format, String suffix, Artefacts artefacts, Path scratch) throws IOException {
        switch (format) {
            case QCOW2 -> qcow2(raw(scratch.resolve("disk" + suffix)), suffix + ".qcow2", artefacts);
            case VMDK -> vmdk(raw(scratch.resolve("disk" + suffix)), suffix + ".vmdk", artefacts);
            default -> {
                Raw disk = raw(artefacts.path(suffix + ".img"));
                MessageDigest sha256 = Digest.newSha256();
                artefacts.compress(new DigestInputStream(disk.stream(), sha256), suffix + ".img.lz4");
                artefacts.known(disk.file(), Digest.ofSha256Hash(sha256.digest()));
            }
        }
    }

    private Raw raw(Path file) throws IOException {
        DataRanges data = DiskImage.write(file, table, contents);
        if (bootCode.length > 0) {
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.wrap(bootCode), 0);
            }
        }
        return new Raw(file, data);
    }

    private long size() {
        return table.sectors() * PartitionTable.SECTOR;
    }

    private void qcow2(Raw disk, String suffix, Artefacts artefacts) throws IOException {
        try (InputStream in = artefacts.cancellable(disk.stream())) {
            NewFile.write(artefacts.path(suffix), out -> Qcow2Writer.write(in, size(), out));
        }
        artefacts.link(suffix);
    }

    private void vmdk(Raw disk, String suffix, Artefacts artefacts) {
        Path target = artefacts.path(suffix);
        int contentId = ByteBuffer.wrap(Derived.bytes(seed, "vmdk" + suffix)).getInt();
        artefacts.write(suffix, out -> {
            try (InputStream in = artefacts.cancellable(disk.stream())) {
                VmdkWriter.write(in, size(), target.getFileName().toString(), contentId, out);
            }
        });
    }
}
