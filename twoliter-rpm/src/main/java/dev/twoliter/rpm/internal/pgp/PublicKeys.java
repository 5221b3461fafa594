package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.RpmVerification.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;
import org.jspecify.annotations.Nullable;

/** Trusted keys, by key id. Immutable, thread-safe. */
public final class PublicKeys {
    private static final int MAX_KEY_FILE = 1 << 20;

    /** A key and the primary key it belongs to (itself, if it is one). */
    private record Entry(PGPPublicKey key, PGPPublicKey primary) {}

    private final Map<Long, Entry> keys;

    private PublicKeys(Map<Long, Entry> keys) {
        this.keys = keys;
    }

    public static PublicKeys read(List<Path> files) {
        Map<Long, Entry> keys = new HashMap<>();
        for (Path file : files) {
            readFile(file, keys);
        }
        return new PublicKeys(keys);
    }

    private static void readFile(Path file, Map<Long, Entry> keys) {
        int before = keys.size();
        boolean found = false;
        try (InputStream in = PGPUtil.getDecoderStream(new ByteArrayInputStream(readSmall(file)))) {
            BcPGPObjectFactory objects = new BcPGPObjectFactory(in);
            for (Object next = objects.nextObject(); next != null; next = objects.nextObject()) {
                if (next instanceof PGPPublicKeyRing ring) {
                    found = true;
                    for (PGPPublicKey key : ring) {
                        keys.put(key.getKeyID(), new Entry(key, ring.getPublicKey()));
                    }
                }
            }
        } catch (java.nio.file.FileSystemException e) {
            throw StorageException.of("read", file, e);
        } catch (IOException | RuntimeException e) {
            throw unusable(file, e);
        }
        if (!found && keys.size() == before) {
            throw unusable(file, null);
        }
    }

    private static byte[] readSmall(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_KEY_FILE);
        }
    }

    private static SigningException unusable(Path file, @Nullable Exception cause) {
        return new SigningException(
                file + ": there is no OpenPGP public key in this file", "Export it with gpg --armor --export.", cause);
    }

    /** Begins to check the signature in a packet; never fails, because a bad packet is a result too. */
    public SignatureChecker checker(byte[] packet) {
        PGPSignature signature;
        try {
            signature = parse(new ByteArrayInputStream(packet));
        } catch (IOException | RuntimeException e) {
            return SignatureChecker.settled("", Result.BAD);
        }
        if (signature == null) {
            return SignatureChecker.settled("", Result.BAD);
        }
        String keyId = hex(signature.getKeyID());
        Entry entry = keys.get(signature.getKeyID());
        if (entry == null) {
            return SignatureChecker.settled(keyId, Result.MISSING_KEY);
        }
        if (entry.key.hasRevocation() || entry.primary.hasRevocation()) {
            return SignatureChecker.settled(keyId, Result.REVOKED);
        }
        Validity validity = Validity.of(entry.key, entry.primary);
        try {
            if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT || !validity.maySign()) {
                return SignatureChecker.settled(keyId, Result.BAD);
            }
            if (signature.getHashedSubPackets() == null || validity.isOver(signature.getCreationTime())) {
                return SignatureChecker.settled(keyId, Result.EXPIRED);
            }
            if (signature.getHashAlgorithm() <= 3) { // MD5, SHA-1, RIPEMD-160: forgeries are within reach
                return SignatureChecker.settled(keyId, Result.UNSUPPORTED);
            }
            signature.init(new BcPGPContentVerifierBuilderProvider(), entry.key);
            return new SignatureChecker(keyId, signature, Result.BAD);
        } catch (PGPException | RuntimeException e) {
            return SignatureChecker.settled(keyId, Result.UNSUPPORTED);
        }
    }

    private static @Nullable PGPSignature parse(InputStream in) throws IOException {
        Object first = new BcPGPObjectFactory(in).nextObject();
        return first instanceof PGPSignatureList list && list.size() == 1 ? list.get(0) : null;
    }

    public Result verifyDetached(InputStream content, byte[] signature) throws IOException {
        byte[] packet;
        try (InputStream in = PGPUtil.getDecoderStream(new ByteArrayInputStream(signature))) {
            packet = in.readNBytes(MAX_KEY_FILE);
        } catch (IOException | RuntimeException e) {
            return Result.BAD;
        }
        SignatureChecker checker = checker(packet);
        byte[] buffer = new byte[1 << 16];
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
            checker.update(buffer, 0, n);
        }
        return checker.result();
    }

    static String hex(long keyId) {
        return String.format(java.util.Locale.ROOT, "%016x", keyId);
    }
}
