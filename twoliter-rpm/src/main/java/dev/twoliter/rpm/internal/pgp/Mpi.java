package dev.twoliter.rpm.internal.pgp;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** A large number: its bits in two bytes, then its bytes (RFC 4880, 3.2). */
final class Mpi {
    private static final int MAX_BITS = 16_384;

    private Mpi() {}

    static BigInteger read(ByteBuffer in) throws PgpException {
        return new BigInteger(1, bytes(in));
    }

    /** Its bytes, without leading zeros where the writer was correct. */
    static byte[] bytes(ByteBuffer in) throws PgpException {
        Packet.need(in, 2);
        int bits = in.getShort() & 0xFFFF;
        if (bits > MAX_BITS) {
            throw new PgpException("a number has " + bits + " bits, which no key has");
        }
        Packet.need(in, (bits + 7) / 8);
        byte[] bytes = new byte[(bits + 7) / 8];
        in.get(bytes);
        return bytes;
    }

    static void write(ByteArrayOutputStream out, byte[] unsigned) {
        BigInteger number = new BigInteger(1, unsigned);
        int bits = number.bitLength();
        out.write(bits >> 8);
        out.write(bits);
        byte[] bytes = number.toByteArray();
        int length = (bits + 7) / 8;
        out.write(bytes, bytes.length - length, length);
    }

    /** The last bytes of a number, filled up with zeros in front. */
    static byte[] fixed(byte[] number, int length) throws PgpException {
        byte[] bytes = new BigInteger(1, number).toByteArray();
        int skip = bytes.length > length && bytes[0] == 0 ? 1 : 0;
        if (bytes.length - skip > length) {
            throw new PgpException("a number is longer than its curve allows");
        }
        byte[] fixed = new byte[length];
        System.arraycopy(bytes, skip, fixed, length - bytes.length + skip, bytes.length - skip);
        return fixed;
    }
}
