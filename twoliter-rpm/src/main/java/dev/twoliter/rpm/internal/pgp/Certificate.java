package dev.twoliter.rpm.internal.pgp;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A primary key, its user ids, its subkeys, and what it says about them: an OpenPGP certificate (RFC 4880, 11.1). Only
 * what is signed by the primary key is believed; of several statements the newest counts. A subkey that signs must have
 * signed that it belongs to the primary key. Immutable.
 */
final class Certificate {
    /** Each costs time to check, so a file may not hold any number of them. */
    private static final int MAX_STATEMENTS = 512;

    private static final int MAY_SIGN = 2;

    /**
     * A key of a certificate.
     *
     * @param packet the key
     * @param primary whether it is the primary key
     * @param maySign whether it is meant to sign content: a key without flags may when it is the primary key
     *     (RFC 4880, 5.2.3.21)
     * @param revoked whether it or its primary key is revoked
     * @param lifetime seconds after its creation, 0 for ever
     * @param primaryEnd when its primary key expires, seconds since 1970, {@link Long#MAX_VALUE} for never
     */
    record Key(KeyPacket packet, boolean primary, boolean maySign, boolean revoked, long lifetime, long primaryEnd) {

        /** Whether it was valid then. */
        boolean isValidAt(long time) {
            return time >= packet.created() && time <= end() && time <= primaryEnd;
        }

        private long end() {
            return lifetime == 0 ? Long.MAX_VALUE : packet.created() + lifetime;
        }
    }

    private final List<Key> keys;

    private Certificate(List<Key> keys) {
        this.keys = Collections.unmodifiableList(keys);
    }

    List<Key> keys() {
        return keys;
    }

    /** What the packets between two keys say about the first of them. */
    private static final class Statements {
        private @Nullable SignaturePacket newest;
        private boolean revoked;
    }

    /** Reads all certificates of a file, public or secret; packets that belong to none are passed over. */
    static List<Certificate> readAll(List<Packet> packets) throws PgpException {
        List<Certificate> certificates = new ArrayList<>();
        for (int i = 0; i < packets.size(); i++) {
            if (isPrimary(packets.get(i))) {
                int end = i + 1;
                while (end < packets.size() && !isPrimary(packets.get(end))) {
                    end++;
                }
                certificates.add(read(packets.subList(i, end)));
                i = end - 1;
            }
        }
        return certificates;
    }

    static boolean isPrimary(Packet packet) {
        return packet.kind() == Packet.PUBLIC_KEY || packet.kind() == Packet.SECRET_KEY;
    }

    static boolean isSubkey(Packet packet) {
        return packet.kind() == Packet.PUBLIC_SUBKEY || packet.kind() == Packet.SECRET_SUBKEY;
    }

    private static Certificate read(List<Packet> packets) throws PgpException {
        KeyPacket primary = KeyPacket.read(ByteBuffer.wrap(packets.get(0).body()));
        List<KeyPacket> halves = new ArrayList<>(List.of(primary));
        List<Statements> statements = new ArrayList<>(List.of(new Statements()));
        Packet about = packets.get(0);
        boolean known = true;
        int count = 0;
        for (Packet packet : packets.subList(1, packets.size())) {
            if (isSubkey(packet)) {
                known = addSubkey(packet, halves, statements);
                about = packet;
            } else if (packet.kind() == Packet.USER_ID || packet.kind() == Packet.USER_ATTRIBUTE) {
                about = packet;
                known = true;
            } else if (packet.kind() == Packet.SIGNATURE && known) {
                SignaturePacket signature = ours(packet, primary);
                if (signature != null) {
                    if (++count > MAX_STATEMENTS) {
                        throw new PgpException("a key carries more than " + MAX_STATEMENTS + " signatures of its own");
                    }
                    int last = isSubkey(about) ? statements.size() - 1 : 0;
                    apply(signature, about, primary, halves.get(last), statements.get(last));
                }
            }
        }
        return new Certificate(keys(halves, statements));
    }

    /** A subkey of an algorithm that we do not know is no reason to refuse the others. */
    private static boolean addSubkey(Packet packet, List<KeyPacket> halves, List<Statements> statements) {
        try {
            halves.add(KeyPacket.read(ByteBuffer.wrap(packet.body())));
            statements.add(new Statements());
            return true;
        } catch (PgpException e) {
            return false;
        }
    }

