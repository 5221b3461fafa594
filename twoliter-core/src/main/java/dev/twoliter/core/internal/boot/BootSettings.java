package dev.twoliter.core.internal.boot;

import java.util.List;
import java.util.Objects;

/**
 * What a variant says about its start. Immutable.
 *
 * @param title what GRUB's menu shows: pretty name and version
 * @param kernelParameters in the order of the manifest
 * @param bootConfig whether the kernel reads the bootconfig of the private partition (all but standalone images
 *     and unified kernels do: newer-twoliter.md 4)
 * @param mtime the time of files that are made here, seconds since 1970
 */
public record BootSettings(String title, List<String> kernelParameters, boolean bootConfig, long mtime) {
    /** Copies the list. */
    public BootSettings {
        Objects.requireNonNull(title, "title");
        kernelParameters = List.copyOf(kernelParameters);
    }
}
