package dev.twoliter.core.internal.variant;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.Digest;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.boot.BiosBoot;
import dev.twoliter.core.internal.boot.BootFiles;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.core.internal.disk.erofs.ErofsOptions;
import dev.twoliter.core.internal.disk.erofs.ErofsWriter;
import dev.twoliter.core.internal.disk.ext4.Ext4Options;
import dev.twoliter.core.internal.disk.ext4.Ext4Writer;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.lz4.Lz4Frames;
import dev.twoliter.core.internal.disk.raw.DiskImage;
import dev.twoliter.core.internal.disk.raw.DiskStream;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeManifest;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import dev.twoliter.core.internal.disk.verity.VerityTree;
import dev.twoliter.core.internal.io.Cancellable;
import dev.twoliter.core.internal.plan.Work;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes a root tree as a verified file system on a partitioned disk, with upstream's names and links (variant-image.md
 * 1, 3 and 5). The report lists the partitions that stay empty: those for updates, and without a kernel those that a
 * machine starts from. Used once.
 */
final class VariantDisk {

    private static final int BUFFER = 1 << 20;
    private static final int MIB = 1 << 20;

    /** Upstream's, for storage that likes 4 MiB at once (variant-image.md 2.11). */
    private static final int EXT4_STRIPE = 1024;

    /** lz4hc,12 with clusters of 256 KiB, as upstream. */
    private static final int EROFS_LEVEL = 12;

    private static final int EROFS_CLUSTER = 256 << 10;

    private final Work.Variant work;
    private final ImageNames names;
    private final Path output;
    private final Path scratch;
    private final StepScope scope;
    private final PartitionPlan plan;
    private final Map<String, Digest> digests = new HashMap<>();

    VariantDisk(Work.Variant work, ImageNames names, Path output, Path scratch, StepScope scope) {
        this.work = work;
        this.names = names;
        this.output = output;
        this.scratch = scratch;
        this.scope = scope;
        ImageLayout layout = work.variant().imageLayout();
        this.plan = PartitionPlan.of(
                layout.osImageSizeGib(),
                layout.dataImageSizeGib(),
                layout.partitionPlan() == ImageLayout.PartitionPlan.UNIFIED
                        ? PartitionPlan.Kind.UNIFIED
                        : PartitionPlan.Kind.SPLIT,
                work.variant().has(ImageFeature.IN_PLACE_UPDATES));
    }

    /** Returns the digests of the large files, by name. */
    Map<String, Digest> write(Tree whole, InstalledPackages installed) throws IOException {
        FileContexts labels = FileContexts.of(whole, "/" + work.arch() + "-bottlerocket-linux-gnu/sys-root");
        BootFiles boot = BootFiles.of(whole);
        Tree root = labels.label(boot.root());
        writeManifest(root);
        Path rootImage = scratch.resolve("root.image");
        writeRoot(root, rootImage);
        requireFits(Files.size(rootImage), Role.ROOT_A, "the root file system");
        Path hashImage = scratch.resolve("root.verity");
        VerityRoot verity = hash(rootImage, hashImage);
        PartitionTable table = plan.osTable(names.seed());
        Partition biosPartition = table.partition(plan.number(Role.BIOS_BOOT));
        scope.progress("filling the other partitions");
        DiskContents others = new DiskContents(work, names.seed(), plan, scratch, boot, labels);
        Map<Role, Path> contents = new EnumMap<>(others.make(verity, biosPartition));
        contents.put(Role.ROOT_A, rootImage);
        contents.put(Role.HASH_A, hashImage);
        if (contents.containsKey(Role.BOOT_A)) {
            compress(Files.newInputStream(contents.get(Role.BOOT_A)), "-boot.ext4.lz4");
        }
        compress(Files.newInputStream(rootImage), "-root.ext4.lz4");
        compress(Files.newInputStream(hashImage), "-root.verity.lz4");
        byte[] bootCode = others.bios(biosPartition).map(BiosBoot::bootCode).orElse(new byte[0]);
        writeDisk(table, byNumber(contents, plan.osRoles()), bootCode, "");
        Optional<PartitionTable> data = plan.dataTable(names.seed());
        if (data.isPresent()) {
            writeDisk(data.get(), byNumber(contents, List.of(Role.DATA_B)), new byte[0], "-data");
        }
        writeReport(installed, rootImage, verity, table, contents.keySet());
        return digests;
    }

    private Map<Integer, Path> byNumber(Map<Role, Path> contents, List<Role> roles) {
        Map<Integer, Path> numbered = new HashMap<>();
        contents.forEach((role, image) -> {
            if (roles.contains(role)) {
                numbered.put(plan.number(role), image);
            }
        });
        return numbered;
    }

