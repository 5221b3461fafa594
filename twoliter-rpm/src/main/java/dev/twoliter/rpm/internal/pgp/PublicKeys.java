package dev.twoliter.rpm.internal.pgp;

import java.io.*;

public final class PublicKeys {
    public static PublicKeys read(Object f) {
        throw new UnsupportedOperationException("not yet");
    }

    public dev.twoliter.rpm.RpmVerification.Result verifyDetached(InputStream i, byte[] s) throws IOException {
        throw new UnsupportedOperationException("not yet");
    }
}
