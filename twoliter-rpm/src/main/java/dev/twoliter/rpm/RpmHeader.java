package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One header of an RPM: numbered entries over a store of data. All numbers are big-endian.
 *
 * <pre>
 * 8E AD E8 01 | 00 00 00 00 | entries u32 | data bytes u32
 * per entry: tag u32 | type u32 | offset u32 | count u32
 * data
 * </pre>
 *
 * The first entry may be a region (tag 62 or 63) whose 16-byte trailer ends the data. Source: rpm's manual, "RPM v4
 * package format", and the limits of rpm 4.18 ({@code header.c}). Immutable, thread-safe.
 */
public final class RpmHeader {

    static final int INTRO_BYTES = 16;
    static final int ENTRY_BYTES = 16;
    static final long MAGIC = 0x8EADE801_00000000L;

    /** Ours: thirty times the files of the largest kernel package; a list of texts costs memory per text. */
    private static final int MAX_TEXTS = 1 << 21;

    static final int TYPE_CHAR = 1;
    static final int TYPE_INT8 = 2;
    static final int TYPE_INT16 = 3;
    static final int TYPE_INT32 = 4;
    static final int TYPE_INT64 = 5;
    static final int TYPE_STRING = 6;
    static final int TYPE_BIN = 7;
    static final int TYPE_STRING_ARRAY = 8;
    static final int TYPE_I18NSTRING = 9;

    /** What a header may hold at most; rpm 4.18 has one limit for each of the two headers. */
    enum Limits {
        SIGNATURE(RpmTag.HEADERSIGNATURES, 32, 64 << 20),
        MAIN(RpmTag.HEADERIMMUTABLE, 65_535, 256 << 20);

        private final int regionTag;
        private final int entries;
        private final int dataBytes;

        Limits(int regionTag, int entries, int dataBytes) {
            this.regionTag = regionTag;
            this.entries = entries;
            this.dataBytes = dataBytes;
        }
    }

    record Entry(int tag, int type, int offset, int count, int end) {}

    private final String subject;
    private final byte[] blob;
    private final int dataStart;
    private final SortedMap<Integer, Entry> entries;

    private RpmHeader(String subject, byte[] blob, int dataStart, SortedMap<Integer, Entry> entries) {
        this.subject = subject;
        this.blob = blob;
        this.dataStart = dataStart;
        this.entries = entries;
    }

    /** Reads the intro of a header and returns the length of the whole blob, intro included. */
    static int blobLength(byte[] intro, Limits limits, String subject) {
        ByteBuffer buffer = ByteBuffer.wrap(intro);
        if (buffer.getLong() != MAGIC) {
            throw new FormatException(subject, "the " + name(limits) + " does not begin with the magic number");
        }
        int count = buffer.getInt();
        int data = buffer.getInt();
        if (count < 1 || count > limits.entries || data < 1 || data > limits.dataBytes) {
            throw new FormatException(
                    subject,
                    "the " + name(limits) + " claims " + Integer.toUnsignedString(count) + " entries and "
                            + Integer.toUnsignedString(data) + " bytes, which no RPM may have");
        }
        return INTRO_BYTES + count * ENTRY_BYTES + data;
    }

    private static String name(Limits limits) {
        return limits == Limits.MAIN ? "header" : "signature header";
    }

    /** Parses a whole blob, of which {@link #blobLength} has accepted the intro. */
    static RpmHeader parse(byte[] blob, Limits limits, String subject) {
        ByteBuffer buffer = ByteBuffer.wrap(blob);
        int count = buffer.getInt(8);
        int dataLength = buffer.getInt(12);
        int dataStart = INTRO_BYTES + count * ENTRY_BYTES;
        TreeMap<Integer, Entry> entries = new TreeMap<>();
        int previousEnd = 0;
        buffer.position(INTRO_BYTES);
        for (int i = 0; i < count; i++) {
            int tag = buffer.getInt();
            int type = buffer.getInt();
            int offset = buffer.getInt();
            int items = buffer.getInt();
            String what = name(limits) + " entry " + Integer.toUnsignedString(tag);
            if (i == 0 && tag == limits.regionTag) {
                checkRegion(blob, dataStart, new Entry(tag, type, offset, items, dataLength), count, what, subject);
                continue;
            }
            if (tag < 100) {
                throw new FormatException(subject, what + " has a number that is reserved");
            }
            if (offset < 0 || offset >= dataLength || items < 1 || items > dataLength) {
                throw new FormatException(subject, what + " lies outside of the data");
            }
            int end = end(blob, dataStart, type, offset, items, what, subject);
            if (offset < previousEnd) { // rpm wants the data in the order of the entries
                throw new FormatException(subject, what + " overlaps the one before it");
            }
            previousEnd = end;
            if (entries.put(tag, new Entry(tag, type, offset, items, end)) != null) {
                throw new FormatException(subject, what + " occurs twice");
            }
        }
        return new RpmHeader(subject, blob, dataStart, entries);
    }

    private static void checkRegion(byte[] blob, int dataStart, Entry e, int count, String what, String subject) {
        if (e.type != TYPE_BIN || e.count != ENTRY_BYTES || e.offset < 0 || e.offset != e.end - ENTRY_BYTES) {
            throw new FormatException(subject, what + " is not a region over the whole header");
        }
        ByteBuffer trailer = ByteBuffer.wrap(blob, dataStart + e.offset, ENTRY_BYTES);
        int trailerTag = trailer.getInt();
        // Headers that were loaded and written again by old tools carry HEADERIMAGE (61) in the trailer.
        if ((trailerTag != e.tag && trailerTag != 61)
                || trailer.getInt() != TYPE_BIN
                || -trailer.getInt() != count * ENTRY_BYTES
                || trailer.getInt() != ENTRY_BYTES) {
            throw new FormatException(subject, what + " has a trailer that does not cover all entries");
        }
    }

