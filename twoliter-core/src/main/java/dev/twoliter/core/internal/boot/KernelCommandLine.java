package dev.twoliter.core.internal.boot;

import dev.twoliter.api.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What the kernel, and after {@code --} init, are told (variant-image.md 2.12). */
final class KernelCommandLine {
    private static final String BOOT = "PARTUUID=$boot_uuid/PARTNROFF=";

    private KernelCommandLine() {}

    /**
     * Lists the parameters.
     *
     * @param own the variant's, which come first
     * @param bootConfig whether bootconfig follows the initrd
     * @param verityRoot what stands between the quotes of {@code dm-mod.create}
     * @return parameters, of which some belong together on a line
     */
    static List<String> parameters(List<String> own, boolean bootConfig, String verityRoot) {
        List<String> all = new ArrayList<>(own);
        if (bootConfig) {
            all.add("bootconfig");
        }
        all.addAll(List.of(
                "root=/dev/dm-0 rootwait ro",
                "raid=noautodetect",
                "random.trust_cpu=on",
                "selinux=1 enforcing=1",
                "dm-mod.create=\"" + verityRoot + "\"",
                "--",
                "systemd.log_target=journal-or-kmsg",
                "systemd.log_color=0",
                "systemd.show_status=true"));
        return all;
    }

    /** Names the partitions of a verified root by themselves, where no GRUB fills in {@code $boot_uuid}. */
    static String withPartitions(String verityRoot, UUID root, UUID hashes) {
        String named = verityRoot
                .replace(BOOT + "1 ", "PARTUUID=" + root + " ")
                .replace(BOOT + "2 ", "PARTUUID=" + hashes + " ");
        if (named.contains("$") || !named.contains(hashes.toString())) {
            throw new FormatException("dm-mod.create", "does not name its partitions by $boot_uuid: " + verityRoot);
        }
        return named;
    }
}
