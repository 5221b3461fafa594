package dev.twoliter.core.internal.kmod;

import java.util.Comparator;

/**
 * The order in which depmod writes symbols: by the bucket of its table of symbols (libkmod's hash.c: Paul Hsieh's
 * SuperFastHash and 2048 buckets), then by name.
 */
final class SymbolOrder {
    private static final int BUCKETS = 2048;

    static final Comparator<String> INSTANCE = Comparator.<String>comparingInt(name -> hash(name) & (BUCKETS - 1))
            .thenComparing(Comparator.naturalOrder());

    private SymbolOrder() {}

    private static int hash(String name) {
        int hash = name.length();
        int at = 0;
        for (; at + 4 <= name.length(); at += 4) {
            hash += pair(name, at);
            hash = (hash << 16) ^ (pair(name, at + 2) << 11) ^ hash;
            hash += hash >>> 11;
        }
        switch (name.length() - at) {
            case 3 -> {
                hash += pair(name, at);
                hash ^= hash << 16;
                hash ^= name.charAt(at + 2) << 18;
                hash += hash >>> 11;
            }
            case 2 -> {
                hash += pair(name, at);
                hash ^= hash << 11;
                hash += hash >>> 17;
            }
            case 1 -> {
                hash += name.charAt(at);
                hash ^= hash << 10;
                hash += hash >>> 1;
            }
            default -> {} // nothing is left
        }
        hash ^= hash << 3;
        hash += hash >>> 5;
        hash ^= hash << 4;
        hash += hash >>> 17;
        hash ^= hash << 25;
        return hash + (hash >>> 6);
    }

    private static int pair(String name, int at) {
        return name.charAt(at) | name.charAt(at + 1) << 8;
    }
}
