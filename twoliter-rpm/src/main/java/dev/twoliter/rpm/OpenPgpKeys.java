package dev.twoliter.rpm;

import dev.twoliter.api.KeyFile;
import dev.twoliter.rpm.internal.pgp.KeyGenerator;
import java.nio.file.Path;
import java.time.Instant;

/** Makes OpenPGP key pairs (version 4) that rpm 4.18 and gpg 2.2 understand. */
public final class OpenPgpKeys {
    /**
     * The creation time of a key unless told otherwise. It lies in the past, so that packages built for an early
     * {@code SOURCE_DATE_EPOCH} are not signed before their key existed.
     */
    public static final Instant DEFAULT_CREATION = Instant.parse("2020-01-01T00:00:00Z");

    private OpenPgpKeys() {}

    /** The kinds of keys. */
    public enum Algorithm {
        /** EdDSA over Curve25519, OpenPGP algorithm 22: small and fast. */
        ED25519,
        RSA_3072,
        RSA_4096
    }

    /**
     * Makes an Ed25519 key pair without a passphrase, see
     * {@link #generate(Algorithm, String, Instant, KeyFile, Path)}.
     *
     * @param userId such as {@code Acme packages <rpm@example.com>}
     * @param secretOut the file of the secret key
     * @param publicOut the file of the public key
     */
    public static void generate(String userId, Path secretOut, Path publicOut) {
        generate(Algorithm.ED25519, userId, DEFAULT_CREATION, KeyFile.of(secretOut), publicOut);
    }

    /**
     * Makes a key pair and writes both halves armoured.
     *
     * @param algorithm the kind
     * @param userId such as {@code Acme packages <rpm@example.com>}
     * @param created the key's creation time
     * @param secretOut the file of the secret key, mode 0600; encrypted with the passphrase unless that is empty
     * @param publicOut the file of the public key
     * @throws dev.twoliter.api.StorageException if a file exists already or cannot be written
     */
    public static void generate(
            Algorithm algorithm, String userId, Instant created, KeyFile secretOut, Path publicOut) {
        KeyGenerator.generate(algorithm, userId, created, secretOut, publicOut);
    }
}
