package dev.twoliter.core.internal.boot.secure;

import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.RpmSigner;
import dev.twoliter.rpm.Signer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The OpenPGP key that signs GRUB's configuration. GRUB 2.06 knows RSA and DSA only. Immutable.
 */
public final class ConfigKey {
    private static final Pattern ARMOR =
            Pattern.compile("-----BEGIN PGP [A-Z ]+-----\r?\n(?:[^\n]+\n)*\r?\n([A-Za-z0-9+/=\\s]+?)(?:\r?\n=....\\s)");

    private final Signer signer;
    private final byte[] publicKey;

    private ConfigKey(Signer signer, byte[] publicKey) {
        this.signer = signer;
        this.publicKey = publicKey;
    }

    /**
     * Reads a key.
     *
     * @param file the secret key, RSA, armoured or binary
     * @return the key
     * @throws SigningException if there is no such key in it, or the passphrase is wrong
     * @throws StorageException if it cannot be read
     */
    public static ConfigKey open(KeyFile file) {
        Signer signer = Signer.openPgp(file);
        byte[] publicKey = binary(RpmSigner.open(file).publicKeyArmored());
        requireRsa(file, publicKey);
        return new ConfigKey(signer, publicKey);
    }

    /** The first packet of a ring is the primary key: tag, length, version, time u32, algorithm (RFC 4880, 5.5.2). */
    private static void requireRsa(KeyFile file, byte[] ring) {
        boolean isNew = ring.length > 12 && (ring[0] & 0x40) != 0;
        int header = isNew ? ((ring[1] & 0xFF) < 192 ? 2 : 3) : 2 + (1 << (ring[0] & 3)) - 1;
        if (ring.length < header + 6 || ring[header + 5] != 1) {
            throw new SigningException(
                    "the key " + file.path() + " is not an RSA key, and GRUB understands no newer ones",
                    "`twoliter keys generate --secure-boot` makes one.",
                    null);
        }
    }

    private static byte[] binary(String armored) {
        Matcher armor = ARMOR.matcher(armored);
        if (!armor.find()) {
            throw new IllegalStateException("our own armour is malformed");
        }
        return Base64.getMimeDecoder().decode(armor.group(1));
    }

    /** {@return the public key, binary, as GRUB reads it from its section} */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * Signs.
     *
     * @param content what to sign
     * @param time the signature's time; the key's creation time if that is later
     * @return a detached signature, binary
     * @throws SigningException if the key cannot be used
     */
    public byte[] sign(byte[] content, Instant time) {
        Objects.requireNonNull(time, "time");
        try {
            return signer.sign(new ByteArrayInputStream(content), time);
        } catch (IOException e) {
            throw StorageException.of("sign", "grub.cfg", e);
        }
    }
}
