package dev.twoliter.rpm;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The places where signatures are kept; OPENPGP holds any number. */
enum SignatureTag {
    DSA(RpmTag.SIG_DSA),
    RSA(RpmTag.SIG_RSA),
    OPENPGP(RpmTag.SIG_OPENPGP),
    PGP(RpmTag.SIG_PGP),
    GPG(RpmTag.SIG_GPG);

    private final int number;

    SignatureTag(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    boolean coversPayload() {
        return this == PGP || this == GPG;
    }

    /** The packets in a signature header; text that is not base64 gives an empty one. */
    List<byte[]> packets(RpmHeader stored) {
        if (!stored.has(number)) {
            return List.of();
        }
        if (this != OPENPGP) {
            return List.of(stored.bytes(number));
        }
        List<byte[]> packets = new ArrayList<>();
        for (String text : stored.strings(number)) {
            try {
                packets.add(Base64.getMimeDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                packets.add(new byte[0]);
            }
        }
        return packets;
    }
}
