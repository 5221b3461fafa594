package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.RpmPackage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** A package with the digest and the size of its whole file. */
record HashedPackage(RpmPackage rpm, String sha256, long size) {
    /** Small enough to stay in a processor's cache between reading and hashing. */
    private static final int BUFFER = 1 << 17;

    static HashedPackage read(Path file) {
        RpmPackage rpm = RpmPackage.open(file);
        try {
            return new HashedPackage(rpm, digest(file, "sha256"), Files.size(file));
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /** Returns the digest of a file in lower-case hexadecimal. */
    static String digest(Path file, String algorithm) throws IOException {
        MessageDigest digest = function(algorithm);
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest function(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT).replace("SHA", "SHA-"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks " + algorithm, e);
        }
    }
}
