package dev.twoliter.rpm.internal.pgp;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public key, version 4 (RFC 4880, 5.5.2): version | creation time u32 | algorithm | numbers. It checks signatures
 * with the JDK's own functions, which need no start-up time worth mentioning. Immutable, thread-safe.
 */
final class KeyPacket {
    static final int RSA = 1;
    static final int RSA_SIGN = 3;
    static final int DSA = 17;
    static final int ECDSA = 19;
    static final int EDDSA_LEGACY = 22;
    static final int ED25519 = 27;

    static final int ED25519_BYTES = 32;

    private static final HexFormat HEX = HexFormat.of();
    private static final String CURVE_ED25519 = "2b06010401da470f01";
    private static final int MAX_RSA_BITS = 8192;
    private static final int MAX_EXPONENT_BITS = 64;
    private static final int MAX_DSA_BITS = 4096;

    /** The content of the packet, without what follows in a secret key. */
    private final byte[] body;

    private final int algorithm;
    private final byte[] fingerprint;

    private KeyPacket(byte[] body, int algorithm) {
        this.body = body;
        this.algorithm = algorithm;
        this.fingerprint = digest(HashAlgorithm.SHA1.function()).digest();
    }

    /** Reads the public part and leaves the buffer behind it. */
    static KeyPacket read(ByteBuffer in) throws PgpException {
        int start = in.position();
        Packet.need(in, 6);
        if (in.get() != 4) {
            throw new PgpException("a key is not of version 4");
        }
        in.getInt();
        int algorithm = in.get() & 0xFF;
        switch (algorithm) {
            case RSA, RSA_SIGN -> skipMpis(in, 2);
            case 2 -> skipMpis(in, 2);
            case DSA -> skipMpis(in, 4);
            case 16 -> skipMpis(in, 3);
            case 18 -> {
                skipCurve(in);
                skipMpis(in, 1);
                Packet.need(in, 1);
                skip(in, 1 + (in.get(in.position()) & 0xFF));
            }
            case ECDSA, EDDSA_LEGACY -> {
                skipCurve(in);
                skipMpis(in, 1);
            }
            case ED25519, 25 -> skip(in, ED25519_BYTES);
            default -> throw new PgpException("a key has the unknown algorithm " + algorithm);
        }
        return new KeyPacket(Arrays.copyOfRange(in.array(), start, in.position()), algorithm);
    }

    private static void skipMpis(ByteBuffer in, int count) throws PgpException {
        for (int i = 0; i < count; i++) {
            Mpi.bytes(in);
        }
    }

    private static void skipCurve(ByteBuffer in) throws PgpException {
        Packet.need(in, 1);
        skip(in, 1 + (in.get(in.position()) & 0xFF));
    }

    private static void skip(ByteBuffer in, int bytes) throws PgpException {
        Packet.need(in, bytes);
        in.position(in.position() + bytes);
    }

    byte[] body() {
        return body;
    }

    int algorithm() {
        return algorithm;
    }

    boolean isRsa() {
        return algorithm == RSA || algorithm == RSA_SIGN;
    }

    boolean isEd25519() {
        return algorithm == ED25519 || (algorithm == EDDSA_LEGACY && curve().equals(CURVE_ED25519));
    }

    /** Seconds since 1970. */
    long created() {
        return ByteBuffer.wrap(body).getInt(1) & 0xFFFF_FFFFL;
    }

    byte[] fingerprint() {
        return fingerprint;
    }

    long keyId() {
        return ByteBuffer.wrap(fingerprint).getLong(12);
    }

    /** Feeds it to a function, as every signature over a key begins (RFC 4880, 5.2.4). */
    MessageDigest digest(MessageDigest function) {
        function.update((byte) 0x99);
        function.update((byte) (body.length >> 8));
        function.update((byte) body.length);
        function.update(body);
        return function;
    }

    private String curve() {
        return HEX.formatHex(body, 7, 7 + (body[6] & 0xFF));
    }

    private ByteBuffer numbers() {
        int start = algorithm == ECDSA || algorithm == EDDSA_LEGACY ? 7 + (body[6] & 0xFF) : 6;
        return ByteBuffer.wrap(body, start, body.length - start);
    }

    BigInteger rsaModulus() throws PgpException {
        return Mpi.read(numbers());
    }

    BigInteger rsaExponent() throws PgpException {
        ByteBuffer in = numbers();
        Mpi.bytes(in);
        return Mpi.read(in);
    }

    /** Whether a signature's numbers fit a digest. Throws if the key is of a kind that cannot be checked here. */
    boolean verifies(HashAlgorithm hash, byte[] digest, byte[] signature) throws PgpException {
        ByteBuffer values = ByteBuffer.wrap(signature);
        try {
            return switch (algorithm) {
                case RSA, RSA_SIGN -> verifiesRsa(hash, digest, values);
                case DSA -> verifiesDsa(digest, values);
                case ECDSA -> verifiesEcdsa(digest, values);
                case EDDSA_LEGACY, ED25519 -> verifiesEd25519(digest, values);
                default -> throw new PgpException("algorithm " + algorithm + " does not sign");
            };
        } catch (GeneralSecurityException e) {
            return false; // a number is not in the range that the algorithm allows
        }
    }

