package dev.twoliter.core.internal.boot.secure;

import dev.twoliter.api.SigningException;
import dev.twoliter.core.internal.boot.pe.PeImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The section {@code .vendor_cert} of a shim: whom it trusts besides the firmware's db (shim: cert.S).
 *
 * <pre>
 * size of the trusted u32 | size of the distrusted u32 | their two offsets in the table, u32 each | both | zeros
 * </pre>
 */
final class VendorTable {
    static final String SECTION = ".vendor_cert";

    private static final int HEADER = 16;
    private static final int SIZE = 4096;

    private VendorTable() {}

    /**
     * Gives a shim one certificate to trust.
     *
     * @param shim the program
     * @param trusted a certificate, DER; empty for none
     * @return the changed program, not signed
     */
    static PeImage write(PeImage shim, byte[] trusted) {
        if (trusted.length > SIZE - HEADER) {
            throw new SigningException(
                    "the vendor certificate has " + trusted.length + " bytes, but a shim takes " + (SIZE - HEADER),
                    "Use a smaller key or a shorter name.",
                    null);
        }
        ByteBuffer table = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        table.putInt(trusted.length).putInt(0).putInt(HEADER).putInt(HEADER + trusted.length);
        table.put(trusted);
        return shim.withSection(SECTION, table.array());
    }
}
