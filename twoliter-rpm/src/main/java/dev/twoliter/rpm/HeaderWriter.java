package dev.twoliter.rpm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * Lays out a header as {@link RpmHeader} describes it: region first, entries sorted by tag, data in the same order and
 * aligned to its type, the region's trailer last. Not thread-safe.
 */
final class HeaderWriter {
    private record Value(int type, int count, byte[] data) {}

    private final TreeMap<Integer, Value> values = new TreeMap<>();

    HeaderWriter string(int tag, String text) {
        return put(tag, RpmHeader.TYPE_STRING, 1, nulTerminated(List.of(text)));
    }

    /** A text in the locale C only. */
    HeaderWriter translated(int tag, String text) {
        return put(tag, RpmHeader.TYPE_I18NSTRING, 1, nulTerminated(List.of(text)));
    }

    HeaderWriter strings(int tag, Collection<String> texts) {
        return put(tag, RpmHeader.TYPE_STRING_ARRAY, texts.size(), nulTerminated(texts));
    }

    HeaderWriter int16(int tag, long... numbers) {
        ByteBuffer data = ByteBuffer.allocate(numbers.length * 2);
        for (long number : numbers) {
            data.putShort((short) number);
        }
        return put(tag, RpmHeader.TYPE_INT16, numbers.length, data.array());
    }

    HeaderWriter int32(int tag, long... numbers) {
        ByteBuffer data = ByteBuffer.allocate(numbers.length * 4);
        for (long number : numbers) {
            data.putInt((int) number);
        }
        return put(tag, RpmHeader.TYPE_INT32, numbers.length, data.array());
    }

    HeaderWriter int64(int tag, long... numbers) {
        ByteBuffer data = ByteBuffer.allocate(numbers.length * 8);
        for (long number : numbers) {
            data.putLong(number);
        }
        return put(tag, RpmHeader.TYPE_INT64, numbers.length, data.array());
    }

    HeaderWriter bytes(int tag, byte[] data) {
        return put(tag, RpmHeader.TYPE_BIN, data.length, data);
    }

    /** An entry of another header, as it is. */
    HeaderWriter raw(RpmHeader from, RpmHeader.Entry entry) {
        return put(entry.tag(), entry.type(), entry.count(), from.bytes(entry.tag()));
    }

    /** The format has no empty entries: a list without elements is left out. */
    private HeaderWriter put(int tag, int type, int count, byte[] data) {
        if (count > 0) {
            values.put(tag, new Value(type, count, data));
        }
        return this;
    }

    HeaderWriter remove(int tag) {
        values.remove(tag);
        return this;
    }

    private static byte[] nulTerminated(Collection<String> texts) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (String text : texts) {
            data.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            data.write(0);
        }
        return data.toByteArray();
    }

    byte[] toBlob(int regionTag) {
        int entries = values.size() + 1;
        ByteBuffer index = ByteBuffer.allocate(RpmHeader.INTRO_BYTES + entries * RpmHeader.ENTRY_BYTES);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        index.position(RpmHeader.INTRO_BYTES + RpmHeader.ENTRY_BYTES);
        values.forEach((tag, value) -> {
            data.writeBytes(new byte[-data.size() & (alignment(value.type) - 1)]);
            index.putInt(tag).putInt(value.type).putInt(data.size()).putInt(value.count);
            data.writeBytes(value.data);
        });
        int trailerAt = data.size();
        data.writeBytes(region(regionTag, -entries * RpmHeader.ENTRY_BYTES).array());
        index.rewind()
                .putLong(RpmHeader.MAGIC)
                .putInt(entries)
                .putInt(data.size())
                .put(region(regionTag, trailerAt));
        byte[] blob = java.util.Arrays.copyOf(index.array(), index.capacity() + data.size());
        System.arraycopy(data.toByteArray(), 0, blob, index.capacity(), data.size());
        return blob;
    }

    private static ByteBuffer region(int tag, int offset) {
        return ByteBuffer.allocate(RpmHeader.ENTRY_BYTES)
                .putInt(tag)
                .putInt(RpmHeader.TYPE_BIN)
                .putInt(offset)
                .putInt(RpmHeader.ENTRY_BYTES)
                .rewind();
    }

    private static int alignment(int type) {
        return switch (type) {
            case RpmHeader.TYPE_INT16 -> 2;
            case RpmHeader.TYPE_INT32 -> 4;
            case RpmHeader.TYPE_INT64 -> 8;
            default -> 1;
        };
    }
}
