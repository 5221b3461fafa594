package dev.twoliter.core.internal.boot;

import dev.twoliter.api.Arch;
import java.util.Locale;

/** The programs that Bottlerocket's packages put into {@code EFI/BOOT} (variant-image.md 2.9). */
public enum EfiProgram {
    /** What firmware starts, at the path that it tries by itself; in Bottlerocket a shim. */
    SHIM("boot"),
    /** What the shim starts. */
    GRUB("grub"),
    /** What the shim starts when asked to manage its own keys. */
    MOK_MANAGER("mm");

    private final String stem;

    EfiProgram(String stem) {
        this.stem = stem;
    }

    /**
     * Names the program's file.
     *
     * @param arch the machine's
     * @return in lower case, such as {@code bootaa64.efi}
     */
    public String fileName(Arch arch) {
        return stem + suffix(arch) + ".efi";
    }

    /**
     * Names an architecture as UEFI does.
     *
     * @param arch the machine's
     * @return {@code x64} or {@code aa64}
     */
    public static String suffix(Arch arch) {
        return arch == Arch.X86_64 ? "x64" : "aa64";
    }

    /**
     * Says whether a file is this program for some architecture; FAT does not tell cases apart.
     *
     * @param fileName without its directory
     * @return whether it is
     */
    public boolean is(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        for (Arch arch : Arch.values()) {
            if (name.equals(fileName(arch))) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether a file is some program of UEFI, by its name} */
    static boolean isProgram(String fileName) {
        return fileName.toLowerCase(Locale.ROOT).endsWith(".efi");
    }
}