    private static int end(byte[] blob, int dataStart, int type, int offset, int items, String what, String subject) {
        int size = switch (type) {
            case TYPE_CHAR, TYPE_INT8, TYPE_BIN -> 1;
            case TYPE_INT16 -> 2;
            case TYPE_INT32 -> 4;
            case TYPE_INT64 -> 8;
            case TYPE_STRING, TYPE_STRING_ARRAY, TYPE_I18NSTRING -> 0;
            default -> throw new FormatException(subject, what + " has the unknown type " + type);
        };
        int dataLength = blob.length - dataStart;
        if (size > 0) {
            long end = offset + (long) items * size;
            if (offset % size != 0 || end > dataLength) {
                throw new FormatException(subject, what + " lies outside of the data or is not aligned");
            }
            return (int) end;
        }
        if (type == TYPE_STRING && items != 1) {
            throw new FormatException(subject, what + " is one text but counts " + items);
        }
        if (items > MAX_TEXTS) {
            throw new FormatException(subject, what + " counts " + items + " texts, which no RPM has");
        }
        int at = dataStart + offset;
        for (int i = 0; i < items; i++) {
            while (at < blob.length && blob[at] != 0) {
                at++;
            }
            if (at++ >= blob.length) {
                throw new FormatException(subject, what + " has a text without an end");
            }
        }
        return at - dataStart;
    }

    /** {@return the numbers of all entries except the region, ascending} */
    public SortedSet<Integer> tags() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(entries.keySet()));
    }

    /**
     * {@return whether there is such an entry}
     *
     * @param tag see {@link RpmTag}
     */
    public boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /**
     * {@return a text; of an array or a translated text the first one}
     *
     * @param tag see {@link RpmTag}
     * @throws FormatException if the entry holds no text
     */
    public Optional<String> string(int tag) {
        List<String> all = strings(tag, 1);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /**
     * {@return all texts of an entry; empty when there is no entry}
     *
     * @param tag see {@link RpmTag}
     * @throws FormatException if the entry holds no text
     */
    public List<String> strings(int tag) {
        return strings(tag, Integer.MAX_VALUE);
    }

    private List<String> strings(int tag, int atMost) {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return List.of();
        }
        if (entry.type != TYPE_STRING && entry.type != TYPE_STRING_ARRAY && entry.type != TYPE_I18NSTRING) {
            throw new FormatException(subject, "header entry " + tag + " should be text but has type " + entry.type);
        }
        int n = Math.min(entry.count, atMost);
        List<String> texts = new ArrayList<>(n);
        int at = dataStart + entry.offset;
        for (int i = 0; i < n; i++) {
            int start = at;
            while (blob[at] != 0) {
                at++;
            }
            texts.add(decode(start, at - start));
            at++;
        }
        return Collections.unmodifiableList(texts);
    }

    /** Old packages hold Latin-1; what is not UTF-8 is read as that, so that nothing is lost. */
    private String decode(int start, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(blob, start, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(blob, start, length, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * {@return the first number of an entry; numbers below 64 bits are unsigned}
     *
     * @param tag see {@link RpmTag}
     * @throws FormatException if the entry holds no numbers
     */
    public OptionalLong number(int tag) {
        long[] all = ints(tag);
        return all.length == 0 ? OptionalLong.empty() : OptionalLong.of(all[0]);
    }

    /**
     * {@return all numbers of an entry, a new array; empty when there is no entry; numbers below 64 bits are unsigned}
     *
     * @param tag see {@link RpmTag}
     * @throws FormatException if the entry holds no numbers
     */
    public long[] ints(int tag) {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        ByteBuffer data = ByteBuffer.wrap(blob, dataStart + entry.offset, entry.end - entry.offset);
        long[] numbers = new long[entry.count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (entry.type) {
                case TYPE_CHAR, TYPE_INT8 -> data.get() & 0xFFL;
                case TYPE_INT16 -> data.getShort() & 0xFFFFL;
                case TYPE_INT32 -> data.getInt() & 0xFFFF_FFFFL;
                case TYPE_INT64 -> data.getLong();
                default ->
                    throw new FormatException(
                            subject, "header entry " + tag + " should hold numbers but has type " + entry.type);
            };
        }
        return numbers;
    }

    /**
     * {@return the raw bytes of an entry, a new array; empty when there is no entry}
     *
     * @param tag see {@link RpmTag}
     */
    public byte[] bytes(int tag) {
        Entry entry = entries.get(tag);
        return entry == null
                ? new byte[0]
                : java.util.Arrays.copyOfRange(blob, dataStart + entry.offset, dataStart + entry.end);
    }

    /** {@return the raw bytes in lower-case hexadecimal; empty when there is no entry} */
    String hex(int tag) {
        return HexFormat.of().formatHex(bytes(tag));
    }

    Iterable<Entry> entries() {
        return entries.values();
    }

    /** {@return the whole blob from its magic number on: what header digests and signatures cover; not a copy} */
    byte[] blob() {
        return blob;
    }
}