    /** Returns a statement of the primary key; those of others, and unreadable ones, say nothing here. */
    private static @Nullable SignaturePacket ours(Packet packet, KeyPacket primary) {
        try {
            SignaturePacket signature = SignaturePacket.parse(packet.body());
            return signature.issuer() == primary.keyId() ? signature : null;
        } catch (PgpException e) {
            return null;
        }
    }

    private static void apply(
            SignaturePacket signature, Packet about, KeyPacket primary, KeyPacket key, Statements statements) {
        boolean fits = isSubkey(about)
                ? signature.type == SignaturePacket.SUBKEY_BINDING
                        || signature.type == SignaturePacket.SUBKEY_REVOCATION
                : isPrimary(about)
                        ? signature.type == SignaturePacket.DIRECT_KEY
                                || signature.type == SignaturePacket.KEY_REVOCATION
                        : signature.type >= 0x10 && signature.type <= 0x13;
        if (!fits || !verifies(signature, primary, content(about, primary, key, signature))) {
            return;
        }
        if (signature.type == SignaturePacket.KEY_REVOCATION || signature.type == SignaturePacket.SUBKEY_REVOCATION) {
            statements.revoked = true;
        } else if (statements.newest == null || signature.created() >= statements.newest.created()) {
            statements.newest = signature;
        }
    }

    private static boolean verifies(SignaturePacket signature, KeyPacket by, @Nullable MessageDigest content) {
        HashAlgorithm hash = HashAlgorithm.of(signature.hashNumber);
        try {
            return content != null && hash != null && hash != HashAlgorithm.MD5 && signature.matches(content, hash, by);
        } catch (PgpException e) {
            return false;
        }
    }

    /** What a statement is made over (RFC 4880, 5.2.4). */
    private static @Nullable MessageDigest content(
            Packet about, KeyPacket primary, KeyPacket key, SignaturePacket signature) {
        HashAlgorithm hash = HashAlgorithm.of(signature.hashNumber);
        if (hash == null) {
            return null;
        }
        MessageDigest function = primary.digest(hash.function());
        if (isSubkey(about)) {
            return key.digest(function);
        }
        if (!isPrimary(about)) {
            function.update(ByteBuffer.allocate(5)
                    .put((byte) (about.kind() == Packet.USER_ID ? 0xB4 : 0xD1))
                    .putInt(about.body().length)
                    .array());
            function.update(about.body());
        }
        return function;
    }

    private static List<Key> keys(List<KeyPacket> halves, List<Statements> statements) {
        List<Key> keys = new ArrayList<>();
        KeyPacket primary = halves.get(0);
        Statements own = statements.get(0);
        long primaryEnd = own.newest == null || own.newest.keyLifetime() == 0
                ? Long.MAX_VALUE
                : primary.created() + own.newest.keyLifetime();
        for (int i = 0; i < halves.size(); i++) {
            SignaturePacket said = statements.get(i).newest;
            if (said == null) {
                continue; // nobody vouches for it
            }
            boolean flagged = (said.keyFlags() & MAY_SIGN) != 0;
            boolean maySign = i == 0
                    ? said.keyFlags() < 0 || flagged
                    : said.keyFlags() >= 0 && flagged && isBoundBack(said, primary, halves.get(i));
            boolean revoked = own.revoked || statements.get(i).revoked;
            keys.add(new Key(halves.get(i), i == 0, maySign, revoked, said.keyLifetime(), primaryEnd));
        }
        return keys;
    }

    /** Whether the subkey has signed that it belongs to the primary key; else anyone could claim it. */
    private static boolean isBoundBack(SignaturePacket binding, KeyPacket primary, KeyPacket subkey) {
        byte[] embedded = binding.embedded();
        if (embedded == null) {
            return false;
        }
        try {
            SignaturePacket back = SignaturePacket.parseEmbedded(embedded);
            HashAlgorithm hash = HashAlgorithm.of(back.hashNumber);
            return back.type == SignaturePacket.PRIMARY_BINDING
                    && hash != null
                    && verifies(back, subkey, subkey.digest(primary.digest(hash.function())));
        } catch (PgpException e) {
            return false;
        }
    }
}
