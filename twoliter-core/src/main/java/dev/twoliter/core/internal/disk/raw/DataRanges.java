package dev.twoliter.core.internal.disk.raw;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Where a disk image has data; all else is holes. Not thread-safe. */
public final class DataRanges {

    /** Both copies of the partition table are well within their megabyte. */
    private static final long TABLE = 1 << 20;

    private final long size;
    /** Start to end. */
    private final NavigableMap<Long, Long> ranges = new TreeMap<>();

    /** An image of a size, with nothing but its partition table and boot code. */
    DataRanges(long size) {
        this.size = size;
        add(0, Math.min(TABLE, size));
        add(Math.max(size - TABLE, 0), Math.min(TABLE, size));
    }

    /** Adds bytes that begin nowhere inside of others. */
    void add(long offset, long count) {
        Map.Entry<Long, Long> before = ranges.lowerEntry(offset);
        boolean joins = before != null && before.getValue() >= offset;
        ranges.merge(joins ? before.getKey() : offset, offset + count, Math::max);
    }

    /** The size of the image. */
    long size() {
        return size;
    }

    /** Whether a place is within data. */
    boolean has(long place) {
        Map.Entry<Long, Long> before = ranges.floorEntry(place);
        return before != null && place < before.getValue();
    }

    /** How far the data, or the hole, that a place is in goes. */
    long end(long place) {
        Map.Entry<Long, Long> before = ranges.floorEntry(place);
        if (before != null && place < before.getValue()) {
            return before.getValue();
        }
        Long next = ranges.higherKey(place);
        return next == null ? size : next;
    }
}
