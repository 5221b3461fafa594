package dev.twoliter.rpm.internal.pgp;

public final class KeyGenerator {
    public static void generate(Object a, String u, Object c, Object s, Object p) {
        throw new UnsupportedOperationException("not yet");
    }
}
