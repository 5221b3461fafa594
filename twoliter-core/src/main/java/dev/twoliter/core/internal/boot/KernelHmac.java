package dev.twoliter.core.internal.boot;

import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The file by which a kernel in FIPS mode finds out that it is whole: {@code .vmlinuz.hmac}, a line as sha512hmac(1)
 * reads it. The key is no secret; it is the one that Red Hat's tool has built in (variant-image.md 2.12).
 */
public final class KernelHmac {
    private static final String ALGORITHM = "HmacSHA512";
    private static final byte[] KEY = "FIPS-FTW-RHT2009".getBytes(StandardCharsets.US_ASCII);

    private KernelHmac() {}

    /**
     * Computes the line.
     *
     * @param kernel the file as it is booted, so with its signature
     * @param name the file's name
     * @return the digest in lower-case hexadecimal, two spaces, the name and a newline
     * @throws StorageException if the kernel cannot be read
     */
    public static String line(ContentSource kernel, String name) {
        try (InputStream in = kernel.open()) {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(KEY, ALGORITHM));
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                mac.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(mac.doFinal()) + "  " + name + "\n";
        } catch (IOException e) {
            throw StorageException.of("read", name, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
