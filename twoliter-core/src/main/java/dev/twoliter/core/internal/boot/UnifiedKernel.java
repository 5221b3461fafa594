package dev.twoliter.core.internal.boot;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.boot.pe.PeImage;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A unified kernel image: one program for firmware with everything that starts the system (UAPI group: Unified Kernel
 * Image), as ukify makes it from a stub (newer-twoliter.md 4). Immutable.
 *
 * @param stub systemd's {@code linuxx64.efi.stub} or {@code linuxaa64.efi.stub}
 * @param osRelease the system's os-release
 * @param commandLine the kernel's parameters, on one line
 * @param kernel a kernel with an EFI stub of its own; what signatures it has go with it
 * @param initrd empty for none
 */
public record UnifiedKernel(byte[] stub, byte[] osRelease, String commandLine, byte[] kernel, byte[] initrd) {

    /** Checks for null. The arrays are not copied, since kernels are large; they must not change. */
    public UnifiedKernel {
        Objects.requireNonNull(stub, "stub");
        Objects.requireNonNull(osRelease, "osRelease");
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(initrd, "initrd");
        if (!commandLine.matches("[ -~]+")) {
            throw new FormatException("kernel command line", "is not one line of ASCII: " + commandLine);
        }
    }

    /**
     * Puts the parts together. The kernel comes last: it may grow in memory when it unpacks itself.
     *
     * @return the program, not signed
     * @throws FormatException if the stub is not a program that sections can be added to, or the kernel is not one that
     *     firmware can start
     */
    public byte[] bytes() {
        PeImage.parse("vmlinuz", kernel);
        PeImage image = PeImage.parse("systemd's stub", stub)
                .withNewSection(".osrel", osRelease)
                .withNewSection(".cmdline", commandLine.getBytes(StandardCharsets.US_ASCII));
        if (initrd.length > 0) {
            image = image.withNewSection(".initrd", initrd);
        }
        return image.withNewSection(".linux", kernel).bytes();
    }
}
