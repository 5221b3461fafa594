package dev.twoliter.oci.internal.keys;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.PBEParametersGenerator;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * PKCS#8 under a passphrase as openssl writes it: PBES2 with PBKDF2 and AES in CBC mode (RFC 8018). The JDK has these too,
 * but names them differently from release to release, and takes no passphrase beyond ASCII.
 */
final class EncryptedPkcs8 {

    /** openssl takes 2,048 rounds, careful people a million; each million costs about a second. */
    private static final int MAX_ROUNDS = 10_000_000;

    private static final Map<ASN1ObjectIdentifier, Integer> KEY_BITS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, 128,
            NISTObjectIdentifiers.id_aes192_CBC, 192,
            NISTObjectIdentifiers.id_aes256_CBC, 256);

    private EncryptedPkcs8() {}

    /** Thrown for a scheme, function or cipher that is not known, or that asks for too much. */
    static final class UnknownScheme extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownScheme(String message) {
            super(message);
        }
    }

    /**
     * Decrypts. Throws IllegalArgumentException or ClassCastException when the structure is damaged.
     *
     * @return PKCS#8, or sometimes noise when the passphrase is wrong; empty when it is surely wrong
     */
    static Optional<byte[]> open(byte[] der, char[] passphrase) throws UnknownScheme {
        EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(der);
        ASN1ObjectIdentifier scheme = info.getEncryptionAlgorithm().getAlgorithm();
        if (!scheme.equals(PKCSObjectIdentifiers.id_PBES2)) {
            throw new UnknownScheme("scheme " + scheme);
        }
        PBES2Parameters parameters =
                PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
        EncryptionScheme encryption = parameters.getEncryptionScheme();
        Integer bits = KEY_BITS.get(encryption.getAlgorithm());
        if (bits == null) {
            throw new UnknownScheme("cipher " + encryption.getAlgorithm());
        }
        PBEParametersGenerator key = derivation(parameters, passphrase);
        byte[] iv = ASN1OctetString.getInstance(encryption.getParameters()).getOctets();
        PaddedBufferedBlockCipher cipher =
                new PaddedBufferedBlockCipher(CBCBlockCipher.newInstance(AESEngine.newInstance()));
        cipher.init(false, new ParametersWithIV(key.generateDerivedParameters(bits), iv));
        return decrypt(cipher, info.getEncryptedData());
    }

    private static PBEParametersGenerator derivation(PBES2Parameters parameters, char[] passphrase)
            throws UnknownScheme {
        ASN1ObjectIdentifier function = parameters.getKeyDerivationFunc().getAlgorithm();
        if (!function.equals(PKCSObjectIdentifiers.id_PBKDF2)) {
            throw new UnknownScheme("key derivation " + function);
        }
        PBKDF2Params pbkdf2 =
                PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters());
        BigInteger rounds = pbkdf2.getIterationCount();
        if (rounds.signum() <= 0 || rounds.compareTo(BigInteger.valueOf(MAX_ROUNDS)) > 0) {
            throw new UnknownScheme(rounds + " rounds of key derivation, of at most " + MAX_ROUNDS);
        }
        PKCS5S2ParametersGenerator generator =
                new PKCS5S2ParametersGenerator(digest(pbkdf2.getPrf().getAlgorithm()));
        byte[] utf8 = PBEParametersGenerator.PKCS5PasswordToUTF8Bytes(passphrase);
        generator.init(utf8, pbkdf2.getSalt(), rounds.intValueExact());
        return generator;
    }

    private static Digest digest(ASN1ObjectIdentifier hmac) throws UnknownScheme {
        if (hmac.equals(PKCSObjectIdentifiers.id_hmacWithSHA1)) {
            return new SHA1Digest();
        }
        if (hmac.equals(PKCSObjectIdentifiers.id_hmacWithSHA256)) {
            return new SHA256Digest();
        }
        if (hmac.equals(PKCSObjectIdentifiers.id_hmacWithSHA384)) {
            return new SHA384Digest();
        }
        if (hmac.equals(PKCSObjectIdentifiers.id_hmacWithSHA512)) {
            return new SHA512Digest();
        }
        throw new UnknownScheme("hash function " + hmac);
    }

    private static Optional<byte[]> decrypt(PaddedBufferedBlockCipher cipher, byte[] data) {
        byte[] out = new byte[cipher.getOutputSize(data.length)];
        try {
            int n = cipher.processBytes(data, 0, data.length, out, 0);
            n += cipher.doFinal(out, n);
            return Optional.of(Arrays.copyOf(out, n));
        } catch (InvalidCipherTextException e) {
            return Optional.empty();
        } finally {
            Arrays.fill(out, (byte) 0);
        }
    }
}
