package dev.twoliter.core.internal.boot.pe;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes small programs for UEFI: headers that every tool accepts, sections of 4096 bytes, and the
 * table of long names. */
public final class PeFixture {
    private static final int HEADERS = 4096;
    private static final int PE = 0x80;
    private static final int ALIGNMENT = 4096;
    private static final int STRINGS = 64;

    private PeFixture() {}

    /** Makes a program with one code section and nothing after it, to which sections can be added. */
    public static byte[] bare() {
        byte[] program = program(Map.of());
        return Arrays.copyOf(program, program.length - STRINGS);
    }

    /** Makes a program with one code section and others by name and content. */
    public static byte[] program(Map<String, byte[]> more) {
        Map<String, byte[]> sections = new LinkedHashMap<>();
        sections.put(".text", "code".getBytes(StandardCharsets.US_ASCII));
        sections.putAll(more);
        int count = sections.size();
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        int end = HEADERS + count * ALIGNMENT;
        ByteBuffer out = ByteBuffer.allocate(end + STRINGS).order(ByteOrder.LITTLE_ENDIAN);
        out.put(0, (byte) 'M').put(1, (byte) 'Z').putInt(0x3C, PE);
        out.position(PE).putInt(0x4550).putShort((short) 0x8664).putShort((short) count);
        out.putInt(0).putInt(end).putInt(0).putShort((short) 240).putShort((short) 0x206);
        int optional = out.position();
        out.putShort(optional, (short) 0x20B).putInt(optional + 16, HEADERS);
        out.putInt(optional + 32, ALIGNMENT).putInt(optional + 36, 512);
        out.putInt(optional + 56, end).putInt(optional + 60, HEADERS);
        out.putShort(optional + 68, (short) 10).putInt(optional + 108, 16);
        out.position(optional + 240);
        int at = HEADERS;
        for (Map.Entry<String, byte[]> section : sections.entrySet()) {
            String name = section.getKey();
            if (name.length() > 8) {
                name = "/" + (4 + strings.size());
                strings.writeBytes((section.getKey() + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            out.put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 8))
                    .putInt(section.getValue().length)
                    .putInt(at)
                    .putInt(ALIGNMENT)
                    .putInt(at);
            out.putInt(0).putInt(0).putInt(0).putInt(0x60000020);
            out.put(at, section.getValue());
            at += ALIGNMENT;
        }
        out.position(end).putInt(STRINGS).put(strings.toByteArray());
        return out.array();
    }
}
