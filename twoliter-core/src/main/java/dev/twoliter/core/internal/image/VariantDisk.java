package dev.twoliter.core.internal.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.boot.BiosBoot;
import dev.twoliter.core.internal.boot.BootFiles;
import dev.twoliter.core.internal.boot.secure.SecureBootKeys;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.DiskShape;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.layout.PlannedDisk;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.layout.Slot;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.io.Json;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a root tree as a verified file system on a partitioned disk, with upstream's artefacts (variant-image.md 1, 3
 * and 5). The report lists the partitions that stay empty: those for updates, and without a kernel those that a machine
 * starts from. Used once.
 */
public final class VariantDisk {

    private final Work.Variant work;
    private final VariantSpec variant;
    private final ImageNames names;
    private final Path ovfTemplate;
    private final Path output;
    private final Path scratch;
    private final StepScope scope;
    private final PartitionPlan plan;
    private final PartitionRoom room;
    private final Artefacts artefacts;

    /**
     * Prepares it.
     *
     * @param work the variant
     * @param names what artefacts are called
     * @param paths the project
     * @param output the directory for artefacts
     * @param scratch a directory for what does not stay
     * @param scope whom to tell
     * @param artefacts where disks and parts of them go
     */
    public VariantDisk(
            Work.Variant work,
            ImageNames names,
            ProjectPaths paths,
            Path output,
            Path scratch,
            StepScope scope,
            Artefacts artefacts) {
        this.work = work;
        this.variant = work.variant();
        this.names = names;
        this.ovfTemplate = paths.variantDirectory(variant.name()).resolve(Ova.TEMPLATE);
        this.output = output;
        this.scratch = scratch;
        this.scope = scope;
        this.plan = PartitionPlan.of(variant.imageLayout(), DiskShape.of(variant));
        this.room = new PartitionRoom(variant.name(), plan);
        this.artefacts = artefacts;
    }

    /**
     * Writes disks, parts and report.
     *
     * @param whole the root, with everything below {@code /boot}
     * @param packages how many are in it
     * @throws IOException if a file cannot be written
     */
    public void write(Tree whole, int packages) throws IOException {
        FileContexts labels = FileContexts.of(whole, work.arch());
        Optional<SecureBootKeys> keys =
                SecureBootProfile.of(variant, work.files().secureBootKeys());
        BootFiles boot = BootFiles.of(whole);
        Tree tree = labels.label(boot.root());
        RootManifest.write(tree, output);
        long time = work.stamp().epochSeconds();
        boolean erofs = variant.has(ImageFeature.EROFS_ROOT_PARTITION);
        RootImage root = RootImage.write(tree, erofs, room, RootImage.Identity.of(names.seed(), time), scratch);
        PartitionTable table = plan.os().table(names.seed());
        scope.progress("filling the other partitions");
        DiskContents others = new DiskContents(work, names.seed(), room, scratch, boot, labels, keys);
        Map<Slot, Path> contents = new HashMap<>(others.make(root.verity(), table));
        contents.put(plan.slot(Role.ROOT_A), root.image());
        contents.put(plan.slot(Role.HASH_A), root.hashes());
        artefacts.compressParts(plan.find(Role.BOOT_A).flatMap(slot -> Optional.ofNullable(contents.get(slot))), root);
        byte[] bootCode = others.bios(table).map(BiosBoot::bootCode).orElse(new byte[0]);
        writeDisks(contents, bootCode);
        if (variant.imageFormat() == ImageFormat.VMDK) {
            Ova.write(variant, ovfTemplate, plan, keys, time, artefacts);
        }
        writeReport(packages, root, table, contents);
    }

    private void writeDisks(Map<Slot, Path> contents, byte[] bootCode) throws IOException {
        disk(plan.os(), contents, bootCode).write(variant.imageFormat(), "", artefacts, scratch);
        if (plan.data().isPresent()) {
            disk(plan.data().get(), contents, new byte[0]).write(variant.imageFormat(), "-data", artefacts, scratch);
        }
    }

    private DiskFile disk(PlannedDisk disk, Map<Slot, Path> contents, byte[] bootCode) {
        Map<Integer, Path> numbered = new HashMap<>();
        for (Slot slot : disk.slots()) {
            Path content = contents.get(slot);
            if (content != null) {
                numbered.put(slot.number(), content);
            }
        }
        return new DiskFile(disk.table(names.seed()), numbered, bootCode, names.seed());
    }

    private void writeReport(int packages, RootImage root, PartitionTable table, Map<Slot, Path> contents)
            throws IOException {
        ObjectNode report = Json.MAPPER.createObjectNode();
        report.put("variant", variant.name())
                .put("arch", work.arch().rpmName())
                .put("version", work.stamp().version().toString())
                .put("buildId", work.stamp().buildId())
                .put("packages", packages);
        DiskReport.root(report, root);
        DiskReport.partitions(report, plan.os(), table, contents.keySet());
        Json.write(output.resolve(DiskReport.FILE), report);
    }
}
