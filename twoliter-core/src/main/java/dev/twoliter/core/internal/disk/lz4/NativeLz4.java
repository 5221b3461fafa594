package dev.twoliter.core.internal.disk.lz4;

import dev.twoliter.api.StorageException;
import java.io.IOException;
import net.jpountz.lz4.LZ4Factory;

/** The native library of LZ4. */
public final class NativeLz4 {
    private NativeLz4() {}

    /**
     * Loads it. The library's translation to Java is no substitute: it compresses to other bytes.
     *
     * @return the library
     * @throws StorageException if it cannot be loaded
     */
    public static LZ4Factory load() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | AssertionError e) {
            throw new StorageException(
                    "lz4-java",
                    "cannot load the native library of lz4-java: " + e.getMessage(),
                    "let java.io.tmpdir be a directory from which libraries can be loaded; the library exists for"
                            + " Linux, macOS and Windows",
                    new IOException(e));
        }
    }
}
