package dev.twoliter.core.internal.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.plan.RepackResult;
import dev.twoliter.core.internal.boot.BootSigner;
import dev.twoliter.core.internal.boot.FinishedBoot;
import dev.twoliter.core.internal.boot.secure.SecureBoot;
import dev.twoliter.core.internal.boot.secure.SecureBootKeys;
import dev.twoliter.core.internal.boot.secure.UnsignedBoot;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.ext4.Ext4Options;
import dev.twoliter.core.internal.disk.ext4.Ext4Reader;
import dev.twoliter.core.internal.disk.ext4.Ext4SuperBlock;
import dev.twoliter.core.internal.disk.ext4.Ext4Writer;
import dev.twoliter.core.internal.disk.fat.FatOptions;
import dev.twoliter.core.internal.disk.fat.FatReader;
import dev.twoliter.core.internal.disk.fat.FatVolume;
import dev.twoliter.core.internal.disk.fat.FatWriter;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.DiskShape;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.layout.Slot;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.io.Json;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.Work;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Gives a finished image other trust (variant-image.md 6). Unlike upstream it writes file systems anew instead of editing
 * them, with the identifiers and times that they have, so that the result is what a build would have made. Used once.
 */
public final class Repack {

    private final VariantSpec variant;
    private final Arch arch;
    private final Work.VariantFiles files;
    private final Path template;
    private final Path original;
    private final Path scratch;
    private final Path output;
    private final ImageNames names;
    private final PartitionPlan plan;
    private final PartitionRoom room;
    private final Optional<SecureBootKeys> keys;
    private final Artefacts artefacts;
    private final Consumer<String> progress;
    private final Map<Integer, Path> contents = new HashMap<>();

    /**
     * Prepares it.
     *
     * @param variant the variant
     * @param arch the architecture
     * @param files what to put in
     * @param paths the project
     * @param original the directory with the finished image
     * @param scratch an empty directory; the new image is below it in the end
     * @param progress is told what happens
     */
    public Repack(
            VariantSpec variant,
            Arch arch,
            Work.VariantFiles files,
            ProjectPaths paths,
            Path original,
            Path scratch,
            Consumer<String> progress) {
        this.variant = variant;
        this.arch = arch;
        this.files = files;
        this.template = paths.variantDirectory(variant.name()).resolve(Ova.TEMPLATE);
        this.original = original;
        this.scratch = scratch;
        this.progress = progress;
        this.names = ImageNames.in(original, variant.name(), arch);
        this.plan = PartitionPlan.of(variant.imageLayout(), DiskShape.of(variant));
        this.room = new PartitionRoom(variant.name(), plan);
        this.keys = SecureBootProfile.of(variant, files.secureBootKeys());
        this.output = scratch.resolve(names.directory());
        this.artefacts = new Artefacts(names, output, progress, () -> false);
    }

    /** {@return the new image, in a directory {@code VERSION-BUILD} below the scratch directory} */
    public RepackResult run() {
        try {
            Files.createDirectories(output);
            progress.accept("taking the image apart");
            try (FinishedImage image = FinishedImage.open(original, names, variant.imageFormat(), scratch)) {
                image.requirePlanned(plan.os());
                contents.putAll(image.extract(scratch));
                RootImage root = replaceTrust(image.table());
                artefacts.compressParts(path(Role.BOOT_A), root);
                new Leftovers(original, output, names).keepDataDisks();
                new DiskFile(image.table(), contents, image.bootCode(), names.seed())
                        .write(variant.imageFormat(), "", artefacts, scratch);
                return finish(root);
            }
        } catch (IOException e) {
            throw StorageException.of("repack", original, e);
        }
    }

    private RepackResult finish(RootImage root) throws IOException {
        if (variant.imageFormat() == ImageFormat.VMDK) {
            Ova.write(variant, template, plan, keys, root.time(), artefacts);
        }
        Path report = original.resolve(DiskReport.FILE);
        if (Files.isRegularFile(report) && Json.MAPPER.readTree(report.toFile()) instanceof ObjectNode object) {
            DiskReport.root(object, root);
            Json.write(output.resolve(DiskReport.FILE), object);
        }
        new Leftovers(original, output, names).keepOthers();
        return new RepackResult(output, root.verity().rootHash(), artefacts.digests());
    }

