package dev.twoliter.rpm.internal.pgp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The text form of OpenPGP data: {@code -----BEGIN PGP …-----}, headers, an empty line, base64, an optional checksum and
 * {@code -----END PGP …-----} (RFC 4880, 6.2). The checksum is neither checked nor needed: it guards against accidents
 * only, and RFC 9580 tells readers to ignore it.
 */
public final class Armor {
    private static final int LINE = 64;

    private Armor() {}

    /** Returns the binary form of armoured blocks, one after the other; what is binary already stays as it is. */
    static byte[] decode(byte[] data) throws PgpException {
        if (data.length > 0 && data[0] < 0) { // the first bit of every packet is set
            return data;
        }
        ByteArrayOutputStream binary = new ByteArrayOutputStream();
        StringBuilder base64 = new StringBuilder();
        boolean inBlock = false;
        boolean inHeaders = false;
        for (String line : new String(data, StandardCharsets.ISO_8859_1).lines().toList()) {
            String text = line.strip();
            if (text.startsWith("-----BEGIN PGP ")) {
                inBlock = true;
                inHeaders = true;
                base64.setLength(0);
            } else if (inBlock && text.startsWith("-----END PGP ")) {
                binary.writeBytes(decode(base64.toString()));
                inBlock = false;
            } else if (inBlock && inHeaders) {
                inHeaders = !text.isEmpty();
            } else if (inBlock && !text.startsWith("=")) {
                base64.append(text);
            }
        }
        if (inBlock || binary.size() == 0) {
            throw new PgpException("there is no complete OpenPGP block");
        }
        return binary.toByteArray();
    }

    private static byte[] decode(String base64) throws PgpException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new PgpException("the armour is not base64", e);
        }
    }

    /** Wraps packets. The kind is such as {@code SIGNATURE} or {@code PUBLIC KEY BLOCK}. */
    static String encode(String kind, byte[] packets) {
        String base64 = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(packets);
        String checksum = Base64.getEncoder().encodeToString(checksum(packets));
        return "-----BEGIN PGP " + kind + "-----\n\n" + base64 + "\n=" + checksum + "\n-----END PGP " + kind
                + "-----\n";
    }

    /** CRC-24 (RFC 4880, 6.1), for readers that insist on it. */
    private static byte[] checksum(byte[] data) {
        int crc = 0xB704CE;
        for (byte b : data) {
            crc ^= (b & 0xFF) << 16;
            for (int i = 0; i < 8; i++) {
                crc = (crc & 0x800000) == 0 ? crc << 1 : (crc << 1) ^ 0x1864CFB;
            }
        }
        return new byte[] {(byte) (crc >> 16), (byte) (crc >> 8), (byte) crc};
    }
}
