package dev.twoliter.oci.internal.keys;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * NaCl's secretbox: XSalsa20 with a Poly1305 tag before the ciphertext. The first 32 bytes of the key stream are the
 * tag's key, and the message is encrypted with what follows.
 */
final class SecretBox {

    static final int KEY = 32;
    static final int NONCE = 24;
    private static final int TAG = 16;

    private final XSalsa20Engine cipher = new XSalsa20Engine();
    private final Poly1305 mac = new Poly1305();

    SecretBox(byte[] key, byte[] nonce) {
        cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] first = new byte[32];
        cipher.processBytes(first, 0, first.length, first, 0);
        mac.init(new KeyParameter(first));
    }

    /** Encrypts; once for each object. */
    byte[] seal(byte[] message) {
        byte[] sealed = new byte[TAG + message.length];
        cipher.processBytes(message, 0, message.length, sealed, TAG);
        System.arraycopy(tag(sealed), 0, sealed, 0, TAG);
        return sealed;
    }

    /** Decrypts; once for each object. Empty when the tag is wrong: another key, or changed content. */
    Optional<byte[]> open(byte[] sealed) {
        if (sealed.length < TAG || !MessageDigest.isEqual(tag(sealed), Arrays.copyOf(sealed, TAG))) {
            return Optional.empty();
        }
        byte[] message = new byte[sealed.length - TAG];
        cipher.processBytes(sealed, TAG, message.length, message, 0);
        return Optional.of(message);
    }

    private byte[] tag(byte[] sealed) {
        mac.update(sealed, TAG, sealed.length - TAG);
        byte[] tag = new byte[TAG];
        mac.doFinal(tag, 0);
        return tag;
    }
}
