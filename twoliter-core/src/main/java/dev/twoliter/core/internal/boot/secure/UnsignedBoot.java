package dev.twoliter.core.internal.boot.secure;

import dev.twoliter.core.internal.boot.BootSigner;
import dev.twoliter.core.internal.boot.EfiProgram;
import dev.twoliter.core.internal.boot.pe.PeImage;
import java.util.Map;
import java.util.Optional;

/**
 * No Secure Boot: the shim trusts nobody, GRUB loses the key by which it would check files (variant-image.md 2.9).
 * Programs that have no such place stay as they are.
 */
public final class UnsignedBoot implements BootSigner {
    /** Creates it. */
    public UnsignedBoot() {}

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public byte[] program(String name, byte[] program) {
        PeImage image = PeImage.parse(name, program);
        if (EfiProgram.SHIM.is(name) && image.section(VendorTable.SECTION).isPresent()) {
            return VendorTable.write(image, new byte[0]).bytes();
        }
        if (EfiProgram.GRUB.is(name) && image.section(SecureBoot.PUBLIC_KEY).isPresent()) {
            return image.withoutSection(SecureBoot.PUBLIC_KEY).bytes();
        }
        return program.clone();
    }

    @Override
    public byte[] kernel(byte[] kernel) {
        return kernel.clone();
    }

    @Override
    public byte[] unifiedKernel(byte[] image) {
        return image.clone();
    }

    @Override
    public Optional<byte[]> configSignature(byte[] config) {
        return Optional.empty();
    }

    @Override
    public Map<String, byte[]> certificates() {
        return Map.of();
    }
}
