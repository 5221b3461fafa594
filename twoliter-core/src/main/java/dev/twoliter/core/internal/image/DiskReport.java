package dev.twoliter.core.internal.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.gpt.PartitionTable;
import dev.twoliter.core.internal.disk.layout.PlannedDisk;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.layout.Slot;
import dev.twoliter.core.internal.disk.verity.VerityRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;

/** Describes a disk for people and programs: {@code build-report.json}. */
final class DiskReport {
    static final String FILE = "build-report.json";

    private DiskReport() {}

    /** Describes the root and how it is verified. */
    static void root(ObjectNode report, RootImage root) throws IOException {
        VerityRoot verity = root.verity();
        report.putObject("root")
                .put("format", root.erofs() ? "erofs" : "ext4")
                .put("bytes", Files.size(root.image()))
                .put("verityRootHash", verity.rootHash())
                .put("veritySalt", verity.salt())
                .put("dmModCreate", verity.dmModCreate());
    }

    /** Lists the partitions, and apart those that stay empty: for updates, and what no package fills. */
    static void partitions(ObjectNode report, PlannedDisk disk, PartitionTable table, Set<Slot> filled) {
        ArrayNode partitions = report.putArray("partitions");
        ArrayNode empty = report.putArray("emptyPartitions");
        for (Slot slot : disk.slots()) {
            Partition partition = table.partition(slot.number());
            partitions
                    .addObject()
                    .put("number", slot.number())
                    .put("label", slot.label())
                    .put("firstSector", partition.firstSector())
                    .put("lastSector", partition.lastSector())
                    .put("filled", filled.contains(slot));
            if (!filled.contains(slot)) {
                empty.add(slot.name());
            }
        }
        report.put(
                "boots",
                filled.stream()
                        .anyMatch(slot -> slot.role()
                                .filter(role -> role == Role.BOOT_A || role == Role.EFI_A)
                                .isPresent()));
    }
}
