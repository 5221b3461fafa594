package dev.twoliter.core.internal.disk.erofs;

import org.jspecify.annotations.Nullable;

/**
 * Cuts a compressed LZ4 block at an earlier end, so that it fills a given number of bytes: the library compresses a given
 * number of bytes only. What is left is a valid block, whose last match begins at least 12 bytes and ends at least 5
 * bytes before its end (lz4_Block_format.md, "End of block restrictions"). Not thread-safe.
 *
 * <p>A block is a row of sequences: u8 token (upper half: literals; lower half: match length less 4; 15: more bytes
 * follow, up to one that is not 255); literals; u16 distance. The last one ends with its literals.
 */
final class Lz4Cut {
    private static final int MIN_MATCH = 4;
    private static final int LAST_LITERALS = 5;
    private static final int LAST_MATCH = 12;
    private static final int RUN = 15;

    private final byte[] out;
    private int outSize;

    /** A sequence: where it begins in the block, where its literals and match begin and end in the content. */
    private record Sequence(int start, int literals, int match, int end, int distance) {
        /** Where the match would end if the content ended there. */
        int endWithin(int content) {
            return Math.min(end, content - LAST_LITERALS);
        }
    }

    /** Takes blocks that are cut to at most so many bytes. */
    Lz4Cut(int maxSize) {
        this.out = new byte[maxSize];
    }

    /** The cut block, until the next cut. */
    byte[] bytes() {
        return out;
    }

    int size() {
        return outSize;
    }

    /**
     * Cuts a block.
     *
     * @param block the compressed block, in its first bytes
     * @param content what it was made of
     * @param from where that begins
     * @param length how much that is
     * @param limit so many bytes at most shall be left
     * @return how much of the content is left in the block: a multiple of 4096; 0 if that would be nothing
     */
    int cut(byte[] block, byte[] content, int from, int length, int limit) {
        Sequence best = null;
        int bestEnd = 0;
        Sequence last = null;
        int candidate = ErofsFormat.BLOCK;
        int at = 0;
        int place = 0;
        while (candidate <= length) {
            int start = at;
            int literals = place;
            int token = block[at++] & 0xFF;
            int count = token >>> 4;
            if (count == RUN) {
                int more;
                do {
                    more = block[at++] & 0xFF;
                    count += more;
                } while (more == 0xFF);
            }
            at += count;
            place += count;
            boolean end = place >= length;
            int reach = end ? length + LAST_MATCH : place;
            // up to here, the sequence before is the last whose match can stay
            for (; candidate <= length && candidate - LAST_MATCH < reach; candidate += ErofsFormat.BLOCK) {
                if (sizeOf(last, candidate) > limit) {
                    return write(best, bestEnd, block, content, from);
                }
                best = last;
                bestEnd = candidate;
            }
            if (end) {
                break;
            }
            int distance = (block[at] & 0xFF) | ((block[at + 1] & 0xFF) << 8);
            at += 2;
            int match = (token & RUN) + MIN_MATCH;
            if ((token & RUN) == RUN) {
                int more;
                do {
                    more = block[at++] & 0xFF;
                    match += more;
                } while (more == 0xFF);
            }
            last = new Sequence(start, literals, place, place + match, distance);
            place += match;
        }
        return write(best, bestEnd, block, content, from);
    }

    private static int sizeOf(@Nullable Sequence last, int end) {
        if (last == null) {
            return runSize(end);
        }
        int matchEnd = last.endWithin(end);
        int match = matchEnd - last.match;
        return last.start + runSize(last.match - last.literals) + 2 + more(match - MIN_MATCH) + runSize(end - matchEnd);
    }

    /** The size of a token and literals. */
    private static int runSize(int literals) {
        return 1 + more(literals) + literals;
    }

    /** How many bytes of length follow a token. */
    private static int more(int length) {
        return length < RUN ? 0 : (length - RUN) / 0xFF + 1;
    }

    private int write(@Nullable Sequence last, int end, byte[] block, byte[] content, int from) {
        outSize = 0;
        if (end == 0) {
            return 0;
        }
        int place = 0;
        if (last != null) {
            System.arraycopy(block, 0, out, 0, last.start);
            outSize = last.start;
            place = last.endWithin(end);
            run(content, from + last.literals, last.match - last.literals, place - last.match - MIN_MATCH);
            out[outSize++] = (byte) last.distance;
            out[outSize++] = (byte) (last.distance >>> 8);
            length(place - last.match - MIN_MATCH);
        }
        run(content, from + place, end - place, 0);
        return end;
    }

    private void run(byte[] content, int from, int literals, int match) {
        out[outSize++] = (byte) (Math.min(literals, RUN) << 4 | Math.min(match, RUN));
        length(literals);
        System.arraycopy(content, from, out, outSize, literals);
        outSize += literals;
    }

    private void length(int length) {
        if (length >= RUN) {
            int rest = length - RUN;
            for (; rest >= 0xFF; rest -= 0xFF) {
                out[outSize++] = (byte) 0xFF;
            }
            out[outSize++] = (byte) rest;
        }
    }
}