    /** Writes the root anew, and what starts it. */
    private RootImage replaceTrust(PartitionTable table) throws IOException {
        try (FinishedRoot old = FinishedRoot.open(required(Role.ROOT_A), required(Role.HASH_A), names.stem())) {
            long time = old.identity().time();
            FileContexts labels = FileContexts.of(old.tree(), arch);
            Tree tree = labels.label(TrustFiles.complete(old.tree(), files, time));
            progress.accept("writing the root");
            RootImage root = RootImage.write(tree, old.erofs(), room, old.identity(), scratch);
            if (Files.exists(original.resolve(RootManifest.FILE))) {
                RootManifest.write(tree, output);
            }
            BootSigner signer = keys.<BootSigner>map(own -> new SecureBoot(own, Instant.ofEpochSecond(time)))
                    .orElseGet(UnsignedBoot::new);
            FinishedBoot boot =
                    new FinishedBoot(old.verity().rootHash(), root.verity().dmModCreate(), signer);
            replaceBoot(boot, tree, table, time);
            contents.put(number(Role.ROOT_A), root.image());
            contents.put(number(Role.HASH_A), root.hashes());
            return root;
        }
    }

    private void replaceBoot(FinishedBoot boot, Tree root, PartitionTable table, long time) throws IOException {
        if (variant.imageFormat() == ImageFormat.UKI) {
            if (path(Role.EFI_A).isPresent()) {
                UUID rootId = table.partition(number(Role.ROOT_A)).unique();
                UUID hashId = table.partition(number(Role.HASH_A)).unique();
                replaceFat(time, efi -> boot.unifiedEfiPartition(efi, root, rootId, hashId, arch));
            }
            return;
        }
        if (path(Role.BOOT_A).isEmpty()) {
            return;
        }
        try (FileChannel old = FileChannel.open(required(Role.BOOT_A), StandardOpenOption.READ)) {
            Ext4SuperBlock known = Ext4Reader.superBlock(old, names.stem() + ", boot partition");
            Ext4Options options = Ext4Options.shrunk(known.uuid(), known.time()).withBlockSize(known.blockSize());
            Tree tree = boot.bootPartition(Ext4Reader.read(old, names.stem() + ", boot partition"));
            Path image = scratch.resolve("boot.image");
            long size = NewFile.write(image, channel -> Ext4Writer.write(tree, options, channel));
            room.require(Role.BOOT_A, size, "what belongs into the boot partition");
            contents.put(number(Role.BOOT_A), image);
        }
        if (keys.isPresent() && path(Role.EFI_A).isPresent()) {
            replaceFat(time, boot::efiPartition);
        }
    }

    /** What to do with the EFI partition. */
    private interface Change {
        Tree of(Tree efi);
    }

    private void replaceFat(long time, Change change) throws IOException {
        try (FileChannel old = FileChannel.open(required(Role.EFI_A), StandardOpenOption.READ)) {
            FatVolume known = FatReader.volume(old, names.stem() + ", EFI partition");
            Tree tree = change.of(FatReader.read(old, names.stem() + ", EFI partition"));
            FatOptions options = new FatOptions(room.size(Role.EFI_A), known.volumeId(), known.label(), time);
            Path image = scratch.resolve("efi.image");
            NewFile.write(image, channel -> FatWriter.write(tree, options, channel));
            contents.put(number(Role.EFI_A), image);
        }
    }

    private int number(Role role) {
        return plan.slot(role).number();
    }

    private Optional<Path> path(Role role) {
        return plan.find(role).map(Slot::number).flatMap(number -> Optional.ofNullable(contents.get(number)));
    }

    private Path required(Role role) {
        return path(role)
                .orElseThrow(() -> new FormatException(names.stem(), "its partition " + role.label() + " is empty"));
    }
}
