package dev.twoliter.core.internal.io;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of files. Thread-safe. */
public final class Hashing {

    private static final int BUFFER = 1 << 16;

    private Hashing() {}

    /**
     * {@return the digest of a file}
     *
     * @param file the file
     * @throws StorageException if it cannot be read
     */
    public static Digest sha256(Path file) {
        try {
            return copy(file, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /**
     * Copies a file into a stream, in one reading.
     *
     * @param file the file
     * @param out where to
     * @return the digest of what was copied
     * @throws IOException if either fails
     */
    public static Digest copy(Path file, OutputStream out) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return copy(in, out);
        }
    }

    /**
     * Copies a stream into another.
     *
     * @param in from where, to its end
     * @param out where to
     * @return the digest of what was copied
     * @throws IOException if either fails
     */
    public static Digest copy(InputStream in, OutputStream out) throws IOException {
        return Digest.ofSha256Hash(copy(in, out, Digest.newSha256()));
    }

    /**
     * Copies a stream into another.
     *
     * @param in from where, to its end
     * @param out where to
     * @return the SHA-512 of what was copied
     * @throws IOException if either fails
     */
    public static Digest copySha512(InputStream in, OutputStream out) throws IOException {
        return new Digest("sha512", HexFormat.of().formatHex(copy(in, out, newSha512())));
    }

    /** {@return a new SHA-512 function; every JDK has it} */
    public static MessageDigest newSha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks SHA-512", e);
        }
    }

    private static byte[] copy(InputStream in, OutputStream out, MessageDigest digest) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
            out.write(buffer, 0, n);
        }
        return digest.digest();
    }
}
