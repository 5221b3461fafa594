package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * The first entry may be a region (tag 62 or 63) whose 16-byte trailer ends the data it covers; entries behind it were
 * added later. Source: rpm's manual, "RPM v4 package format", and the limits of rpm 4.18 ({@code header.c}). Immutable,
 * thread-safe.
 */
public final class RpmHeader {

    static final int INTRO_BYTES = 16;
    static final int ENTRY_BYTES = 16;
    static final long MAGIC = 0x8EADE801_00000000L;

    /** Ours: thirty times the files of the largest kernel package; a list of texts costs memory per text. */
    private static final int MAX_TEXTS = 1 << 21;

    /** What an entry holds (rpm's manual, "RPM v4 package format"; {@code rpmtag.h}). */
    public enum Type {
        CHAR(TYPE_CHAR),
        INT8(TYPE_INT8),
        INT16(TYPE_INT16),
        INT32(TYPE_INT32),
        INT64(TYPE_INT64),
        STRING(TYPE_STRING),
        /** Bytes of any meaning. */
        BIN(TYPE_BIN),
        STRING_ARRAY(TYPE_STRING_ARRAY),
        /** One text in several languages, see {@link RpmHeader#translations}. */
        I18NSTRING(TYPE_I18NSTRING);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** {@return whether entries of this type hold numbers, for {@link RpmHeader#ints}} */
        public boolean isNumeric() {
            return number <= TYPE_INT64;
        }

        /** {@return whether entries of this type hold texts, for {@link RpmHeader#strings(int)}} */
        public boolean isText() {
            return !isNumeric() && this != BIN;
        }
    }

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
    private final boolean canonical;

    private RpmHeader(
            String subject, byte[] blob, int dataStart, SortedMap<Integer, Entry> entries, boolean canonical) {
        this.subject = subject;
        this.blob = blob;
        this.dataStart = dataStart;
        this.entries = entries;
        this.canonical = canonical;
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
        return new HeaderParser(blob, limits, subject).parse();
    }

    /** Reads the entries of one blob. Used once. */
    private static final class HeaderParser {
        private final ByteBuffer blob;
        private final Limits limits;
        private final String subject;
        private final int count;
        private final int dataStart;
        private final int dataLength;
        private final List<Entry> all = new ArrayList<>();
        /** How many entries and bytes of data the region covers; nothing when there is no region. */
        private int coveredEntries;

        private int coveredBytes;

        HeaderParser(byte[] blob, Limits limits, String subject) {
            this.blob = ByteBuffer.wrap(blob);
            this.limits = limits;
            this.subject = subject;
            this.count = this.blob.getInt(8);
            this.dataStart = INTRO_BYTES + count * ENTRY_BYTES;
            this.dataLength = this.blob.getInt(12);
        }

        RpmHeader parse() {
            int first = 0;
            if (blob.getInt(INTRO_BYTES) == limits.regionTag) {
                region(entry(0));
                first = 1;
            }
            for (int i = first; i < count; i++) {
                Entry entry = entry(i);
                if (entry.tag < 100) {
                    throw malformed(entry, "has a number that is reserved");
                }
                all.add(entry);
            }
            SortedMap<Integer, Entry> entries = byTag(first);
            boolean whole = first == 0 || (coveredEntries == count && coveredBytes == dataLength);
            return new RpmHeader(subject, blob.array(), dataStart, entries, whole && isInOrder(first));
        }

        private boolean isInOrder(int first) {
            for (int i = first + 1; i < all.size(); i++) {
                if (all.get(i).offset < all.get(i - 1).offset) {
                    return false;
                }
            }
            return true;
        }

        private Entry entry(int index) {
            int at = INTRO_BYTES + index * ENTRY_BYTES;
            Entry entry = new Entry(
                    blob.getInt(at), blob.getInt(at + 4), blob.getInt(at + 8), blob.getInt(at + 12), dataLength);
            if (entry.offset < 0 || entry.offset >= dataLength || entry.count < 1 || entry.count > dataLength) {
                throw malformed(entry, "lies outside of the data");
            }
            return entry;
        }

        /** The region's trailer stands at its offset and tells how many entries it covers, as a negative offset. */
        private void region(Entry region) {
            coveredBytes = region.offset + ENTRY_BYTES;
            if (region.type != TYPE_BIN || region.count != ENTRY_BYTES || coveredBytes > dataLength) {
                throw malformed(region, "is not a region");
            }
            int at = dataStart + region.offset;
            int tag = blob.getInt(at);
            int offset = blob.getInt(at + 8);
            coveredEntries = -(offset / ENTRY_BYTES);
            // Headers that were loaded and written again by old tools carry HEADERIMAGE (61) in the trailer.
            if ((tag != region.tag && tag != 61)
                    || blob.getInt(at + 4) != TYPE_BIN
                    || blob.getInt(at + 12) != ENTRY_BYTES
                    || offset % ENTRY_BYTES != 0
                    || coveredEntries < 1
                    || coveredEntries > count) {
                throw malformed(region, "has a trailer that does not fit it");
            }
            all.add(new Entry(region.tag, TYPE_BIN, region.offset, ENTRY_BYTES, coveredBytes));
        }

        /** Measures all entries. Those behind the region ("dribbles") replace entries of the same number in it. */
        private SortedMap<Integer, Entry> byTag(int first) {
            List<Entry> measured = measure();
            SortedMap<Integer, Entry> region = new TreeMap<>();
            SortedMap<Integer, Entry> dribbles = new TreeMap<>();
            for (int i = first; i < measured.size(); i++) {
                Entry entry = measured.get(i);
                boolean covered = first == 0 || i < coveredEntries;
                if (covered && first == 1 && entry.end > coveredBytes) {
                    throw malformed(entry, "lies outside of the region");
                }
                if ((covered ? region : dribbles).put(entry.tag, entry) != null) {
                    throw malformed(entry, "occurs twice");
                }
            }
            region.putAll(dribbles);
            return region;
        }

        /** Finds the end of each entry. No entry reaches into the next, so that no byte is looked at twice. */
        private List<Entry> measure() {
            Integer[] byOffset = new Integer[all.size()];
            Arrays.setAll(byOffset, i -> i);
            Arrays.sort(byOffset, Comparator.comparingInt(i -> all.get(i).offset));
            Entry[] measured = new Entry[byOffset.length];
            for (int i = 0; i < byOffset.length; i++) {
                int limit = i + 1 < byOffset.length ? all.get(byOffset[i + 1]).offset : dataLength;
                measured[byOffset[i]] = measure(all.get(byOffset[i]), limit);
            }
            return List.of(measured);
        }

        private Entry measure(Entry entry, int limit) {
            int size = switch (entry.type) {
                case TYPE_CHAR, TYPE_INT8, TYPE_BIN -> 1;
                case TYPE_INT16 -> 2;
                case TYPE_INT32 -> 4;
                case TYPE_INT64 -> 8;
                case TYPE_STRING, TYPE_STRING_ARRAY, TYPE_I18NSTRING -> 0;
                default -> throw malformed(entry, "has the unknown type " + entry.type);
            };
            long end = size == 0 ? endOfTexts(entry, limit) : entry.offset + (long) entry.count * size;
            if (size > 0 && entry.offset % size != 0) {
                throw malformed(entry, "is not aligned");
            }
            if (end > limit) {
                throw malformed(entry, limit == dataLength ? "lies outside of the data" : "overlaps another");
            }
            return new Entry(entry.tag, entry.type, entry.offset, entry.count, (int) end);
        }

        private int endOfTexts(Entry entry, int limit) {
            if (entry.type == TYPE_STRING && entry.count != 1) {
                throw malformed(entry, "is one text but counts " + entry.count);
            }
            if (entry.count > MAX_TEXTS) {
                throw malformed(entry, "counts " + entry.count + " texts, which no RPM has");
            }
            int at = entry.offset;
            for (int i = 0; i < entry.count; i++) {
                while (at < limit && blob.get(dataStart + at) != 0) {
                    at++;
                }
                if (at++ >= limit) {
                    throw malformed(entry, "has a text without an end, or overlaps another");
                }
            }
            return at;
        }

        private FormatException malformed(Entry entry, String message) {
            return new FormatException(
                    subject, name(limits) + " entry " + Integer.toUnsignedString(entry.tag) + " " + message);
        }
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
     * {@return what an entry holds; empty when there is no such entry}
     *
     * @param tag see {@link RpmTag}
     */
    public Optional<Type> type(int tag) {
        Entry entry = entries.get(tag);
        // The numbers of the types are 1 to 9, in the order of the enum.
        return entry == null ? Optional.empty() : Optional.of(Type.values()[entry.type - 1]);
    }

    /**
     * {@return the translations of a text by locale, in the order of the header's table of locales; the first is
     * {@code C}, the untranslated one. An entry that is no translated text counts as one in the locale {@code C}; empty
     * when there is no entry}
     *
     * @param tag see {@link RpmTag}
     * @throws FormatException if the entry holds no text, or more translations than there are locales
     */
    public Map<String, String> translations(int tag) {
        List<String> texts = strings(tag);
        List<String> locales = strings(RpmTag.HEADERI18NTABLE);
        if (locales.isEmpty() || type(tag).orElse(Type.STRING) != Type.I18NSTRING) {
            return texts.isEmpty() ? Map.of() : Map.of("C", texts.get(0));
        }
        if (texts.size() > locales.size()) {
            throw new FormatException(
                    subject,
                    "header entry " + tag + " has " + texts.size() + " translations for " + locales.size()
                            + " locales");
        }
        Map<String, String> translations = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            translations.putIfAbsent(locales.get(i), texts.get(i));
        }
        return Collections.unmodifiableMap(translations);
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

    /**
     * {@return the first texts of an entry; empty when there is no entry}
     *
     * @param tag see {@link RpmTag}
     * @param atMost how many, at most
     * @throws FormatException if the entry holds no text
     */
    public List<String> strings(int tag, int atMost) {
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
        String text = new String(blob, start, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text;
        }
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
        long[] first = ints(tag, 1);
        return first.length == 0 ? OptionalLong.empty() : OptionalLong.of(first[0]);
    }

    /**
     * {@return all numbers of an entry, a new array; empty when there is no entry; numbers below 64 bits are unsigned}
     *
     * @param tag see {@link RpmTag}
     * @throws FormatException if the entry holds no numbers
     */
    public long[] ints(int tag) {
        return ints(tag, Integer.MAX_VALUE);
    }

    private long[] ints(int tag, int atMost) {
        Entry entry = entries.get(tag);
        if (entry == null) {
            return new long[0];
        }
        ByteBuffer data = ByteBuffer.wrap(blob, dataStart + entry.offset, entry.end - entry.offset);
        long[] numbers = new long[Math.min(entry.count, atMost)];
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
        return entry == null ? new byte[0] : Arrays.copyOfRange(blob, dataStart + entry.offset, dataStart + entry.end);
    }

    /** {@return the raw bytes in lower-case hexadecimal; empty when there is no entry} */
    String hex(int tag) {
        return HexFormat.of().formatHex(bytes(tag));
    }

    /**
     * Whether it is laid out as rpm wants it in a package file since 4.14: the region, if there is one, covers all entries
     * and all data, and the data lie in the order of the entries. Headers that old tools changed after they were built
     * have more behind the region.
     */
    boolean isCanonical() {
        return canonical;
    }

    Iterable<Entry> entries() {
        return entries.values();
    }

    /** {@return the whole blob from its magic number on: what header digests and signatures cover; not a copy} */
    byte[] blob() {
        return blob;
    }
}
