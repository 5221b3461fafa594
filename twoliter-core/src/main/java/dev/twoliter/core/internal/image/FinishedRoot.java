package dev.twoliter.core.internal.image;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.core.internal.disk.Channels;
import dev.twoliter.core.internal.disk.erofs.ErofsReader;
import dev.twoliter.core.internal.disk.erofs.ErofsSuperBlock;
import dev.twoliter.core.internal.disk.ext4.Ext4Reader;
import dev.twoliter.core.internal.disk.ext4.Ext4SuperBlock;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import dev.twoliter.core.internal.disk.verity.VeritySuperblock;
import dev.twoliter.core.internal.disk.verity.VerityVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The root file system of an earlier build, verified. Closing ends the reading of its files.
 *
 * @param channel the file that it is in
 * @param tree what is in it
 * @param erofs whether it is EROFS; otherwise it is ext4
 * @param identity its identifiers and its time
 * @param verity what the kernel verifies it by
 */
record FinishedRoot(FileChannel channel, Tree tree, boolean erofs, RootImage.Identity identity, VerityRoot verity)
        implements AutoCloseable {

    private static final int EROFS_MAGIC = 0xE2E1F5E0;
    private static final int SUPER_BLOCK = 1024;

    /** No package brings it: ext4 has it for itself. */
    private static final String LOST_AND_FOUND = "/lost+found";

    /**
     * Opens it.
     *
     * @param image the content of its partition
     * @param hashPartition the content of its hashes' partition
     * @param subject the disk, for messages
     * @throws VerificationException if a block does not match its hash
     * @throws FormatException if a partition holds something else
     */
    static FinishedRoot open(Path image, Path hashPartition, String subject) throws IOException {
        FileChannel channel = FileChannel.open(image, StandardOpenOption.READ);
        try (FileChannel hashes = FileChannel.open(hashPartition, StandardOpenOption.READ)) {
            String name = subject + ", root";
            VerityRoot verity = VerityVerifier.claimed(channel, hashes, name);
            VerityVerifier.verify(channel, hashes, verity.rootHash(), name);
            VeritySuperblock superblock = VeritySuperblock.read(hashes, name);
            ByteBuffer magic = ByteBuffer.allocate(Integer.BYTES);
            Channels.read(channel, SUPER_BLOCK, magic);
            if (magic.getInt() == EROFS_MAGIC) {
                ErofsSuperBlock root = ErofsReader.superBlock(channel, name);
                return new FinishedRoot(
                        channel,
                        ErofsReader.read(channel, name),
                        true,
                        new RootImage.Identity(root.uuid(), superblock.uuid(), superblock.salt(), root.time()),
                        verity);
            }
            Ext4SuperBlock root = Ext4Reader.superBlock(channel, name);
            return new FinishedRoot(
                    channel,
                    Ext4Reader.read(channel, name).without(LOST_AND_FOUND),
                    false,
                    new RootImage.Identity(root.uuid(), superblock.uuid(), superblock.salt(), root.time()),
                    verity);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
