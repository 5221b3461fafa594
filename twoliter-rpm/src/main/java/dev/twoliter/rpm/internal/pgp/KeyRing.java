package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file with OpenPGP keys, armoured or binary, public or secret.
 *
 * @param packets all of it
 * @param certificates what can be used of it, at least one
 */
record KeyRing(List<Packet> packets, List<Certificate> certificates) {
    private static final int MAX_FILE = 1 << 20;

    static KeyRing read(Path file, boolean secret) {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_FILE + 1);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
        if (content.length > MAX_FILE) {
            throw unusable(file, secret, null);
        }
        try {
            List<Packet> packets = Packet.split(Armor.decode(content));
            List<Certificate> certificates = Certificate.readAll(packets);
            int kind = secret ? Packet.SECRET_KEY : Packet.PUBLIC_KEY;
            if (packets.stream().noneMatch(packet -> packet.kind() == kind)) {
                throw unusable(file, secret, null);
            }
            return new KeyRing(packets, certificates);
        } catch (PgpException e) {
            throw unusable(file, secret, e);
        }
    }

    private static SigningException unusable(Path file, boolean secret, @Nullable Exception cause) {
        return new SigningException(
                file + ": there is no OpenPGP " + (secret ? "secret" : "public") + " key in this file"
                        + (cause == null ? "" : " (" + cause.getMessage() + ")"),
                "Export it with gpg --armor --export" + (secret ? "-secret-keys." : "."),
                cause);
    }

    /** The public halves, armoured; for a key with secret halves these are left out. */
    String publicArmored() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Packet packet : packets) {
            publicHalf(packet).ifPresent(half -> out.writeBytes(half.encoded()));
        }
        return Armor.encode("PUBLIC KEY BLOCK", out.toByteArray());
    }

    /** A subkey that cannot be read has no public half that anyone could use. */
    private static Optional<Packet> publicHalf(Packet packet) {
        if (packet.kind() != Packet.SECRET_KEY && packet.kind() != Packet.SECRET_SUBKEY) {
            return Optional.of(packet);
        }
        int kind = packet.kind() == Packet.SECRET_KEY ? Packet.PUBLIC_KEY : Packet.PUBLIC_SUBKEY;
        try {
            return Optional.of(new Packet(
                    kind, KeyPacket.read(ByteBuffer.wrap(packet.body())).body()));
        } catch (PgpException e) {
            return Optional.empty();
        }
    }

    /** Keys that may sign, the best first: a subkey comes before the primary key, the newest first, as gpg chooses. */
    List<Certificate.Key> signingKeys() {
        List<Certificate.Key> found = new ArrayList<>();
        for (Certificate certificate : certificates) {
            certificate.keys().stream()
                    .filter(key -> key.maySign() && !key.revoked())
                    .forEach(found::add);
        }
        found.sort((a, b) -> a.primary() == b.primary()
                ? Long.compare(b.packet().created(), a.packet().created())
                : Boolean.compare(a.primary(), b.primary()));
        return found;
    }
}
