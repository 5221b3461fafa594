package dev.twoliter.core.internal.variant;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * File capabilities: from the text that RPMs hold (cap_from_text(3)) to the extended attribute {@code
 * security.capability} that the kernel reads ({@code struct vfs_cap_data}, revision 2, in linux/capability.h).
 */
final class FileCapabilities {

    static final String XATTR = "security.capability";

    private static final int REVISION_2 = 0x0200_0000;
    private static final int EFFECTIVE = 1;

    /** By number, from linux/capability.h. */
    private static final List<String> NAMES = List.of(
            "chown",
            "dac_override",
            "dac_read_search",
            "fowner",
            "fsetid",
            "kill",
            "setgid",
            "setuid",
            "setpcap",
            "linux_immutable",
            "net_bind_service",
            "net_broadcast",
            "net_admin",
            "net_raw",
            "ipc_lock",
            "ipc_owner",
            "sys_module",
            "sys_rawio",
            "sys_chroot",
            "sys_ptrace",
            "sys_pacct",
            "sys_admin",
            "sys_boot",
            "sys_nice",
            "sys_resource",
            "sys_time",
            "sys_tty_config",
            "mknod",
            "lease",
            "audit_write",
            "audit_control",
            "setfcap",
            "mac_override",
            "mac_admin",
            "syslog",
            "wake_alarm",
            "block_suspend",
            "audit_read",
            "perfmon",
            "bpf",
            "checkpoint_restore");

    private FileCapabilities() {}

    /**
     * {@return the attribute's value, 20 bytes}
     *
     * @param subject the file, for messages
     * @param text such as {@code cap_net_raw,cap_net_admin=ep}
     * @throws FormatException if the text is not understood
     */
    static byte[] encode(String subject, String text) {
        long permitted = 0;
        long inheritable = 0;
        long effective = 0;
        for (String clause : text.trim().split("\\s+")) {
            int operator = firstOperator(clause);
            if (operator < 0) {
                throw bad(subject, text);
            }
            long set = operator == 0 ? (1L << NAMES.size()) - 1 : names(subject, text, clause.substring(0, operator));
            char kind = clause.charAt(operator);
            if (kind == '=') {
                permitted &= ~set;
                inheritable &= ~set;
                effective &= ~set;
            }
            for (char flag : clause.substring(operator + 1).toCharArray()) {
                switch (flag) {
                    case 'p' -> permitted = kind == '-' ? permitted & ~set : permitted | set;
                    case 'i' -> inheritable = kind == '-' ? inheritable & ~set : inheritable | set;
                    case 'e' -> effective = kind == '-' ? effective & ~set : effective | set;
                    default -> throw bad(subject, text);
                }
            }
        }
        ByteBuffer value = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        value.putInt(REVISION_2 | (effective != 0 ? EFFECTIVE : 0));
        value.putInt((int) permitted).putInt((int) inheritable);
        value.putInt((int) (permitted >>> 32)).putInt((int) (inheritable >>> 32));
        return value.array();
    }

    private static int firstOperator(String clause) {
        return Arrays.stream(new int[] {clause.indexOf('='), clause.indexOf('+'), clause.indexOf('-')})
                .filter(i -> i >= 0)
                .min()
                .orElse(-1);
    }

    private static long names(String subject, String text, String list) {
        long set = 0;
        for (String name : list.toLowerCase(Locale.ROOT).split(",", -1)) {
            int number = name.startsWith("cap_") ? NAMES.indexOf(name.substring(4)) : -1;
            if (name.equals("all")) {
                set = (1L << NAMES.size()) - 1;
            } else if (number < 0) {
                throw bad(subject, text);
            } else {
                set |= 1L << number;
            }
        }
        return set;
    }

    private static FormatException bad(String subject, String text) {
        return new FormatException(subject, "'" + text + "' is not a list of file capabilities");
    }
}
