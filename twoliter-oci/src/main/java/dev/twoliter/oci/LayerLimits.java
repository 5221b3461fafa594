package dev.twoliter.oci;

/**
 * How much a layer may make of itself; one that wants more is refused before it gets it. Immutable, thread-safe.
 *
 * @param maxBytes how many bytes its tar may have after decompression
 * @param maxEntries how many files, links and directories it may have, also directories that only names imply
 * @param maxRatio how many times the bytes that were read its tar may have, beyond the first 64 MiB
 */
public record LayerLimits(long maxBytes, int maxEntries, int maxRatio) {

    /**
     * 64 GiB, 100,000 entries, 100 times its size. Packages are compressed already, and what is not, such as XML, shrinks
     * to a tenth at best; gzip makes a thousandth of zeros.
     */
    public static final LayerLimits DEFAULT = new LayerLimits(64L << 30, 100_000, 100);

    public LayerLimits {
        if (maxBytes < 0 || maxEntries < 0 || maxRatio < 1) {
            throw new IllegalArgumentException("limits are 0 or more, a ratio is 1 or more");
        }
    }
}
