package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.api.SigningException;
import java.util.List;

/**
 * What a signature packet says of itself.
 *
 * @param rsa whether an RSA key made it; that decides about its place in a package
 * @param keyId 16 lower-case hexadecimal digits; empty when it cannot be read
 */
public record PacketInfo(boolean rsa, String keyId) {

    /** Reads a packet from a package; one that cannot be read is nobody's. */
    public static PacketInfo of(byte[] packet) {
        try {
            return parse(packet);
        } catch (PgpException e) {
            return new PacketInfo(false, "");
        }
    }

    /** Reads a packet that a signer has made just now. */
    public static PacketInfo require(byte[] packet) {
        try {
            return parse(packet);
        } catch (PgpException e) {
            throw new SigningException(
                    "the signer returned something else than one binary OpenPGP signature: " + e.getMessage(),
                    "With gpg: --detach-sign without --armor.",
                    e);
        }
    }

    private static PacketInfo parse(byte[] packet) throws PgpException {
        List<Packet> packets = Packet.split(packet);
        if (packets.size() != 1 || packets.get(0).kind() != Packet.SIGNATURE) {
            throw new PgpException("it is not one signature packet");
        }
        SignaturePacket signature = SignaturePacket.parse(packets.get(0).body());
        if (signature.type != SignaturePacket.BINARY) {
            throw new PgpException("it is not over binary content");
        }
        boolean rsa = signature.keyAlgorithm == KeyPacket.RSA || signature.keyAlgorithm == KeyPacket.RSA_SIGN;
        return new PacketInfo(rsa, PublicKeys.hex(signature.issuer()));
    }

    /** Wraps one or more signature packets for a file of their own. */
    public static String armor(byte[] packet) {
        return Armor.encode("SIGNATURE", packet);
    }
}
