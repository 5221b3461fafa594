package dev.twoliter.core.internal.boot.secure;

import dev.twoliter.core.internal.boot.BootSigner;
import dev.twoliter.core.internal.boot.EfiProgram;
import dev.twoliter.core.internal.boot.pe.Authenticode;
import dev.twoliter.core.internal.boot.pe.PeImage;
import dev.twoliter.core.internal.boot.pe.SigningIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Ties a boot chain to the keys of a profile (variant-image.md 4.3): the firmware's db trusts the shim, the shim trusts
 * the vendor's programs, GRUB trusts one configuration key.
 */
public final class SecureBoot implements BootSigner {
    /** Where GRUB keeps the OpenPGP key by which it checks files. */
    static final String PUBLIC_KEY = ".pubkey";

    private final SecureBootKeys keys;
    private final Instant time;

    /**
     * Prepares signing.
     *
     * @param keys the keys
     * @param time the time in the signature of the configuration, so that the same input is signed the same way
     */
    public SecureBoot(SecureBootKeys keys, Instant time) {
        this.keys = keys;
        this.time = time;
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public byte[] program(String name, byte[] program) {
        PeImage image = PeImage.parse(name, program);
        if (EfiProgram.SHIM.is(name)) {
            byte[] vendor = Certificates.der(keys.vendor());
            return signed(VendorTable.write(image, vendor), keys.shimSign());
        }
        if (EfiProgram.GRUB.is(name)) {
            return signed(image.withSection(PUBLIC_KEY, keys.configSign().publicKey()), keys.codeSign());
        }
        return signed(image, keys.codeSign());
    }

    @Override
    public byte[] kernel(byte[] kernel) {
        return signed(PeImage.parse("vmlinuz", kernel), keys.codeSign());
    }

    @Override
    public byte[] unifiedKernel(byte[] image) {
        return signed(PeImage.parse("unified kernel image", image), keys.ukiSign());
    }

    private static byte[] signed(PeImage image, SigningIdentity identity) {
        return Authenticode.sign(image, identity).bytes();
    }

    @Override
    public Optional<byte[]> configSignature(byte[] config) {
        return Optional.of(keys.configSign().sign(config, time));
    }

    @Override
    public Map<String, byte[]> certificates() {
        return Map.of(
                "db.crt", Certificates.pem(keys.db()).getBytes(StandardCharsets.US_ASCII),
                "db.cer", Certificates.der(keys.db()));
    }
}
