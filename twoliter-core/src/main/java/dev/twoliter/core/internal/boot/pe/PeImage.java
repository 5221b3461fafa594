package dev.twoliter.core.internal.boot.pe;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PE file (Microsoft: PE Format) and the edits that a boot chain needs: what objcopy and pesign do to shim, GRUB and
 * the kernel (variant-image.md 4.3). Bytes that an edit does not concern stay as they are. Immutable.
 *
 * <pre>
 * 0x3C u32 offset of: "PE\0\0" | COFF header, 20 bytes | optional header | section table, 40 bytes a section
 * COFF header:     machine u16 | sections u16 | time u32 | symbol table u32 | symbols u32 | size of optional header u16 | …
 * optional header: 0x10B or 0x20B u16 | … | 32 alignments of sections u32 and of raw data u32 | … | 56 size of image u32
 *                  | 60 size of headers u32 | 64 checksum u32 | … | directories at 96 or 112
 * section:         name 8 | virtual size u32 | address u32 | raw size u32 | raw offset u32 | … | flags u32
 * </pre>
 */
public final class PeImage {
    private static final int MAX_SIZE = 512 << 20;
    private static final int MAX_SECTIONS = 96; // as Windows' loader
    private static final int NEW_HEADER = 0x3C;
    private static final int COFF = 4; // the rest is relative to "PE\0\0"
    private static final int SECTION_COUNT = COFF + 2;
    private static final int SYMBOL_TABLE = COFF + 8;
    private static final int SYMBOLS = COFF + 12;
    private static final int OPTIONAL_SIZE = COFF + 16;
    private static final int OPTIONAL = COFF + 20;
    private static final int SECTION_ALIGNMENT = OPTIONAL + 32;
    private static final int FILE_ALIGNMENT = OPTIONAL + 36;
    private static final int IMAGE_SIZE = OPTIONAL + 56;
    private static final int HEADERS_SIZE = OPTIONAL + 60;
    private static final int CHECKSUM = OPTIONAL + 64;
    private static final int MAX_ALIGNMENT = 1 << 16;
    private static final int PAGE = 4096;
    /** Initialised data, readable. */
    private static final int READ_ONLY_DATA = 0x40000040;

    private static final int SECTION = 40;
    private static final int CERTIFICATES = 4; // the number of its directory
    private static final int NAME = 8;
    private static final int MAX_NAME = 256;
    private static final int SYMBOL = 18;
    private static final Pattern LONG_NAME = Pattern.compile("/[0-9]{1,7}");

    private final String subject;
    private final byte[] bytes;
    private final int header;
    private final int directories;
    private final int directoryCount;
    private final int sectionTable;
    private final List<Section> sections;

    private PeImage(String subject, byte[] bytes) {
        this.subject = subject;
        this.bytes = bytes;
        if (bytes.length < NEW_HEADER + 4 || bytes[0] != 'M' || bytes[1] != 'Z' || bytes.length > MAX_SIZE) {
            throw bad("is not a PE file of at most " + (MAX_SIZE >> 20) + " MiB");
        }
        header = u31(NEW_HEADER);
        if (!within(header, OPTIONAL + 2) || u31(header) != 0x4550) {
            throw bad("has no PE header");
        }
        boolean wide = u16(header + OPTIONAL) == 0x20B;
        if (!wide && u16(header + OPTIONAL) != 0x10B) {
            throw bad("has an optional header of an unknown kind");
        }
        int fixed = wide ? 112 : 96;
        int optionalSize = u16(header + OPTIONAL_SIZE);
        if (optionalSize < fixed || !within(header, OPTIONAL + optionalSize)) {
            throw bad("its optional header is cut off");
        }
        directories = header + OPTIONAL + fixed;
        directoryCount = Math.min(u31(directories - 4), (optionalSize - fixed) / 8);
        sectionTable = header + OPTIONAL + optionalSize;
        sections = readSections();
    }

