package dev.twoliter.rpm.internal.pgp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One OpenPGP packet: a number that tells its kind, and its content (RFC 4880, 4.2). Both forms of length are read. */
record Packet(int kind, byte[] body) {
    static final int SIGNATURE = 2;
    static final int SECRET_KEY = 5;
    static final int PUBLIC_KEY = 6;
    static final int SECRET_SUBKEY = 7;
    static final int USER_ID = 13;
    static final int PUBLIC_SUBKEY = 14;
    static final int USER_ATTRIBUTE = 17;

    /** Splits data into packets; they fill it to the end. */
    static List<Packet> split(byte[] data) throws PgpException {
        List<Packet> packets = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(data);
        while (in.hasRemaining()) {
            int first = in.get() & 0xFF;
            if ((first & 0x80) == 0) {
                throw new PgpException("a packet does not begin with its mark");
            }
            boolean current = (first & 0x40) != 0;
            long length = current ? length(in) : oldLength(in, first & 3);
            if (length > in.remaining()) {
                throw new PgpException("a packet is cut off");
            }
            byte[] body = new byte[(int) length];
            in.get(body);
            packets.add(new Packet(current ? first & 0x3F : (first >> 2) & 0xF, body));
        }
        return packets;
    }

    /** A length of one, two or five bytes, as newer packets and all subpackets have it. */
    static long length(ByteBuffer in) throws PgpException {
        need(in, 1);
        int first = in.get() & 0xFF;
        if (first < 192) {
            return first;
        }
        if (first < 224) {
            need(in, 1);
            return ((first - 192) << 8) + (in.get() & 0xFF) + 192L;
        }
        if (first < 255) {
            throw new PgpException("a packet comes in parts, which only data may");
        }
        need(in, 4);
        return in.getInt() & 0xFFFF_FFFFL;
    }

    private static long oldLength(ByteBuffer in, int kind) throws PgpException {
        need(in, kind == 3 ? 0 : 1 << kind);
        return switch (kind) {
            case 0 -> in.get() & 0xFFL;
            case 1 -> in.getShort() & 0xFFFFL;
            case 2 -> in.getInt() & 0xFFFF_FFFFL;
            default -> throw new PgpException("a packet has no length");
        };
    }

    static void need(ByteBuffer in, int bytes) throws PgpException {
        if (in.remaining() < bytes) {
            throw new PgpException("a packet is cut off");
        }
    }

    /** Writes it with the header that gpg and rpm use where it suffices: the old one, with a length of two bytes. */
    byte[] encoded() {
        boolean old = kind <= 0xF && body.length <= 0xFFFF;
        ByteBuffer out = ByteBuffer.allocate((old ? 3 : 6) + body.length);
        if (old) {
            out.put((byte) (0x80 | (kind << 2) | 1)).putShort((short) body.length);
        } else {
            out.put((byte) (0xC0 | kind)).put((byte) 0xFF).putInt(body.length);
        }
        return out.put(body).array();
    }
}