    /** PKCS #1 v1.5 (RFC 8017, 8.2.2): what the signature opens to is built anew and compared. */
    private boolean verifiesRsa(HashAlgorithm hash, byte[] digest, ByteBuffer values) throws PgpException {
        BigInteger modulus = rsaModulus();
        BigInteger exponent = rsaExponent();
        if (modulus.bitLength() > MAX_RSA_BITS
                || exponent.bitLength() > MAX_EXPONENT_BITS
                || hash == HashAlgorithm.MD5) {
            throw new PgpException("RSA of that size or with that hash is not supported");
        }
        int length = (modulus.bitLength() + 7) / 8;
        byte[] info = hash.digestInfo();
        int start = length - info.length - digest.length;
        BigInteger value = Mpi.read(values);
        if (values.hasRemaining() || start < 11 || value.compareTo(modulus) >= 0 || !modulus.testBit(0)) {
            return false;
        }
        byte[] expected = new byte[length];
        Arrays.fill(expected, 2, start - 1, (byte) 0xFF);
        expected[1] = 1;
        System.arraycopy(info, 0, expected, start, info.length);
        System.arraycopy(digest, 0, expected, start + info.length, digest.length);
        return MessageDigest.isEqual(Mpi.fixed(value.modPow(exponent, modulus).toByteArray(), length), expected);
    }

    private boolean verifiesEd25519(byte[] digest, ByteBuffer values) throws PgpException, GeneralSecurityException {
        byte[] signature = new byte[2 * ED25519_BYTES];
        if (algorithm == ED25519) {
            if (values.remaining() != signature.length) {
                return false;
            }
            values.get(signature);
        } else {
            byte[] r = Mpi.fixed(Mpi.bytes(values), ED25519_BYTES);
            byte[] s = Mpi.fixed(Mpi.bytes(values), ED25519_BYTES);
            System.arraycopy(r, 0, signature, 0, ED25519_BYTES);
            System.arraycopy(s, 0, signature, ED25519_BYTES, ED25519_BYTES);
        }
        return !values.hasRemaining() && verifies("Ed25519", ed25519Key(), digest, signature);
    }

    private static boolean verifies(String name, PublicKey key, byte[] content, byte[] signature)
            throws GeneralSecurityException {
        Signature function = Signature.getInstance(name);
        function.initVerify(key);
        function.update(content);
        return function.verify(signature);
    }

    /** The JDK wants the two numbers as a DER sequence. */
    private boolean verifiesEcdsa(byte[] digest, ByteBuffer values) throws PgpException, GeneralSecurityException {
        byte[] r = Mpi.read(values).toByteArray();
        byte[] s = Mpi.read(values).toByteArray();
        int length = 4 + r.length + s.length;
        if (values.hasRemaining() || r.length > 80 || s.length > 80) {
            return false;
        }
        ByteBuffer der = ByteBuffer.allocate(length + (length > 127 ? 3 : 2)).put((byte) 0x30);
        if (length > 127) {
            der.put((byte) 0x81);
        }
        der.put((byte) length).put((byte) 2).put((byte) r.length).put(r);
        der.put((byte) 2).put((byte) s.length).put(s);
        return verifies("NONEwithECDSA", ecKey(), digest, der.array());
    }

    private byte[] ed25519Point() throws PgpException {
        if (algorithm == ED25519) {
            return Arrays.copyOfRange(body, 6, 6 + ED25519_BYTES);
        }
        byte[] point = Mpi.bytes(numbers());
        if (!isEd25519() || point.length != 1 + ED25519_BYTES || point[0] != 0x40) {
            throw new PgpException("the curve of an EdDSA key is not Ed25519");
        }
        return Arrays.copyOfRange(point, 1, point.length);
    }

    private PublicKey ed25519Key() throws PgpException, GeneralSecurityException {
        byte[] little = ed25519Point();
        byte[] big = new byte[ED25519_BYTES];
        for (int i = 0; i < ED25519_BYTES; i++) {
            big[i] = little[ED25519_BYTES - 1 - i];
        }
        boolean odd = big[0] < 0;
        big[0] &= 0x7F;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, big))));
    }

    private PublicKey ecKey() throws PgpException, GeneralSecurityException {
        String name = switch (curve()) {
            case "2a8648ce3d030107" -> "secp256r1";
            case "2b81040022" -> "secp384r1";
            case "2b81040023" -> "secp521r1";
            default -> throw new PgpException("the curve of an ECDSA key is unknown");
        };
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(name));
        byte[] point = Mpi.bytes(numbers());
        if (point.length < 3 || point.length % 2 == 0 || point[0] != 4) {
            throw new PgpException("the point of an ECDSA key is malformed");
        }
        int half = point.length / 2;
        ECPoint at = new ECPoint(new BigInteger(1, point, 1, half), new BigInteger(1, point, 1 + half, half));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(at, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    /** FIPS 186-4, 4.7, on the leftmost bits of the digest, as many as the group has. */
    private boolean verifiesDsa(byte[] digest, ByteBuffer values) throws PgpException {
        ByteBuffer in = numbers();
        BigInteger p = Mpi.read(in);
        BigInteger q = Mpi.read(in);
        BigInteger g = Mpi.read(in);
        BigInteger y = Mpi.read(in);
        if (p.bitLength() > MAX_DSA_BITS || q.bitLength() > 256 || p.signum() == 0 || !q.isProbablePrime(20)) {
            throw new PgpException("DSA of that size is not supported");
        }
        BigInteger r = Mpi.read(values);
        BigInteger s = Mpi.read(values);
        if (values.hasRemaining() || r.signum() == 0 || s.signum() == 0 || r.compareTo(q) >= 0 || s.compareTo(q) >= 0) {
            return false;
        }
        BigInteger hash = new BigInteger(1, digest);
        hash = hash.shiftRight(Math.max(0, digest.length * 8 - q.bitLength()));
        BigInteger w = s.modInverse(q);
        BigInteger u1 = hash.multiply(w).mod(q);
        BigInteger u2 = r.multiply(w).mod(q);
        return g.modPow(u1, p).multiply(y.modPow(u2, p)).mod(p).mod(q).equals(r);
    }
}
