package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.RpmPackage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A package with the digest and the size of its whole file. */
record HashedPackage(RpmPackage rpm, String sha256, long size) {

    static HashedPackage read(Path file) {
        RpmPackage rpm = RpmPackage.open(file);
        MessageDigest digest = Digest.newSha256();
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                size += n;
            }
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
        return new HashedPackage(rpm, HexFormat.of().formatHex(digest.digest()), size);
    }
}
