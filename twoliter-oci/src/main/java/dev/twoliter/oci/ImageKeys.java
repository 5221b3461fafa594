package dev.twoliter.oci;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Makes and reads the P-256 keys that images are signed with: PKCS#8 and SPKI in PEM, as cosign takes the latter. */
public final class ImageKeys {

    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final int MAX_FILE = 1 << 16;

    private ImageKeys() {}

    /**
     * Makes a key pair; overwrites nothing.
     *
     * @param privateFile where the private key goes, readable by its owner only
     * @param publicFile where the public key goes
     * @throws SigningException if one of the files is there already
     * @throws StorageException if a file cannot be written
     */
    public static void generate(Path privateFile, Path publicFile) {
        requireAbsent(privateFile);
        requireAbsent(publicFile);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            write(privateFile, "rw-------", PRIVATE, pair.getPrivate().getEncoded());
            write(publicFile, "rw-r--r--", PUBLIC, pair.getPublic().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new SigningException("this JDK cannot make P-256 keys", "Use a complete JDK.", e);
        }
    }

    private static void requireAbsent(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SigningException(
                    "the key file " + file + " is there already and is not overwritten",
                    "Move it away, or choose another directory.",
                    null);
        }
    }

    private static void write(Path file, String permissions, String type, byte[] key) {
        String pem = "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key) + "\n-----END " + type + "-----\n";
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.createFile(file, attributes);
            Files.writeString(file, pem, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            requireAbsent(file);
            throw StorageException.of("write", file, e);
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    /**
     * Reads a private key.
     *
     * @param file a PKCS#8 PEM file that is not encrypted
     * @return the key
     * @throws SigningException if it is not a P-256 private key
     */
    public static ImageSigningKey load(KeyFile file) {
        byte[] der = read(file.path(), PRIVATE);
        try {
            ECPrivateKey key =
                    (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            requireP256(file.path(), key);
            return new ImageSigningKey(key.getS());
        } catch (GeneralSecurityException | ClassCastException | IllegalArgumentException e) {
            throw unusable(file.path(), PRIVATE, e);
        }
    }

    /**
     * Reads a public key.
     *
     * @param file an SPKI PEM file
     * @return the key
     * @throws SigningException if it is not a P-256 public key
     */
    public static ImagePublicKey loadPublic(Path file) {
        byte[] der = read(file, PUBLIC);
        try {
            ECPublicKey key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
            requireP256(file, key);
            return new ImagePublicKey(file, key);
        } catch (GeneralSecurityException | ClassCastException e) {
            throw unusable(file, PUBLIC, e);
        }
    }

    private static void requireP256(Path file, ECKey key) {
        if (!key.getParams().getOrder().equals(ImageSigningKey.ORDER)) {
            throw new SigningException("the key file " + file + " holds a key of another curve than P-256", "", null);
        }
    }

    private static byte[] read(Path file, String type) {
        String pem;
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new SigningException("the key file " + file + " is too large to be a key", "", null);
            }
            pem = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
        String begin = "-----BEGIN " + type + "-----";
        int start = pem.indexOf(begin);
        int end = pem.indexOf("-----END " + type + "-----");
        if (start < 0 || end < start) {
            throw new SigningException(
                    "the key file " + file + " has no " + begin,
                    pem.contains("ENCRYPTED")
                            ? "Encrypted key files cannot be read yet: give an unencrypted PKCS#8 key."
                            : "Give a PEM file, such as `twoliter keys generate` makes.",
                    null);
        }
        try {
            return Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
        } catch (IllegalArgumentException e) {
            throw unusable(file, type, e);
        }
    }

    private static SigningException unusable(Path file, String type, Exception cause) {
        return new SigningException(
                "the key file " + file + " holds no P-256 " + type.toLowerCase(java.util.Locale.ROOT),
                "Make one with `twoliter keys generate`.",
                cause);
    }
}
