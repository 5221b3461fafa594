package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.OpenPgpKeys.Algorithm;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.Ed25519KeyPairGenerator;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.Ed25519KeyGenerationParameters;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PBESecretKeyEncryptor;
import org.bouncycastle.openpgp.operator.PGPDigestCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;
import org.jspecify.annotations.Nullable;

/** Makes key pairs: one primary key that certifies and signs, without subkeys, which every rpm understands. */
public final class KeyGenerator {
    private static final int RSA_CERTAINTY = 128;

    private KeyGenerator() {}

    public static void generate(
            Algorithm algorithm, String userId, Instant created, KeyFile secretOut, Path publicOut) {
        if (userId.isBlank()) {
            throw new IllegalArgumentException("a key needs a user id, such as 'Acme packages <rpm@example.com>'");
        }
        refuseExisting(secretOut.path());
        refuseExisting(publicOut);
        PGPKeyRingGenerator rings = ring(algorithm, userId, created, secretOut);
        try {
            write(
                    secretOut.path(),
                    "PRIVATE KEY BLOCK",
                    rings.generateSecretKeyRing().getEncoded(),
                    "rw-------");
            write(publicOut, "PUBLIC KEY BLOCK", rings.generatePublicKeyRing().getEncoded(), "rw-r--r--");
        } catch (IOException e) {
            throw StorageException.of("write", secretOut.path(), e);
        }
    }

    private static void refuseExisting(Path file) {
        if (Files.exists(file)) {
            throw StorageException.of("write", file, new FileAlreadyExistsException(file + " exists already"));
        }
    }

    private static void write(Path file, String kind, byte[] packets, String permissions) throws IOException {
        byte[] text = Armor.encode(kind, packets).getBytes(StandardCharsets.US_ASCII);
        var attribute = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
        try (var channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attribute)) {
            channel.write(java.nio.ByteBuffer.wrap(text));
        }
    }

    private static PGPKeyRingGenerator ring(Algorithm algorithm, String userId, Instant created, KeyFile secretOut) {
        Date date = Date.from(Instant.ofEpochSecond(created.getEpochSecond()));
        boolean rsa = algorithm != Algorithm.ED25519;
        int number = rsa ? PublicKeyAlgorithmTags.RSA_GENERAL : PublicKeyAlgorithmTags.EDDSA_LEGACY;
        PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
        hashed.setSignatureCreationTime(false, date);
        hashed.setKeyFlags(false, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
        hashed.setPreferredHashAlgorithms(false, new int[] {HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA512});
        char[] passphrase = secretOut.passphrase().get();
        try {
            PGPDigestCalculator sha1 = new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1);
            return new PGPKeyRingGenerator(
                    PGPSignature.POSITIVE_CERTIFICATION,
                    new BcPGPKeyPair(PublicKeyPacket.VERSION_4, number, keyPair(algorithm), date),
                    userId,
                    sha1, // the checksum of the secret part; the format knows no other
                    hashed.generate(),
                    null,
                    new BcPGPContentSignerBuilder(number, HashAlgorithmTags.SHA256),
                    encryptor(passphrase));
        } catch (PGPException e) {
            throw new SigningException("the key cannot be made: " + e.getMessage(), "", e);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    private static AsymmetricCipherKeyPair keyPair(Algorithm algorithm) {
        SecureRandom random = new SecureRandom();
        if (algorithm == Algorithm.ED25519) {
            Ed25519KeyPairGenerator generator = new Ed25519KeyPairGenerator();
            generator.init(new Ed25519KeyGenerationParameters(random));
            return generator.generateKeyPair();
        }
        RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
        int bits = algorithm == Algorithm.RSA_3072 ? 3072 : 4096;
        generator.init(new RSAKeyGenerationParameters(BigInteger.valueOf(65_537), random, bits, RSA_CERTAINTY));
        return generator.generateKeyPair();
    }

    private static @Nullable PBESecretKeyEncryptor encryptor(char[] passphrase) throws PGPException {
        return passphrase.length == 0
                ? null
                : new BcPBESecretKeyEncryptorBuilder(
                                SymmetricKeyAlgorithmTags.AES_256,
                                new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA256))
                        .build(passphrase.clone());
    }
}
