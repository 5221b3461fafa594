package dev.twoliter.rpm.internal.pgp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Takes keys apart for tests. */
public final class TestKeys {
    private TestKeys() {}

    /** Returns the secret number of an Ed25519 key that is not locked. */
    public static byte[] seed(Path secretKey) throws IOException {
        try {
            Packet first =
                    Packet.split(Armor.decode(Files.readAllBytes(secretKey))).get(0);
            ByteBuffer in = ByteBuffer.wrap(first.body());
            KeyPacket.read(in);
            in.get();
            return Mpi.fixed(Mpi.bytes(in), KeyPacket.ED25519_BYTES);
        } catch (PgpException e) {
            throw new AssertionError(secretKey + " is no such key", e);
        }
    }
}
