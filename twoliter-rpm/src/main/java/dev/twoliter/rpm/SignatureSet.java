package dev.twoliter.rpm;

import dev.twoliter.rpm.internal.pgp.PacketInfo;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The signatures of a package, to be changed. RSA keys have a place of their own, all others another (rpm-oci.md 1.5);
 * each holds one signature. What finds its place taken goes to the list that rpm 6 reads. Not thread-safe.
 */
final class SignatureSet {
    private final RpmHeader old;
    private final List<Held> held = new ArrayList<>();

    private record Held(SignatureTag tag, byte[] packet) {}

    private SignatureSet(RpmHeader old) {
        this.old = old;
    }

    static SignatureSet of(RpmHeader signatureHeader) {
        SignatureSet set = new SignatureSet(signatureHeader);
        for (SignatureTag tag : SignatureTag.values()) {
            tag.packets(signatureHeader).forEach(packet -> set.held.add(new Held(tag, packet)));
        }
        return set;
    }

    SignatureSet clear() {
        held.clear();
        return this;
    }

    /** Adds a signature over the header; an older one by the same key goes. */
    void add(byte[] packet) {
        PacketInfo info = PacketInfo.require(packet);
        held.removeIf(other -> !other.tag.coversPayload() && isBy(info, other));
        SignatureTag place = info.rsa() ? SignatureTag.RSA : SignatureTag.DSA;
        held.add(new Held(isTaken(place) ? SignatureTag.OPENPGP : place, packet));
    }

    /** Adds a signature over header and payload; its place holds one, whoever made it. */
    void addWhole(byte[] packet) {
        SignatureTag place = PacketInfo.require(packet).rsa() ? SignatureTag.PGP : SignatureTag.GPG;
        held.removeIf(other -> other.tag == place);
        held.add(new Held(place, packet));
    }

    private static boolean isBy(PacketInfo info, Held other) {
        return PacketInfo.of(other.packet).keyId().equals(info.keyId());
    }

    private boolean isTaken(SignatureTag place) {
        return held.stream().anyMatch(other -> other.tag == place);
    }

    /** Returns the signature header with these signatures, as long as before where the reserved space allows. */
    byte[] toBlob() {
        HeaderWriter writer = SignatureHeader.copy(old);
        for (SignatureTag tag : SignatureTag.values()) {
            writer.remove(tag.number());
        }
        List<String> texts = new ArrayList<>();
        for (Held signature : held) {
            if (signature.tag == SignatureTag.OPENPGP) {
                texts.add(Base64.getEncoder().encodeToString(signature.packet));
            } else {
                writer.bytes(signature.tag.number(), signature.packet);
            }
        }
        return SignatureHeader.fit(old, writer.strings(RpmTag.SIG_OPENPGP, texts));
    }
}
