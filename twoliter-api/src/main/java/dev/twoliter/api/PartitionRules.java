package dev.twoliter.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * The rules of a maintainer's own partitions: what Bottlerocket's bootloader, updater and first boot look for by label or
 * type (variant-image.md 1.4) has to stay theirs.
 */
final class PartitionRules {

    /** Those of Bottlerocket's whose sizes may be changed. */
    static final List<String> RESIZABLE = List.of(
            "BIOS-BOOT",
            "EFI-SYSTEM",
            "BOTTLEROCKET-BOOT-A",
            "BOTTLEROCKET-ROOT-A",
            "BOTTLEROCKET-HASH-A",
            "BOTTLEROCKET-RESERVED-A",
            "BOTTLEROCKET-PRIVATE");

    private static final Set<UUID> TYPES = Set.of(
            UUID.fromString("21686148-6449-6e6f-744e-656564454649"),
            UUID.fromString("c12a7328-f81f-11d2-ba4b-00a0c93ec93b"),
            UUID.fromString("b39ce39c-0a00-b4ab-2d11-f18f8237a21c"),
            UUID.fromString("6b636168-7420-6568-2070-6c616e657421"),
            UUID.fromString("5526016a-1a97-4ea4-b39a-b7c8c6ca4502"),
            UUID.fromString("598f10af-c955-4456-6a99-7720068a6cea"),
            UUID.fromString("0c5d99a5-d331-4147-baef-08e2b855bdc9"),
            UUID.fromString("440408bb-eb0b-4328-a6e5-a29038fad706"),
            UUID.fromString("626f7474-6c65-6474-6861-726d61726b73"));

    private static final int MAX_LABEL = 36;
    private static final int MAX_COUNT = 100;
    private static final long MAX_MIB = 1L << 26;

    /** Smaller, there is no room for a journal. */
    private static final long LEAST_EXT4_MIB = 8;

    /** What is wrong: a key below that of the list, and the message. */
    record Finding(String key, String message, String hint) {}

    private final ImageLayout layout;
    private final List<Finding> findings = new ArrayList<>();

    private PartitionRules(ImageLayout layout) {
        this.layout = layout;
    }

    static List<Finding> of(ImageLayout layout) {
        PartitionRules rules = new PartitionRules(layout);
        rules.check();
        return rules.findings;
    }

    private void check() {
        List<PartitionSpec> partitions = layout.partitions();
        if (partitions.size() > MAX_COUNT) {
            add("", partitions.size() + " partitions are more than the table has room for, " + MAX_COUNT, "");
        }
        Set<String> labels = new HashSet<>();
        for (int i = 0; i < partitions.size(); i++) {
            PartitionSpec one = partitions.get(i);
            String key = "[" + i + "].";
            if (!labels.add(one.label())) {
                add(key + "label", "two partitions have the label '" + one.label() + "'", "");
            }
            if (one.sizeMib() < 1 || one.sizeMib() > MAX_MIB) {
                add(key + "size-mib", one.sizeMib() + " is not between 1 and " + MAX_MIB, "");
            }
            if (RESIZABLE.contains(one.label())) {
                resized(key, one);
            } else {
                label(key + "label", one.label());
                own(key, one);
            }
        }
    }

    private void resized(String key, PartitionSpec one) {
        if (!one.equals(PartitionSpec.of(one.label(), one.sizeMib()))) {
            add(
                    key + "label",
                    one.label() + " is Bottlerocket's: nothing but its size can be changed",
                    "Write label and size-mib only, or choose another label for a partition of your own.");
        }
        if (one.label().equals("BOTTLEROCKET-PRIVATE") && one.sizeMib() < LEAST_EXT4_MIB) {
            tooSmall(key, one);
        }
    }

    private void label(String key, String label) {
        if (label.isEmpty() || label.length() > MAX_LABEL) {
            add(key, "a label has 1 to " + MAX_LABEL + " characters, not " + label.length(), "");
        } else if (label.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '"' || c == '\\' || c > '~')) {
            add(key, "the label '" + label + "' has a character that units and device names cannot hold", "");
        } else if (label.matches("BOTTLEROCKET-.*-B|EFI-BACKUP")) {
            add(
                    key,
                    label + " always has the size of its twin in bank A, since updates write the same into both",
                    "Change the size of " + twin(label) + ".");
        } else if (label.startsWith("BOTTLEROCKET-")) {
            add(
                    key,
                    "labels that begin with BOTTLEROCKET- are Bottlerocket's",
                    "Choose another, or one of " + String.join(", ", RESIZABLE) + " to change its size.");
        }
    }

    private static String twin(String label) {
        return label.equals("EFI-BACKUP") ? "EFI-SYSTEM" : label.substring(0, label.length() - 1) + "A";
    }

    private void own(String key, PartitionSpec one) {
        Optional<UUID> type = one.type().filter(TYPES::contains);
        type.ifPresent(guid -> add(
                key + "type",
                "firmware, bootloader and updater take a partition of type " + guid + " for Bottlerocket's own",
                "Leave type out for a Linux file system, or choose another."));
        OptionalLong offset = one.offsetMib();
        if (offset.isPresent() && (offset.getAsLong() < 1 || offset.getAsLong() > MAX_MIB)) {
            add(key + "offset-mib", offset.getAsLong() + " is not between 1 and " + MAX_MIB, "");
        }
        if (one.fileSystem() == PartitionSpec.FileSystem.EXT4 && one.sizeMib() < LEAST_EXT4_MIB) {
            tooSmall(key, one);
        }
        if (one.disk() == PartitionSpec.Disk.DATA && layout.partitionPlan() == ImageLayout.PartitionPlan.UNIFIED) {
            add(
                    key + "disk",
                    one.label() + " is to be on the data disk, but the partition-plan unified has none",
                    "Leave disk out, or write partition-plan = \"split\".");
        }
    }

    private void tooSmall(String key, PartitionSpec one) {
        add(
                key + "size-mib",
                "an ext4 file system with a journal needs " + LEAST_EXT4_MIB + " MiB, and " + one.label() + " has "
                        + one.sizeMib(),
                "");
    }

    private void add(String key, String message, String hint) {
        findings.add(new Finding(key, message, hint));
    }
}