    /**
     * Reads a file.
     *
     * @param subject its name, for messages
     * @param bytes copied
     * @return the image
     * @throws FormatException if it is not a PE file, or is cut off
     */
    public static PeImage parse(String subject, byte[] bytes) {
        return new PeImage(Objects.requireNonNull(subject, "subject"), bytes.clone());
    }

    private List<Section> readSections() {
        int count = u16(header + SECTION_COUNT);
        if (count > MAX_SECTIONS || !within(sectionTable, count * SECTION)) {
            throw bad("its section table is cut off or has more than " + MAX_SECTIONS + " lines");
        }
        List<Section> found = new ArrayList<>();
        for (int at = sectionTable; at < sectionTable + count * SECTION; at += SECTION) {
            Section section = new Section(
                    name(at), u31(at + 8) & 0xFFFF_FFFFL, u31(at + 12) & 0xFFFF_FFFFL, u31(at + 16), u31(at + 20));
            if (section.rawSize() != 0 && !within(section.rawOffset(), section.rawSize())) {
                throw bad("its section '" + section.name() + "' lies outside of the file");
            }
            found.add(section);
        }
        return List.copyOf(found);
    }

    /** Names of more than eight characters stand after the symbol table; the field then has "/" and their offset. */
    private String name(int at) {
        String field = text(at, NAME);
        if (!LONG_NAME.matcher(field).matches()) {
            return field;
        }
        long strings = (u31(header + SYMBOL_TABLE) & 0xFFFF_FFFFL) + (u31(header + SYMBOLS) & 0xFFFF_FFFFL) * SYMBOL;
        long start = strings + Integer.parseInt(field.substring(1));
        if (start >= bytes.length) {
            throw bad("has a section whose name lies outside of the file");
        }
        return text((int) start, MAX_NAME);
    }

