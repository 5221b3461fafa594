package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.rpm.RpmVerification.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trusted keys, by key id. Immutable, thread-safe. */
public final class PublicKeys {
    private static final int MAX_SIGNATURE = 1 << 20;

    /** Two keys may share an id, by accident or by intent; each is tried. */
    private final Map<Long, List<Certificate.Key>> keys;

    private PublicKeys(Map<Long, List<Certificate.Key>> keys) {
        this.keys = keys;
    }

    public static PublicKeys read(List<Path> files) {
        Map<Long, List<Certificate.Key>> keys = new HashMap<>();
        for (Path file : files) {
            for (Certificate certificate : KeyRing.read(file, false).certificates()) {
                for (Certificate.Key key : certificate.keys()) {
                    keys.computeIfAbsent(key.packet().keyId(), id -> new ArrayList<>())
                            .add(key);
                }
            }
        }
        return new PublicKeys(keys);
    }

    /**
     * Begins to check the signature in a packet; never fails, because a bad packet is a result too.
     *
     * @param at when key and signature must be valid, null for the time of the signature
     */
    public SignatureChecker checker(byte[] packet, @Nullable Instant at) {
        SignaturePacket signature;
        try {
            List<Packet> packets = Packet.split(packet);
            if (packets.size() != 1 || packets.get(0).kind() != Packet.SIGNATURE) {
                return SignatureChecker.settled("", Result.BAD);
            }
            signature = SignaturePacket.parse(packets.get(0).body());
        } catch (PgpException e) {
            return SignatureChecker.settled("", Result.BAD);
        }
        String keyId = hex(signature.issuer());
        HashAlgorithm hash = HashAlgorithm.of(signature.hashNumber);
        if (signature.type != SignaturePacket.BINARY) {
            return SignatureChecker.settled(keyId, Result.BAD);
        }
        List<Certificate.Key> candidates = keys.getOrDefault(signature.issuer(), List.of());
        if (candidates.isEmpty()) {
            return SignatureChecker.settled(keyId, Result.MISSING_KEY);
        }
        if (hash == null) {
            return SignatureChecker.settled(keyId, Result.UNSUPPORTED);
        }
        long time = at == null ? signature.created() : at.getEpochSecond();
        return new SignatureChecker(keyId, signature, hash, candidates, time);
    }

    /** Checks a signature over a stream, which is read to its end. */
    public Result verifyDetached(InputStream content, byte[] signature, @Nullable Instant at) throws IOException {
        byte[] packet;
        try {
            packet = signature.length > MAX_SIGNATURE ? new byte[0] : Armor.decode(signature);
        } catch (PgpException e) {
            return Result.BAD;
        }
        SignatureChecker checker = checker(packet, at);
        byte[] buffer = new byte[1 << 16];
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
            checker.update(buffer, 0, n);
        }
        return checker.result();
    }

    static String hex(long keyId) {
        return String.format(Locale.ROOT, "%016x", keyId);
    }
}
