package dev.twoliter.core.internal.boot.secure;

import java.util.Objects;
import java.util.UUID;

/**
 * A variable of UEFI firmware (UEFI 8.2). Immutable.
 *
 * @param name such as {@code PK}
 * @param vendor whose name it is
 * @param attributes the bits {@code EFI_VARIABLE_…}
 * @param data a private copy; not to be changed
 */
public record EfiVariable(String name, UUID vendor, int attributes, byte[] data) {
    static final int NON_VOLATILE = 1;
    static final int BOOT_SERVICE = 2;
    static final int RUNTIME = 4;
    /** Changes must be signed and carry a time. */
    static final int TIME_AUTHENTICATED = 0x20;

    /** Checks for null, copies the data. */
    public EfiVariable {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(vendor, "vendor");
        data = data.clone();
    }

    @Override
    public byte[] data() {
        return data.clone();
    }

    boolean hasTime() {
        return (attributes & TIME_AUTHENTICATED) != 0;
    }
}
