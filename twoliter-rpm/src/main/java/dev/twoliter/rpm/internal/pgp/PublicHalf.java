package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.api.SigningException;
import java.nio.file.Path;

/**
 * What others need to check the signatures of a key.
 *
 * @param armored the file's keys, armoured
 * @param keyId of the key that is expected to sign, 16 lower-case hexadecimal digits
 */
public record PublicHalf(String armored, String keyId) {

    public static PublicHalf read(Path file) {
        KeyRing ring = KeyRing.read(file, false);
        return new PublicHalf(
                ring.publicArmored(),
                ring.signingKeys().stream()
                        .findFirst()
                        .map(key -> PublicKeys.hex(key.packet().keyId()))
                        .orElseThrow(() -> new SigningException(
                                file + ": no key in this file may sign",
                                "Export the public half of the key that signs.",
                                null)));
    }
}
