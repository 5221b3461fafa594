package dev.twoliter.core.internal.image;

import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.core.internal.boot.BiosBoot;
import dev.twoliter.core.internal.boot.BootFiles;
import dev.twoliter.core.internal.boot.BootSettings;
import dev.twoliter.core.internal.boot.BootSigner;
import dev.twoliter.core.internal.boot.secure.SecureBoot;
import dev.twoliter.core.internal.boot.secure.SecureBootKeys;
import dev.twoliter.core.internal.boot.secure.UnsignedBoot;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.ext4.Ext4Options;
import dev.twoliter.core.internal.disk.ext4.Ext4Writer;
import dev.twoliter.core.internal.disk.fat.FatOptions;
import dev.twoliter.core.internal.disk.fat.FatWriter;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.layout.Slot;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import dev.twoliter.core.internal.plan.Work;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The contents of every partition beside the root and its hashes, as files of their own (variant-image.md 2.8, 2.9 and
 * 2.12). Used once.
 */
final class DiskContents {

    /** Below this size, mke2fs makes blocks of 1 KiB. */
    private static final long SMALL = 512L << 20;

    private static final int SMALL_BLOCK = 1024;

    /** mke2fs's usual ratio. */
    private static final int BYTES_PER_INODE = 16384;

    private static final int PRIVATE_BYTES_PER_INODE = 4096;

    private final Work.Variant work;
    private final String seed;
    private final PartitionRoom room;
    private final Path scratch;
    private final BootFiles files;
    private final FileContexts labels;
    private final BootSigner signer;
    private final Map<Slot, Path> images = new HashMap<>();

    DiskContents(
            Work.Variant work,
            String seed,
            PartitionRoom room,
            Path scratch,
            BootFiles files,
            FileContexts labels,
            Optional<SecureBootKeys> keys) {
        this.work = work;
        this.seed = seed;
        this.room = room;
        this.scratch = scratch;
        this.files = files;
        this.labels = labels;
        Instant time = Instant.ofEpochSecond(work.stamp().epochSeconds());
        this.signer = keys.<BootSigner>map(own -> new SecureBoot(own, time)).orElseGet(UnsignedBoot::new);
    }

    /**
     * Makes them; without a kernel among the packages, what a machine starts from stays empty.
     *
     * @param verity the root's hashes
     * @param table the partitions of the operating system's disk
     * @return files by partition
     */
    Map<Slot, Path> make(VerityRoot verity, PartitionTable table) throws IOException {
        BootSettings settings = settings();
        if (files.hasKernel() && work.variant().imageFormat() == ImageFormat.UKI) {
            fat(
                    room.plan().slot(Role.EFI_A),
                    files.unifiedEfiPartition(
                            settings,
                            verity.dmModCreate(),
                            unique(table, Role.ROOT_A),
                            unique(table, Role.HASH_A),
                            work.arch(),
                            signer));
        } else if (files.hasKernel()) {
            boot(settings, verity, table);
        }
        Optional<Slot> own = room.plan().find(Role.PRIVATE);
        if (own.isPresent()) {
            Ext4Options options = options("private").withSize(own.get().size(), PRIVATE_BYTES_PER_INODE);
            // Whatever is on the partition is lost when the first start encrypts it.
            Tree tree = work.variant().has(ImageFeature.EPHEMERAL_ENCRYPTION_KEYS)
                    ? Tree.builder().build()
                    : files.privatePartition(settings);
            ext4(own.get(), tree, options.withJournal());
        }
        Optional<Slot> data = room.plan().find(Role.DATA);
        if (data.isPresent() && !work.variant().has(ImageFeature.XFS_DATA_PARTITION)) {
            empty(data.get(), "data");
        }
        for (Slot slot : room.plan().slots()) {
            if (slot.own().isPresent()) {
                format(slot, slot.own().get());
            }
        }
        return images;
    }

    private static UUID unique(PartitionTable table, Role role) {
        return table.partitions().stream()
                .filter(partition -> partition.label().equals(role.label()))
                .findFirst()
                .orElseThrow()
                .unique();
    }

    private void boot(BootSettings settings, VerityRoot verity, PartitionTable table) throws IOException {
        Tree boot = labels.label(files.bootPartition(settings, verity.dmModCreate(), signer));
        Slot slot = room.plan().slot(Role.BOOT_A);
        Ext4Options options = options("boot");
        ext4(slot, boot, slot.size() < SMALL ? options.withBlockSize(SMALL_BLOCK) : options);
        Tree efi = files.efiPartition(settings, signer);
        if (efi.entries().size() > 1) {
            fat(room.plan().slot(Role.EFI_A), efi);
        }
        Optional<BiosBoot> bios = bios(table);
        if (bios.isPresent()) {
            images.put(
                    room.plan().slot(Role.BIOS_BOOT),
                    Files.write(scratch.resolve("core.img"), bios.get().core()));
        }
    }

    /** What a BIOS runs, and where it lies; empty where no package brings it, or where firmware starts the kernel. */
    Optional<BiosBoot> bios(PartitionTable table) {
        if (!files.hasKernel() || work.variant().imageFormat() == ImageFormat.UKI) {
            return Optional.empty();
        }
        Slot slot = room.plan().slot(Role.BIOS_BOOT);
        return files.bios(table.partition(slot.number()).firstSector(), slot.size());
    }

    private void format(Slot slot, PartitionSpec own) throws IOException {
        switch (own.fileSystem()) {
            case EXT4 -> empty(slot, own.label());
            case FAT ->
                fat(
                        slot,
                        Tree.builder()
                                .directory(
                                        "/", Attributes.root(0755, work.stamp().epochSeconds()), own.label())
                                .build());
            case NONE -> {}
        }
    }

    private void empty(Slot slot, String name) throws IOException {
        Tree nothing = Tree.builder().build();
        ext4(slot, nothing, options(name).withSize(slot.size(), BYTES_PER_INODE).withJournal());
    }

    private BootSettings settings() {
        return new BootSettings(
                "Bottlerocket OS " + work.stamp().version(),
                work.variant().kernelParameters(),
                !work.variant().isStandalone() && work.variant().imageFormat() != ImageFormat.UKI,
                work.stamp().epochSeconds());
    }

    private Ext4Options options(String name) {
        return Ext4Options.shrunk(Derived.uuid(seed, name), work.stamp().epochSeconds());
    }

    private void ext4(Slot slot, Tree tree, Ext4Options options) throws IOException {
        Path image = scratch.resolve("part-" + images.size());
        long size = NewFile.write(image, channel -> Ext4Writer.write(tree, options, channel));
        room.require(slot, size, "what belongs into " + slot.name());
        images.put(slot, image);
    }

    private void fat(Slot slot, Tree tree) throws IOException {
        Path image = scratch.resolve("part-" + images.size());
        String name = slot.role().filter(Role.EFI_A::equals).isPresent() ? "efi" : slot.label();
        int id = ByteBuffer.wrap(Derived.bytes(seed, name)).getInt();
        FatOptions options = new FatOptions(slot.size(), id, "", work.stamp().epochSeconds());
        NewFile.write(image, channel -> FatWriter.write(tree, options, channel));
        images.put(slot, image);
    }
}
