package dev.twoliter.rpm.internal.pgp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A signature packet, version 4 or 3 (RFC 4880, 5.2). What it demands is what rpm 4.18 demands: a creation time among
 * the hashed subpackets, exactly once; an issuer key id; no critical subpacket that is unknown. Immutable.
 *
 * <pre>
 * 4 | type | key algorithm | hash | hashed subpackets: u16, … | others: u16, … | first two bytes of the digest | numbers
 * 3 | 5 | type | time u32 | key id | key algorithm | hash | first two bytes of the digest | numbers
 * </pre>
 */
final class SignaturePacket {
    static final int BINARY = 0x00;
    static final int SUBKEY_BINDING = 0x18;
    static final int PRIMARY_BINDING = 0x19;
    static final int DIRECT_KEY = 0x1F;
    static final int KEY_REVOCATION = 0x20;
    static final int SUBKEY_REVOCATION = 0x28;

    private static final int CREATED = 2;
    private static final int EXPIRES = 3;
    private static final int KEY_EXPIRES = 9;
    private static final int ISSUER = 16;
    private static final int KEY_FLAGS = 27;
    private static final int EMBEDDED = 32;
    private static final int ISSUER_FINGERPRINT = 33;
    private static final int CRITICAL = 0x80;

    final int version;
    final int type;
    final int keyAlgorithm;
    final int hashNumber;
    /** From the version to the last hashed subpacket: what is hashed after the content. */
    private final byte[] hashed;

    private final byte[] check;
    private final byte[] numbers;

    private long created = -1;
    private long lifetime;
    private long keyLifetime;
    private int keyFlags = -1;
    private @Nullable Long issuer;
    private byte @Nullable [] embedded;

    private SignaturePacket(byte[] body) throws PgpException {
        ByteBuffer in = ByteBuffer.wrap(body);
        Packet.need(in, 6);
        version = in.get();
        if (version == 4) {
            type = in.get() & 0xFF;
            keyAlgorithm = in.get() & 0xFF;
            hashNumber = in.get() & 0xFF;
            readSubpackets(area(in), true);
            hashed = Arrays.copyOf(body, in.position());
            readSubpackets(area(in), false);
        } else if (version == 3) {
            Packet.need(in, 18);
            if (in.get() != 5) {
                throw new PgpException("a signature of version 3 hashes something else than five bytes");
            }
            type = in.get() & 0xFF;
            created = in.getInt() & 0xFFFF_FFFFL;
            hashed = Arrays.copyOfRange(body, 2, 7);
            issuer = in.getLong();
            keyAlgorithm = in.get() & 0xFF;
            hashNumber = in.get() & 0xFF;
        } else {
            throw new PgpException("a signature has the unknown version " + version);
        }
        Packet.need(in, 2);
        check = new byte[2];
        in.get(check);
        numbers = Arrays.copyOfRange(body, in.position(), body.length);
    }

    /** Reads one; a signature that lacks what it must have is malformed. */
    static SignaturePacket parse(byte[] body) throws PgpException {
        SignaturePacket signature = new SignaturePacket(body);
        if (signature.created < 0 || signature.issuer == null) {
            throw new PgpException("a signature has no creation time or no issuer");
        }
        return signature;
    }

    /** Reads a signature inside of another one, which need not name its issuer. */
    static SignaturePacket parseEmbedded(byte[] body) throws PgpException {
        return new SignaturePacket(body);
    }

    private static ByteBuffer area(ByteBuffer in) throws PgpException {
        Packet.need(in, 2);
        int length = in.getShort() & 0xFFFF;
        Packet.need(in, length);
        ByteBuffer area = in.slice(in.position(), length);
        in.position(in.position() + length);
        return area;
    }

    private void readSubpackets(ByteBuffer in, boolean isHashed) throws PgpException {
        while (in.hasRemaining()) {
            long length = Packet.length(in);
            if (length < 1 || length > in.remaining()) {
                throw new PgpException("a subpacket is cut off");
            }
            int kind = in.get() & 0xFF;
            ByteBuffer value = in.slice(in.position(), (int) length - 1);
            in.position(in.position() + (int) length - 1);
            if (!readSubpacket(kind & ~CRITICAL, value, isHashed) && (kind & CRITICAL) != 0) {
                throw new PgpException("a subpacket of the unknown kind " + (kind & ~CRITICAL) + " is critical");
            }
        }
    }

