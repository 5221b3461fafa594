package dev.twoliter.core.internal.boot;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.SigningException;
import java.util.Map;
import java.util.Optional;

/**
 * What happens to the programs of a boot chain before they reach the disk: with Secure Boot they are tied to the
 * maintainers' keys and signed, without it their checks are switched off. Implementations are thread-safe. Every method
 * throws {@link FormatException} if the program is not one that it can handle, and {@link SigningException} if a key
 * cannot be used.
 */
public interface BootSigner {

    /** {@return whether there is anything to sign; if not, {@link #kernel} need not be called} */
    boolean isSecure();

    /**
     * Handles a program of the EFI partition.
     *
     * @param name its file name, such as {@code bootx64.efi}
     * @param program the program
     * @return what goes on the disk
     */
    byte[] program(String name, byte[] program);

    /**
     * Handles the kernel.
     *
     * @param kernel the file
     * @return what goes on the disk
     */
    byte[] kernel(byte[] kernel);

    /**
     * Handles a unified kernel image, which firmware starts by itself.
     *
     * @param image the program
     * @return what goes on the disk
     */
    byte[] unifiedKernel(byte[] image);

    /**
     * Signs GRUB's configuration.
     *
     * @param config the file
     * @return the detached OpenPGP signature, binary; empty without Secure Boot
     */
    Optional<byte[]> configSignature(byte[] config);

    /** {@return certificates for {@code EFI/BOOT}, by file name, for machines whose firmware is set up by hand} */
    Map<String, byte[]> certificates();
}
