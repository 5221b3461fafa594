package dev.twoliter.core.internal.image;

import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.erofs.ErofsOptions;
import dev.twoliter.core.internal.disk.erofs.ErofsWriter;
import dev.twoliter.core.internal.disk.ext4.Ext4Options;
import dev.twoliter.core.internal.disk.ext4.Ext4Writer;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import dev.twoliter.core.internal.disk.verity.VerityTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A root tree as a file system, with its hashes (variant-image.md 2.11 and 3).
 *
 * @param image the file system; its size is what it needs
 * @param hashes the hash device; as upstream, it has the size of its whole partition
 * @param verity what the kernel verifies it by
 * @param erofs whether it is EROFS; otherwise it is ext4
 * @param time of its making, seconds since 1970
 */
record RootImage(Path image, Path hashes, VerityRoot verity, boolean erofs, long time) {

    /** Upstream's, for storage that likes 4 MiB at once. */
    private static final int EXT4_STRIPE = 1024;

    /** lz4hc,12 with clusters of 256 KiB, as upstream. */
    private static final int EROFS_LEVEL = 12;

    private static final int EROFS_CLUSTER = 256 << 10;

    /**
     * What would be random otherwise, or tell the time.
     *
     * @param fileSystem the file system's identifier
     * @param hashes the hash device's
     * @param salt of the hashes
     * @param time seconds since 1970
     */
    record Identity(UUID fileSystem, UUID hashes, byte[] salt, long time) {

        static Identity of(String seed, long time) {
            return new Identity(
                    Derived.uuid(seed, "root"), Derived.uuid(seed, "verity"), Derived.bytes(seed, "verity salt"), time);
        }
    }

    /** Writes both into a directory. */
    static RootImage write(Tree root, boolean erofs, PartitionRoom room, Identity identity, Path directory)
            throws IOException {
        Path image = directory.resolve("root.image");
        UUID uuid = identity.fileSystem();
        long time = identity.time();
        NewFile.write(image, channel -> {
            if (erofs) {
                ErofsOptions options = ErofsOptions.plain(uuid, time).withCompression(EROFS_LEVEL, EROFS_CLUSTER);
                ErofsWriter.write(root, options, channel);
            } else {
                Ext4Writer.write(root, Ext4Options.shrunk(uuid, time).withStripe(EXT4_STRIPE), channel);
            }
            return image;
        });
        room.require(Role.ROOT_A, Files.size(image), "the root file system");
        Path hashes = directory.resolve("root.verity");
        try (FileChannel data = FileChannel.open(image, StandardOpenOption.READ)) {
            VerityRoot verity = NewFile.write(hashes, channel -> {
                VerityRoot made = VerityTree.write(data, channel, identity.hashes(), identity.salt());
                room.require(Role.HASH_A, channel.size(), "the hash tree");
                channel.write(ByteBuffer.allocate(1), room.size(Role.HASH_A) - 1);
                return made;
            });
            return new RootImage(image, hashes, verity, erofs, time);
        }
    }
}
