package dev.twoliter.oci.internal.keys;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.jspecify.annotations.Nullable;

/** Reads and writes P-256 keys in every form of file that is in use; refuses other keys by name. */
public final class EcKeys {

    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final String SEALED = "ENCRYPTED SIGSTORE PRIVATE KEY";
    private static final ASN1ObjectIdentifier P256 = SECObjectIdentifiers.secp256r1;
    private static final Map<ASN1ObjectIdentifier, String> NAMES = Map.of(
            SECObjectIdentifiers.secp384r1,
            "P-384",
            SECObjectIdentifiers.secp521r1,
            "P-521",
            SECObjectIdentifiers.secp256k1,
            "secp256k1",
            PKCSObjectIdentifiers.rsaEncryption,
            "RSA",
            new ASN1ObjectIdentifier("1.3.101.112"),
            "Ed25519",
            new ASN1ObjectIdentifier("1.3.101.113"),
            "Ed448",
            X9ObjectIdentifiers.id_dsa,
            "DSA");

    private EcKeys() {}

    /**
     * Reads a private key: PKCS#8, encrypted or not, cosign's encrypted form under both its names, or SEC 1.
     *
     * @return the secret number; whether it is in the curve's range is for the caller to check
     */
    public static BigInteger readPrivate(KeyFile file) {
        Path path = file.path();
        Pem pem = Pem.read(path);
        try {
            return switch (pem.type()) {
                case PRIVATE -> pkcs8(path, pem.content());
                case SEALED, "ENCRYPTED COSIGN PRIVATE KEY" -> pkcs8(path, unseal(file, pem.content()));
                case "ENCRYPTED PRIVATE KEY" -> encrypted(file, pem.content());
                case "EC PRIVATE KEY" -> sec1(path, ECPrivateKey.getInstance(pem.content()), null);
                case "RSA PRIVATE KEY" -> throw otherKind(path, "RSA");
                default ->
                    throw new SigningException(
                            "the key file " + path + " holds a " + pem.type() + ", not a private key",
                            "Give the private key that `twoliter keys generate --image` or cosign has made.",
                            null);
            };
        } catch (IllegalArgumentException | ClassCastException | IOException | IllegalStateException e) {
            throw damaged(path, e);
        }
    }