    /** Takes what we need from a subpacket; what is not signed is believed only where a lie has no effect. */
    private boolean readSubpacket(int kind, ByteBuffer value, boolean isHashed) throws PgpException {
        int length = value.remaining();
        switch (kind) {
            case CREATED -> {
                if (isHashed && length == 4) {
                    if (created >= 0) {
                        throw new PgpException("a signature has two creation times");
                    }
                    created = value.getInt() & 0xFFFF_FFFFL;
                }
            }
            case EXPIRES -> lifetime = isHashed && length == 4 ? value.getInt() & 0xFFFF_FFFFL : lifetime;
            case KEY_EXPIRES -> keyLifetime = isHashed && length == 4 ? value.getInt() & 0xFFFF_FFFFL : keyLifetime;
            case KEY_FLAGS -> keyFlags = isHashed && length > 0 ? value.get() & 0xFF : keyFlags;
            case ISSUER -> issuer = length == 8 && issuer == null ? Long.valueOf(value.getLong()) : issuer;
            case EMBEDDED -> {
                byte[] bytes = new byte[length];
                value.get(bytes);
                embedded = bytes; // signed by the subkey itself
            }
            default -> {
                return kind == ISSUER_FINGERPRINT;
            }
        }
        return true;
    }

    long created() {
        return created;
    }

    /** Seconds after its creation; 0 for ever. */
    long lifetime() {
        return lifetime;
    }

    /** Seconds after the creation of the key that it certifies; 0 for ever. */
    long keyLifetime() {
        return keyLifetime;
    }

    /** What the key that it certifies may do; -1 when it does not say. */
    int keyFlags() {
        return keyFlags;
    }

    long issuer() {
        return issuer == null ? 0 : issuer;
    }

    byte @Nullable [] embedded() {
        return embedded;
    }

    /** Ends a function that was fed the content, and says whether the key made the signature. */
    boolean matches(MessageDigest function, HashAlgorithm hash, KeyPacket key) throws PgpException {
        byte[] digest = finish(function, version, hashed);
        return digest[0] == check[0]
                && digest[1] == check[1]
                && (keyAlgorithm == key.algorithm() || (key.isRsa() && keyAlgorithm == KeyPacket.RSA))
                && key.verifies(hash, digest, numbers);
    }

    private static byte[] finish(MessageDigest function, int version, byte[] hashed) {
        function.update(hashed);
        if (version == 4) {
            function.update(trailer(hashed));
        }
        return function.digest();
    }

    static byte[] trailer(byte[] hashed) {
        return ByteBuffer.allocate(6)
                .put((byte) 4)
                .put((byte) 0xFF)
                .putInt(hashed.length)
                .array();
    }

    /** The part of a new signature over binary content that is hashed after the content. */
    static byte[] hashedPart(KeyPacket key, HashAlgorithm hash, long created) {
        ByteBuffer part = ByteBuffer.allocate(6 + 6 + 23);
        part.put((byte) 4).put((byte) BINARY).put((byte) key.algorithm()).put((byte) hash.number);
        part.putShort((short) (6 + 23));
        part.put((byte) 5).put((byte) CREATED).putInt((int) created);
        part.put((byte) 22).put((byte) ISSUER_FINGERPRINT).put((byte) 4).put(key.fingerprint());
        return part.array();
    }

    /** Completes a new signature. The issuer's id is not hashed; rpm looks the key up by it. */
    static byte[] encode(byte[] hashed, KeyPacket key, byte[] digest, byte[] numbers) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(hashed);
        body.writeBytes(ByteBuffer.allocate(12)
                .putShort((short) 10)
                .put((byte) 9)
                .put((byte) ISSUER)
                .putLong(key.keyId())
                .array());
        body.write(digest, 0, 2);
        body.writeBytes(numbers);
        return new Packet(Packet.SIGNATURE, body.toByteArray()).encoded();
    }
}
