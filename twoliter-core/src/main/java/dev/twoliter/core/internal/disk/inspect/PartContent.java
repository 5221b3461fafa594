package dev.twoliter.core.internal.disk.inspect;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.DiskReader;
import dev.twoliter.core.internal.disk.erofs.ErofsReader;
import dev.twoliter.core.internal.disk.erofs.ErofsSuperBlock;
import dev.twoliter.core.internal.disk.ext4.Ext4Reader;
import dev.twoliter.core.internal.disk.ext4.Ext4SuperBlock;
import dev.twoliter.core.internal.disk.fat.FatReader;
import dev.twoliter.core.internal.disk.fat.FatVolume;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import dev.twoliter.core.internal.disk.verity.VerityVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is in one partition. */
final class PartContent {
    private static final int HEAD = 4096;
    private static final long VERITY = 0x0000_7974_6972_6576L;
    private static final int XFS = 0x4253_4658;
    private static final int EROFS = 0xE0F5_E1E2;
    private static final short EXT4 = (short) 0xEF53;
    private static final short BOOT_SECTOR = (short) 0xAA55;

    private final DiskReader own;
    private final DiskReader before;
    private final String subject;
    private String kind = "data";
    private final Map<String, String> details = new LinkedHashMap<>();
    private Optional<String> problem = Optional.empty();

    /** Of a partition, and the one before it, over which it may be the dm-verity tree. */
    PartContent(DiskReader own, DiskReader before, String subject) {
        this.own = own;
        this.before = before;
        this.subject = subject;
    }

    String kind() {
        return kind;
    }

    Map<String, String> details() {
        return details;
    }

    Optional<String> problem() {
        return problem;
    }

    /** Finds out; a content that is damaged is a problem to be told, not an end. */
    void look(boolean verify) throws IOException {
        try {
            ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
            if (own.size() >= HEAD) {
                Channels.read(own, 0, head);
            }
            look(head.clear(), verify);
        } catch (TwoliterException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void look(ByteBuffer head, boolean verify) throws IOException {
        if (head.getLong(0) == VERITY) {
            kind = "verity";
            verity(verify);
        } else if (head.getInt(0) == XFS) {
            kind = "xfs";
        } else if (head.getInt(1024) == EROFS) {
            kind = "erofs";
            ErofsSuperBlock superBlock = ErofsReader.superBlock(own, subject);
            details.put("uuid", superBlock.uuid().toString());
            details.put("bytes", Long.toString(superBlock.blocks() * 4096));
            details.put("inodes", Long.toString(superBlock.inodes()));
            details.put("compression", superBlock.compressed() ? "lz4" : "none");
            if (verify) {
                readAll(ErofsReader.read(own, subject));
            }
        } else if (head.getShort(1024 + 0x38) == EXT4) {
            kind = "ext4";
            Ext4SuperBlock superBlock = Ext4Reader.superBlock(own, subject);
            putLabel(superBlock.label());
            details.put("uuid", superBlock.uuid().toString());
            details.put("bytes", Long.toString(superBlock.blocks() * superBlock.blockSize()));
            details.put("free", Long.toString(superBlock.freeBlocks() * superBlock.blockSize()));
            details.put("journal", superBlock.hasJournal() ? "yes" : "no");
            if (verify) {
                readAll(Ext4Reader.read(own, subject));
            }
        } else if (head.getShort(510) == BOOT_SECTOR && isFat()) {
            FatVolume volume = FatReader.volume(own, subject);
            kind = "fat" + volume.bits();
            putLabel(volume.label());
            details.put("id", volume.id());
            details.put("bytes", Long.toString(volume.size()));
            if (verify) {
                readAll(FatReader.read(own, subject));
            }
        } else if (head.equals(ByteBuffer.allocate(HEAD))) {
            kind = "empty";
        }
    }

    private void verity(boolean verify) throws IOException {
        VerityRoot root = VerityVerifier.claimed(before, own, subject);
        details.put("root", root.rootHash());
        details.put("salt", root.salt());
        details.put("blocks", Long.toString(root.dataBlocks()));
        if (verify) {
            VerityVerifier.verify(before, own, root.rootHash(), subject);
        }
    }

    /** A boot sector without a file system, such as a boot loader's, ends like one with FAT. */
    private boolean isFat() throws IOException {
        try {
            return FatReader.volume(own, subject).size() > 0;
        } catch (FormatException e) {
            return false;
        }
    }

    private void putLabel(String label) {
        if (!label.isEmpty()) {
            details.put("label", label);
        }
    }

    private void readAll(Tree tree) throws IOException {
        long files = 0;
        long bytes = 0;
        for (TreeEntry entry : tree.entries()) {
            if (entry instanceof RegularFile file) {
                try (InputStream content = file.content().open()) {
                    bytes += content.transferTo(OutputStream.nullOutputStream());
                    files++;
                }
            }
        }
        details.put("files", Long.toString(files));
        details.put("content", Long.toString(bytes));
    }
}
