package dev.twoliter.rpm.internal.pgp;

import java.io.*;
import java.time.Instant;

public final class SecretKey {
    public static SecretKey open(Object f) {
        throw new UnsupportedOperationException("not yet");
    }

    public byte[] sign(InputStream i, Instant t) throws IOException {
        throw new UnsupportedOperationException("not yet");
    }

    public boolean isRsa() {
        throw new UnsupportedOperationException("not yet");
    }

    public String detached(InputStream i, Instant t) throws IOException {
        throw new UnsupportedOperationException("not yet");
    }

    public String publicKeyArmored() {
        throw new UnsupportedOperationException("not yet");
    }

    public String keyId() {
        throw new UnsupportedOperationException("not yet");
    }
}