    private void writeRoot(Tree root, Path image) throws IOException {
        UUID uuid = Derived.uuid(names.seed(), "root");
        long time = work.stamp().epochSeconds();
        NewFile.write(image, channel -> {
            if (work.variant().has(ImageFeature.EROFS_ROOT_PARTITION)) {
                ErofsOptions options = ErofsOptions.plain(uuid, time).withCompression(EROFS_LEVEL, EROFS_CLUSTER);
                ErofsWriter.write(root, options, channel);
            } else {
                Ext4Writer.write(root, Ext4Options.shrunk(uuid, time).withStripe(EXT4_STRIPE), channel);
            }
            return image;
        });
    }

    private void writeDisk(PartitionTable table, Map<Integer, Path> contents, byte[] bootCode, String suffix)
            throws IOException {
        String name = names.stem() + suffix + ".img";
        Path disk = output.resolve(name);
        DiskImage.write(disk, table, contents);
        if (bootCode.length > 0) {
            try (FileChannel out = FileChannel.open(disk, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.wrap(bootCode), 0);
            }
        }
        MessageDigest sha256 = Digest.newSha256();
        compress(new DigestInputStream(DiskStream.open(disk, table, contents), sha256), suffix + ".img.lz4");
        digests.put(name, Digest.ofSha256Hash(sha256.digest()));
    }

    private void writeManifest(Tree root) throws IOException {
        try (Writer out = Files.newBufferedWriter(output.resolve("root-tree.txt"))) {
            TreeManifest.write(root, out);
        }
    }

    private void requireFits(long size, Role role, String what) {
        if (size > plan.size(role)) {
            throw new EngineException(
                    what + " of variant '" + work.variant().name() + "' needs " + (size + MIB - 1) / MIB + " MiB, but "
                            + role.label() + " has " + plan.size(role) / MIB + " MiB",
                    "Raise os-image-size-gib in image-layout, or include fewer packages.",
                    null);
        }
    }

    /** As upstream, the hash image has the size of its whole partition. */
    private VerityRoot hash(Path rootImage, Path hashImage) throws IOException {
        try (FileChannel data = FileChannel.open(rootImage, StandardOpenOption.READ)) {
            return NewFile.write(hashImage, hashes -> {
                VerityRoot verity = VerityTree.write(
                        data, hashes, Derived.uuid(names.seed(), "verity"), Derived.bytes(names.seed(), "verity salt"));
                requireFits(hashes.size(), Role.HASH_A, "the hash tree");
                hashes.write(ByteBuffer.allocate(1), plan.size(Role.HASH_A) - 1);
                return verity;
            });
        }
    }

    private void compress(InputStream content, String suffix) {
        scope.progress("compressing " + suffix.substring(1));
        Path target = output.resolve(names.stem() + suffix);
        MessageDigest sha256 = Digest.newSha256();
        try (InputStream in = new Cancellable(content, scope.cancellation());
                OutputStream file = new DigestOutputStream(Files.newOutputStream(target), sha256);
                OutputStream out = new BufferedOutputStream(file, BUFFER)) {
            Lz4Frames.compress(in, out);
            out.flush();
            digests.put(target.getFileName().toString(), Digest.ofSha256Hash(sha256.digest()));
            link(target, suffix);
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
    }

    private void link(Path target, String suffix) throws IOException {
        for (String stem : names.linkStems()) {
            Files.createSymbolicLink(output.resolve(stem + suffix), target.getFileName());
        }
    }

    private void writeReport(
            InstalledPackages installed, Path rootImage, VerityRoot verity, PartitionTable table, Set<Role> filledRoles)
            throws IOException {
        ObjectNode report = Json.MAPPER.createObjectNode();
        report.put("variant", work.variant().name())
                .put("arch", work.arch().rpmName())
                .put("version", work.stamp().version().toString())
                .put("buildId", work.stamp().buildId())
                .put("packages", installed.packages().size());
        report.putObject("root")
                .put("format", work.variant().has(ImageFeature.EROFS_ROOT_PARTITION) ? "erofs" : "ext4")
                .put("bytes", Files.size(rootImage))
                .put("verityRootHash", verity.rootHash())
                .put("veritySalt", verity.salt())
                .put("dmModCreate", verity.dmModCreate());
        ArrayNode partitions = report.putArray("partitions");
        ArrayNode empty = report.putArray("emptyPartitions");
        for (Role role : plan.osRoles()) {
            Partition partition = table.partition(plan.number(role));
            boolean filled = filledRoles.contains(role);
            partitions
                    .addObject()
                    .put("number", plan.number(role))
                    .put("label", role.label())
                    .put("firstSector", partition.firstSector())
                    .put("lastSector", partition.lastSector())
                    .put("filled", filled);
            if (!filled) {
                empty.add(role.label().isEmpty() ? role.name() : role.label());
            }
        }
        report.put("boots", filledRoles.contains(Role.BOOT_A));
        Json.write(output.resolve("build-report.json"), report);
    }
}