    /** ASCII up to a NUL. */
    private String text(int start, int limit) {
        int end = start;
        while (end < Math.min(start + limit, bytes.length) && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** {@return the name for messages} */
    public String subject() {
        return subject;
    }

    /** {@return the sections in the order of their table} */
    public List<Section> sections() {
        return sections;
    }

    /**
     * Looks up a section.
     *
     * @param name with its dot
     * @return the first one of that name, or empty
     */
    public Optional<Section> section(String name) {
        return sections.stream().filter(section -> section.name().equals(name)).findFirst();
    }

    /**
     * Reads a section.
     *
     * @param section of this image
     * @return its bytes, without padding
     */
    public byte[] content(Section section) {
        int size = (int) Math.min(section.rawSize(), section.virtualSize());
        return size == 0 ? new byte[0] : Arrays.copyOfRange(bytes, section.rawOffset(), section.rawOffset() + size);
    }

    /** {@return whether there is a certificate table} */
    public boolean isSigned() {
        return certificates() != null;
    }

    /**
     * Writes other content into a section, which keeps its place; the rest of it becomes zeros. Signatures go first.
     *
     * @param name of a section that is there
     * @param content not more than the section's raw data
     * @return the changed image, not signed
     * @throws FormatException if there is no such section, or it is too small or shares its bytes with another
     */
    public PeImage withSection(String name, byte[] content) {
        PeImage plain = withoutSignatures();
        Section section = plain.own(name);
        if (content.length > section.rawSize()) {
            throw new FormatException(
                    subject,
                    "its section '" + name + "' takes " + section.rawSize() + " bytes, but " + content.length
                            + " must go into it",
                    "Use a smaller key or certificate, or build the program with a larger section.",
                    null);
        }
        byte[] changed = plain.bytes();
        Arrays.fill(changed, section.rawOffset(), section.rawEnd(), (byte) 0);
        System.arraycopy(content, 0, changed, section.rawOffset(), content.length);
        putInt(changed, plain.line(section) + 8, content.length);
        return plain.finished(changed);
    }

    /**
     * Appends a section that is loaded after all others and only read. Signatures go first; so does the symbol table,
     * because firmware's digest takes the file for headers and sections without a gap.
     *
     * @param name up to eight characters, not there yet
     * @param content its bytes, at least one
     * @return the changed image, not signed
     * @throws FormatException if there is no room in the headers or other data follow the sections
     */
    public PeImage withNewSection(String name, byte[] content) {
        PeImage plain = withoutSignatures().withoutSymbols();
        int line = plain.sectionTable + plain.sections.size() * SECTION;
        int headers = plain.u31(plain.header + HEADERS_SIZE);
        if (plain.section(name).isPresent()) {
            throw bad("has a section '" + name + "' already");
        }
        if (plain.sections.size() == MAX_SECTIONS || line + SECTION > Math.min(headers, plain.dataStart())) {
            throw bad("has no room for the line of section '" + name + "'");
        }
        int unit = plain.alignment(FILE_ALIGNMENT);
        long page = Math.max(PAGE, plain.alignment(SECTION_ALIGNMENT));
        long offset = aligned(plain.bytes.length, unit);
        long size = aligned(content.length, unit);
        long address = aligned(plain.imageEnd(), page);
        if (offset + size > MAX_SIZE || address + size > Integer.MAX_VALUE) {
            throw bad("would become larger than " + (MAX_SIZE >> 20) + " MiB");
        }
        byte[] changed = Arrays.copyOf(plain.bytes, (int) (offset + size));
        System.arraycopy(content, 0, changed, (int) offset, content.length);
        ByteBuffer.wrap(changed)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(line)
                .put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), NAME))
                .putInt(content.length)
                .putInt((int) address)
                .putInt((int) size)
                .putInt((int) offset)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(READ_ONLY_DATA);
        putShort(changed, plain.header + SECTION_COUNT, plain.sections.size() + 1);
        putInt(changed, plain.header + IMAGE_SIZE, (int) aligned(address + content.length, page));
        return plain.finished(changed);
    }

    private PeImage withoutSymbols() {
        int end = dataEnd();
        if (end == bytes.length) {
            return this;
        }
        boolean longNames = sections.stream().anyMatch(section -> section.name().length() > NAME);
        if (longNames || u31(header + SYMBOL_TABLE) != end) {
            throw bad("data follows its sections");
        }
        byte[] changed = Arrays.copyOf(bytes, end);
        putInt(changed, header + SYMBOL_TABLE, 0);
        putInt(changed, header + SYMBOLS, 0);
        return finished(changed);
    }

    /** Where the first raw data begin. */
    private int dataStart() {
        return sections.stream()
                .filter(section -> section.rawSize() > 0)
                .mapToInt(Section::rawOffset)
                .min()
                .orElse(bytes.length);
    }

    /** Where the last raw data end. */
    private int dataEnd() {
        return sections.stream()
                .filter(section -> section.rawSize() > 0)
                .mapToInt(Section::rawEnd)
                .max()
                .orElse(bytes.length);
    }

    /** Where the last section ends in memory. */
    private long imageEnd() {
        return sections.stream()
                .mapToLong(section -> section.address() + Math.max(section.virtualSize(), section.rawSize()))
                .max()
                .orElse(0);
    }

    private int alignment(int field) {
        int alignment = u31(header + field);
        if (Integer.bitCount(alignment) != 1 || alignment < 0 || alignment > MAX_ALIGNMENT) {
            throw bad("its sections are aligned to " + Integer.toUnsignedString(alignment) + " bytes");
        }
        return alignment;
    }

    private static long aligned(long value, long unit) {
        return (value + unit - 1) / unit * unit;
    }

    /**
     * Takes a section out: its line of the table and its bytes. Signatures go first.
     *
     * @param name of a section that is there
     * @return the changed image, not signed
     * @throws FormatException if there is no such section, or it shares its bytes with another
     */
    public PeImage withoutSection(String name) {
        PeImage plain = withoutSignatures();
        Section gone = plain.own(name);
        int cut = gone.rawSize();
        byte[] changed = Arrays.copyOf(plain.bytes, plain.bytes.length - cut);
        if (cut > 0) {
            System.arraycopy(plain.bytes, gone.rawEnd(), changed, gone.rawOffset(), changed.length - gone.rawOffset());
        }
        int end = plain.sectionTable + plain.sections.size() * SECTION;
        int line = plain.line(gone);
        System.arraycopy(plain.bytes, line + SECTION, changed, line, end - line - SECTION);
        Arrays.fill(changed, end - SECTION, end, (byte) 0);
        putShort(changed, plain.header + SECTION_COUNT, plain.sections.size() - 1);
        for (int at = plain.sectionTable; at < end - SECTION; at += SECTION) {
            moveBack(changed, at + 20, gone);
        }
        moveBack(changed, plain.header + SYMBOL_TABLE, gone);
        return plain.finished(changed);
    }

    /** Adapts an offset into the file to bytes that are gone. */
    private static void moveBack(byte[] changed, int at, Section gone) {
        int offset = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
        if (gone.rawSize() > 0 && Integer.compareUnsigned(offset, gone.rawEnd()) >= 0) {
            putInt(changed, at, offset - gone.rawSize());
        }
    }

    /**
     * Takes all signatures away.
     *
     * @return the image without its certificate table
     * @throws FormatException if something else follows the table
     */
    public PeImage withoutSignatures() {
        Section table = certificates();
        if (table == null) {
            return this;
        }
        if (table.rawEnd() != bytes.length) {
            throw bad("data follows its certificate table");
        }
        if (sections.stream().anyMatch(section -> section.rawSize() > 0 && section.rawEnd() > table.rawOffset())) {
            throw bad("its certificate table overlaps a section");
        }
        byte[] changed = Arrays.copyOf(bytes, table.rawOffset());
        Arrays.fill(changed, directory(), directory() + 8, (byte) 0);
        return finished(changed);
    }

    /** {@return the whole file} */
    public byte[] bytes() {
        return bytes.clone();
    }

    private int directory() {
        return directories + CERTIFICATES * 8;
    }

    /** The certificate table as if it were a section, or null. Its directory holds an offset into the file. */
    private @Nullable Section certificates() {
        if (directoryCount <= CERTIFICATES || u31(directory() + 4) == 0) {
            return null;
        }
        Section table = new Section("", 0, 0, u31(directory() + 4), u31(directory()));
        if (!within(table.rawOffset(), table.rawSize()) || table.rawOffset() < sectionTable) {
            throw bad("its certificate table lies outside of the file");
        }
        return table;
    }

    /** A section whose bytes are no one else's. */
    private Section own(String name) {
        Section section = section(name).orElseThrow(() -> bad("has no section '" + name + "'"));
        int tableEnd = sectionTable + sections.size() * SECTION;
        long users = sections.stream()
                .filter(other -> other.rawSize() > 0)
                .filter(other -> other.rawOffset() < section.rawEnd() && section.rawOffset() < other.rawEnd())
                .count();
        if (section.rawSize() > 0 && (users > 1 || section.rawOffset() < tableEnd)) {
            throw bad("its section '" + name + "' shares bytes with another part");
        }
        return section;
    }

    private int line(Section section) {
        return sectionTable + sections.indexOf(section) * SECTION;
    }

    private PeImage finished(byte[] changed) {
        putInt(changed, header + CHECKSUM, 0);
        putInt(changed, header + CHECKSUM, checksum(changed));
        return new PeImage(subject, changed);
    }

    /** The sum of all u16 with its carries, plus the file's size; the field itself counts as zero. */
    private static int checksum(byte[] bytes) {
        long sum = 0;
        for (int at = 0; at < bytes.length; at++) {
            sum += (long) (bytes[at] & 0xFF) << ((at & 1) * 8);
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum + bytes.length;
    }

    private boolean within(int offset, int size) {
        return offset >= 0 && size >= 0 && size <= bytes.length - offset;
    }

    private int u16(int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    /** A u32; what has its highest bit set becomes negative, which no check lets pass. */
    private int u31(int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    private static void putInt(byte[] bytes, int at, int value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    }

    private static void putShort(byte[] bytes, int at, int value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
    }

    private FormatException bad(String what) {
        return new FormatException(subject, what);
    }
}
