package dev.twoliter.core.internal.variant;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.ImageFeature;
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
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import dev.twoliter.core.internal.plan.Work;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

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
    private final PartitionPlan plan;
    private final Path scratch;
    private final BootFiles files;
    private final FileContexts labels;
    private final Map<Role, Path> images = new EnumMap<>(Role.class);

    DiskContents(
            Work.Variant work, String seed, PartitionPlan plan, Path scratch, BootFiles files, FileContexts labels) {
        this.work = work;
        this.seed = seed;
        this.plan = plan;
        this.scratch = scratch;
        this.files = files;
        this.labels = labels;
    }

    /** Makes them; without a kernel among the packages, what a machine starts from stays empty. */
    Map<Role, Path> make(VerityRoot verity, Partition biosPartition) throws IOException {
        BootSettings settings = settings();
        if (files.hasKernel()) {
            BootSigner signer = signer();
            Tree boot = labels.label(files.bootPartition(settings, verity.dmModCreate(), signer));
            ext4(Role.BOOT_A, boot, bootOptions());
            Tree efi = files.efiPartition(settings, signer);
            if (efi.entries().size() > 1) {
                fat(efi);
            }
            Optional<BiosBoot> bios = bios(biosPartition);
            if (bios.isPresent()) {
                images.put(
                        Role.BIOS_BOOT,
                        Files.write(scratch.resolve("core.img"), bios.get().core()));
            }
        }
        ext4(
                Role.PRIVATE,
                files.privatePartition(settings),
                options("private")
                        .withSize(plan.size(Role.PRIVATE), PRIVATE_BYTES_PER_INODE)
                        .withJournal());
        if (!work.variant().has(ImageFeature.XFS_DATA_PARTITION)) {
            Role data = plan.dataTable(seed).isPresent() ? Role.DATA_B : Role.DATA_A;
            ext4(
                    data,
                    Tree.builder().build(),
                    options("data").withSize(plan.size(data), BYTES_PER_INODE).withJournal());
        }
        return images;
    }

    /** What a BIOS runs, and where it lies; empty where no package brings it. */
    Optional<BiosBoot> bios(Partition partition) {
        return files.hasKernel() ? files.bios(partition.firstSector(), partition.size()) : Optional.empty();
    }

    private BootSettings settings() {
        return new BootSettings(
                "Bottlerocket OS " + work.stamp().version(),
                work.variant().kernelParameters(),
                work.variant().has(ImageFeature.GRUB_SET_PRIVATE_VAR),
                work.stamp().epochSeconds());
    }

    private BootSigner signer() {
        if (!work.variant().has(ImageFeature.UEFI_SECURE_BOOT)) {
            return new UnsignedBoot();
        }
        Path profile = work.files()
                .secureBootKeys()
                .orElseThrow(() -> new EngineException(
                        "variant '" + work.variant().name()
                                + "' asks for uefi-secure-boot, but there are no keys for it",
                        "Make some with `twoliter keys generate --secure-boot --out sbkeys/local`, or name yours with"
                                + " --secure-boot-keys.",
                        null));
        return new SecureBoot(
                SecureBootKeys.open(profile), Instant.ofEpochSecond(work.stamp().epochSeconds()));
    }

    private Ext4Options options(String name) {
        return Ext4Options.shrunk(Derived.uuid(seed, name), work.stamp().epochSeconds());
    }

    private Ext4Options bootOptions() {
        return plan.size(Role.BOOT_A) < SMALL ? options("boot").withBlockSize(SMALL_BLOCK) : options("boot");
    }

    private void ext4(Role role, Tree tree, Ext4Options options) throws IOException {
        Path image = scratch.resolve(role + ".ext4");
        long size = NewFile.write(image, channel -> Ext4Writer.write(tree, options, channel));
        requireFits(role, size);
        images.put(role, image);
    }

    private void fat(Tree tree) throws IOException {
        Path image = scratch.resolve("efi.fat");
        int id = ByteBuffer.wrap(Derived.bytes(seed, "efi")).getInt();
        FatOptions options =
                new FatOptions(plan.size(Role.EFI_A), id, "", work.stamp().epochSeconds());
        NewFile.write(image, channel -> FatWriter.write(tree, options, channel));
        images.put(Role.EFI_A, image);
    }

    private void requireFits(Role role, long size) {
        if (size > plan.size(role)) {
            throw new EngineException(
                    "what belongs into " + role.label() + " of variant '"
                            + work.variant().name() + "' needs "
                            + (size + (1 << 20) - 1) / (1 << 20) + " MiB, but it has " + (plan.size(role) >> 20)
                            + " MiB",
                    "Raise os-image-size-gib in image-layout.",
                    null);
        }
    }
}
