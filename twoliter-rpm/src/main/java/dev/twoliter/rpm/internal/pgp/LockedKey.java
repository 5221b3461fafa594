package dev.twoliter.rpm.internal.pgp;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;

/** Secret keys under a passphrase, of whatever cipher: Bouncy Castle knows them all. */
final class LockedKey {
    private LockedKey() {}

    /** Returns the numbers of a key in the form in which they stand in a key that is not locked. */
    static byte[] unlock(List<Packet> packets, long keyId, Supplier<char[]> passphrase) throws PgpException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        packets.forEach(packet -> encoded.writeBytes(packet.encoded()));
        char[] secret = passphrase.get();
        try {
            BcPGPObjectFactory objects = new BcPGPObjectFactory(new ByteArrayInputStream(encoded.toByteArray()));
            for (Object next = objects.nextObject(); next != null; next = objects.nextObject()) {
                PGPSecretKey key = next instanceof PGPSecretKeyRing ring ? ring.getSecretKey(keyId) : null;
                if (key != null) {
                    PGPPrivateKey open = key.extractPrivateKey(
                            new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider()).build(secret));
                    return open.getPrivateKeyDataPacket().getEncoded();
                }
            }
            throw new PgpException("it is missing");
        } catch (IOException | org.bouncycastle.openpgp.PGPException | RuntimeException e) {
            throw new PgpException("the passphrase is wrong or the key is damaged", e);
        } finally {
            Arrays.fill(secret, '\0');
        }
    }
}
