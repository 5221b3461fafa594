package dev.twoliter.core.internal.boot;

import dev.twoliter.core.internal.boot.secure.EfiVariable;
import dev.twoliter.core.internal.boot.secure.EfiVariables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Puts variables into the flash memory of a virtual machine, as its owner would by the firmware's menu (EDK II:
 * Guid/VariableFormat.h): a volume's header, a store's header of 28 bytes, then variables at multiples of 4.
 */
final class OvmfVariables {
    private static final int VOLUME_HEADER_LENGTH = 48;
    private static final int STORE_HEADER = 28;
    private static final int VARIABLE_HEADER = 60;
    private static final short START = 0x55AA;
    private static final byte ADDED = 0x3F;

    private OvmfVariables() {}

    static Path write(Path file, EfiVariables variables) throws IOException {
        byte[] flash = Files.readAllBytes(Qemu.emptyVariables());
        ByteBuffer out = ByteBuffer.wrap(flash).order(ByteOrder.LITTLE_ENDIAN);
        int at = out.getShort(VOLUME_HEADER_LENGTH) + STORE_HEADER;
        while (out.getShort(at) == START) {
            at = aligned(at + VARIABLE_HEADER + out.getInt(at + 36) + out.getInt(at + 40));
        }
        for (EfiVariable variable : variables.variables()) {
            byte[] name = (variable.name() + "\0").getBytes(StandardCharsets.UTF_16LE);
            byte[] data = variable.data();
            boolean timed = (variable.attributes() & 0x20) != 0;
            out.position(at).putShort(START).put(ADDED).put((byte) 0).putInt(variable.attributes());
            out.putLong(0).put(timed ? variables.time() : new byte[16]).putInt(0);
            out.putInt(name.length).putInt(data.length).put(guid(variable.vendor()));
            out.put(name).put(data);
            at = aligned(out.position());
        }
        return Files.write(file, flash);
    }

    private static int aligned(int at) {
        return (at + 3) / 4 * 4;
    }

    private static byte[] guid(UUID uuid) {
        ByteBuffer guid = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        guid.putInt((int) (uuid.getMostSignificantBits() >>> 32));
        guid.putShort((short) (uuid.getMostSignificantBits() >>> 16));
        guid.putShort((short) uuid.getMostSignificantBits());
        return guid.order(ByteOrder.BIG_ENDIAN)
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
