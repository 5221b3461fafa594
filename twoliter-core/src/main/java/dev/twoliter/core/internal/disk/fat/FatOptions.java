package dev.twoliter.core.internal.disk.fat;

import java.util.Locale;

/**
 * What a FAT volume shall be like, besides what it holds. Immutable.
 *
 * @param size in bytes; what exceeds a multiple of 16 KiB stays unused
 * @param volumeId its identifier, often shown as {@code 1234-ABCD}
 * @param label at most 11 characters of upper-case ASCII; empty for none
 * @param time of its making, seconds since 1970
 */
public record FatOptions(long size, int volumeId, String label, long time) {
    private static final String FORBIDDEN = "\"*+,./:;<=>?[\\]|";

    /** Checks the ranges. */
    public FatOptions {
        boolean plain = label.chars().allMatch(c -> c >= ' ' && c < 0x7F && FORBIDDEN.indexOf(c) < 0);
        if (label.length() > 11
                || !plain
                || !label.equals(label.toUpperCase(Locale.ROOT).strip())) {
            throw new IllegalArgumentException("not a label of at most 11 upper-case characters: " + label);
        }
        if (size < 0 || time < 0) {
            throw new IllegalArgumentException("negative size or time");
        }
    }
}
