package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.jspecify.annotations.Nullable;

/** A secret key that signs. The same content and time give the same signature. Immutable, thread-safe. */
public final class SecretKey {
    private static final int MAX_KEY_FILE = 1 << 20;

    private final PGPPublicKey publicKey;
    private final PGPPrivateKey privateKey;
    private final String publicArmored;

    private SecretKey(PGPPublicKey publicKey, PGPPrivateKey privateKey, String publicArmored) {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
        this.publicArmored = publicArmored;
    }

    public static SecretKey open(KeyFile file) {
        PGPSecretKeyRing ring = readRing(file.path());
        PGPSecretKey chosen = choose(ring);
        if (chosen == null) {
            throw new SigningException(
                    file.path() + ": no key in this file can sign: it must be RSA or Ed25519 and may not be a stub",
                    "Export one with gpg --armor --export-secret-keys.",
                    null);
        }
        char[] passphrase = file.passphrase().get();
        try {
            PGPPrivateKey key = chosen.extractPrivateKey(
                    new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider()).build(passphrase));
            return new SecretKey(chosen.getPublicKey(), key, armoredPublic(ring));
        } catch (PGPException | RuntimeException e) {
            throw new SigningException(file.path() + ": the key cannot be unlocked", "Check the passphrase.", e);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    private static PGPSecretKeyRing readRing(Path path) {
        Exception cause = null;
        try (InputStream file = Files.newInputStream(path);
                InputStream in = PGPUtil.getDecoderStream(new ByteArrayInputStream(file.readNBytes(MAX_KEY_FILE)))) {
            if (new BcPGPObjectFactory(in).nextObject() instanceof PGPSecretKeyRing ring) {
                return ring;
            }
        } catch (java.nio.file.FileSystemException e) {
            throw StorageException.of("read", path, e);
        } catch (IOException | RuntimeException e) {
            cause = e;
        }
        throw new SigningException(
                path + ": there is no OpenPGP secret key in this file",
                "Export it with gpg --armor --export-secret-keys.",
                cause);
    }

    /** A subkey for signing comes before the primary key, the newest first, as gpg chooses. */
    private static @Nullable PGPSecretKey choose(PGPSecretKeyRing ring) {
        PGPSecretKey best = null;
        for (PGPSecretKey key : ring) {
            PGPPublicKey half = key.getPublicKey();
            boolean usable = !key.isPrivateKeyEmpty()
                    && isKnown(half.getAlgorithm())
                    && !half.hasRevocation()
                    && Validity.of(half, ring.getPublicKey()).maySign();
            if (usable
                    && (best == null
                            || best.isMasterKey()
                            || half.getCreationTime().after(best.getPublicKey().getCreationTime()))) {
                best = key;
            }
        }
        return best;
    }

    private static boolean isKnown(int algorithm) {
        return algorithm == PublicKeyAlgorithmTags.RSA_GENERAL || algorithm == PublicKeyAlgorithmTags.EDDSA_LEGACY;
    }

    private static String armoredPublic(PGPSecretKeyRing ring) {
        java.util.List<PGPPublicKey> halves = new java.util.ArrayList<>();
        ring.getPublicKeys().forEachRemaining(halves::add);
        try {
            return armor(new PGPPublicKeyRing(halves).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a key that was read cannot be written", e);
        }
    }

    static String armor(byte[] packets) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (ArmoredOutputStream out =
                ArmoredOutputStream.builder().clearHeaders().build(text)) {
            out.write(packets);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to be written", e);
        }
        return text.toString(StandardCharsets.US_ASCII);
    }

    /** Returns one binary signature packet, version 4, over a stream. */
    public byte[] sign(InputStream content, Instant time) throws IOException {
        Date date = new Date(Math.max(
                time.toEpochMilli() / 1000 * 1000, publicKey.getCreationTime().getTime()));
        try {
            PGPSignatureGenerator generator = new PGPSignatureGenerator(
                    new BcPGPContentSignerBuilder(publicKey.getAlgorithm(), HashAlgorithmTags.SHA256), publicKey);
            generator.init(PGPSignature.BINARY_DOCUMENT, privateKey);
            PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
            hashed.setSignatureCreationTime(false, date);
            hashed.setIssuerFingerprint(false, publicKey);
            PGPSignatureSubpacketGenerator unhashed = new PGPSignatureSubpacketGenerator();
            unhashed.setIssuerKeyID(false, publicKey.getKeyID()); // rpm looks the key up by it
            generator.setHashedSubpackets(hashed.generate());
            generator.setUnhashedSubpackets(unhashed.generate());
            byte[] buffer = new byte[1 << 16];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                generator.update(buffer, 0, n);
            }
            return generator.generate().getEncoded();
        } catch (PGPException e) {
            throw new SigningException("the key " + keyId() + " cannot sign: " + e.getMessage(), "", e);
        }
    }

    public String detached(InputStream content, Instant time) throws IOException {
        return armor(sign(content, time));
    }

    public boolean isRsa() {
        return publicKey.getAlgorithm() != PublicKeyAlgorithmTags.EDDSA_LEGACY;
    }

    public String publicKeyArmored() {
        return publicArmored;
    }

    public String keyId() {
        return PublicKeys.hex(publicKey.getKeyID());
    }
}
