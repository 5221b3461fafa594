package dev.twoliter.oci;

import dev.twoliter.oci.internal.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;

/** The content of the entry of an archive that is being shown. Not thread-safe. */
final class TarContent extends InputStream {
    private final TarReader tar;

    TarContent(TarReader tar) {
        this.tar = tar;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return tar.read(one) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        byte[] part = new byte[length];
        int n = tar.read(part);
        if (n > 0) {
            System.arraycopy(part, 0, buffer, offset, n);
        }
        return n;
    }
}