    private static BigInteger pkcs8(Path file, byte[] der) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(der);
        requireP256(file, info.getPrivateKeyAlgorithm());
        return sec1(file, ECPrivateKey.getInstance(info.parsePrivateKey()), P256);
    }

    /** Inside PKCS#8 the curve is named outside, and need not be named again. */
    private static BigInteger sec1(Path file, ECPrivateKey key, @Nullable ASN1ObjectIdentifier curve) {
        Optional<ASN1Encodable> named = Optional.ofNullable(key.getParametersObject());
        if (named.isPresent() || curve == null) {
            requireCurve(file, named.orElse(null));
        }
        return key.getKey();
    }

    /** Reads a public key: SPKI. */
    public static ECPublicKeyParameters readPublic(Path file) {
        Pem pem = Pem.read(file);
        if (!pem.type().equals(PUBLIC)) {
            throw new SigningException(
                    "the key file " + file + " holds a " + pem.type() + ", not a public key",
                    "Give the public half, which `twoliter keys generate --image` and cosign write beside the private"
                            + " one.",
                    null);
        }
        try {
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(pem.content());
            requireP256(file, info.getAlgorithm());
            return (ECPublicKeyParameters) PublicKeyFactory.createKey(info);
        } catch (IllegalArgumentException | ClassCastException | IllegalStateException | IOException e) {
            throw damaged(file, e);
        }
    }

    private static void requireP256(Path file, AlgorithmIdentifier algorithm) {
        if (!algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            throw otherKind(file, name(algorithm.getAlgorithm()));
        }
        requireCurve(file, algorithm.getParameters());
    }

    /** A curve that is spelt out rather than named is refused too: it could be P-256 with another base point. */
    private static void requireCurve(Path file, @Nullable ASN1Encodable parameters) {
        if (!P256.equals(parameters)) {
            throw otherKind(
                    file, parameters instanceof ASN1ObjectIdentifier curve ? name(curve) : "EC without a named curve");
        }
    }

    private static String name(ASN1ObjectIdentifier id) {
        return NAMES.getOrDefault(id, id.getId());
    }

    private static byte[] unseal(KeyFile file, byte[] json) {
        String subject = "the key file " + file.path();
        try {
            return SealedKey.open(subject, json, file.passphrase().get())
                    .orElseThrow(() -> wrongPassphrase(file.path(), null));
        } catch (FormatException e) {
            throw new SigningException(String.valueOf(e.getMessage()), "Get the key file anew.", e);
        }
    }

    private static BigInteger encrypted(KeyFile file, byte[] der) {
        Path path = file.path();
        Optional<byte[]> pkcs8;
        try {
            pkcs8 = EncryptedPkcs8.open(der, file.passphrase().get());
        } catch (EncryptedPkcs8.UnknownScheme e) {
            throw new SigningException(
                    "the key file " + path + " is encrypted in a way that is not known: " + e.getMessage(),
                    "Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD.pem -out NEW.pem",
                    e);
        }
        try {
            return pkcs8(path, pkcs8.orElseThrow(() -> wrongPassphrase(path, null)));
        } catch (IllegalArgumentException | ClassCastException | IOException | IllegalStateException e) {
            // Nothing but the padding says that a passphrase is right, and by chance it says so of a wrong one.
            throw wrongPassphrase(path, e);
        }
    }

    /** Turns a private key into the text of a file: cosign's encrypted form, or PKCS#8 when the passphrase is empty. */
    public static String writePrivate(ECPrivateKeyParameters key, ECPublicKeyParameters publicKey, char[] passphrase) {
        byte[] pkcs8 = encoded(key, publicKey);
        try {
            return (passphrase.length == 0
                            ? new Pem(PRIVATE, pkcs8)
                            : new Pem(SEALED, SealedKey.seal(pkcs8, passphrase)))
                    .text();
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** As openssl and Go write it: the public half inside, the curve's name only outside. */
    private static byte[] encoded(ECPrivateKeyParameters key, ECPublicKeyParameters publicKey) {
        DERBitString point = new DERBitString(publicKey.getQ().getEncoded(false));
        try {
            return new PrivateKeyInfo(
                            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, P256),
                            new ECPrivateKey(256, key.getD(), point, null))
                    .getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("a P-256 key can always be encoded", e);
        }
    }

    /** Turns a public key into the text of a file. */
    public static String writePublic(ECPublicKeyParameters key) {
        return new Pem(PUBLIC, encoded(key)).text();
    }

    /** {@return the key as SPKI in DER} */
    public static byte[] encoded(ECPublicKeyParameters key) {
        try {
            return new SubjectPublicKeyInfo(
                            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, P256),
                            key.getQ().getEncoded(false))
                    .getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("a P-256 key can always be encoded", e);
        }
    }

    private static SigningException otherKind(Path file, String kind) {
        return new SigningException(
                "the key file " + file + " holds a key of another kind than P-256: " + kind,
                "Images are signed with ECDSA over P-256: `twoliter keys generate --image` makes such a key.",
                null);
    }

    private static SigningException wrongPassphrase(Path file, @Nullable Exception cause) {
        return new SigningException(
                "the key file " + file + " cannot be decrypted: the passphrase is wrong, or the file is damaged",
                "Give the passphrase in a file (--passphrase-file), or in COSIGN_PASSWORD.",
                cause);
    }

    /** Reports a key that cannot be what it says. */
    public static SigningException damaged(Path file, Exception cause) {
        return new SigningException("the key file " + file + " is damaged", "Get it anew.", cause);
    }
}
