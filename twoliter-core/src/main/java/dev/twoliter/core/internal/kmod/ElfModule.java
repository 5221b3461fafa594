package dev.twoliter.core.internal.kmod;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads kernel modules: relocatable ELF files of 64 bits, little-endian (System V ABI, "Object files"; all architectures of
 * Bottlerocket). Exports are the symbols {@code __crc_NAME} of the symbol table or, without versions of symbols, the names
 * in {@code __ksymtab_strings}.
 */
public final class ElfModule {
    private static final int HEADER = 64;
    private static final int SECTION_HEADER = 64;
    private static final int SYMBOL = 24;
    private static final int RELOCATABLE = 1;
    private static final int SECTION_SYMBOLS = 2;
    private static final int SECTION_NO_BITS = 8;
    private static final int BIND_WEAK = 2;
    private static final int TYPE_REGISTER = 13;
    private static final int VERSION_ENTRY = 64;
    private static final int VERSION_NAME = 8;
    private static final String CRC = "__crc_";

    private record Section(String name, int type, int offset, int size, int link) {}

    private final String subject;
    private final ByteBuffer file;
    private final List<Section> sections = new ArrayList<>();

    private ElfModule(String subject, byte[] bytes) {
        this.subject = subject;
        this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        readSections();
    }

    /**
     * Reads a module.
     *
     * @param path where it is, below the directory of its kernel
     * @param bytes the file, decompressed
     * @return what it says of itself
     * @throws FormatException if it is not such a file, or damaged
     */
    public static KernelModule read(String path, byte[] bytes) {
        try {
            ElfModule elf = new ElfModule(path, bytes);
            Set<String> exports = new LinkedHashSet<>();
            Set<KernelModule.Need> needs = new LinkedHashSet<>();
            elf.readSymbols(exports, needs);
            return new KernelModule(path, List.copyOf(exports), List.copyOf(needs), elf.info());
        } catch (IndexOutOfBoundsException e) {
            throw new FormatException(
                    path, "is a damaged kernel module: something in it lies outside of the file", "", e);
        }
    }

    private void readSections() {
        boolean module = file.limit() >= HEADER
                && file.getInt(0) == 0x464C457F // ELF
                && file.get(4) == 2
                && file.get(5) == 1
                && file.getShort(16) == RELOCATABLE;
        require(module, "is no kernel module for a 64-bit little-endian machine");
        long table = file.getLong(40);
        int count = file.getShort(60) & 0xFFFF;
        int names = file.getShort(62) & 0xFFFF;
        require(
                file.getShort(58) == SECTION_HEADER && names < count && table > 0 && table < file.limit(),
                "is a damaged kernel module: it has no proper table of sections");
        List<Section> unnamed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            unnamed.add(section(Math.toIntExact(table) + i * SECTION_HEADER));
        }
        for (int i = 0; i < count; i++) {
            Section one = unnamed.get(i);
            String name = text(unnamed.get(names), file.getInt(Math.toIntExact(table) + i * SECTION_HEADER));
            sections.add(new Section(name, one.type, one.offset, one.size, one.link));
        }
    }

    private Section section(int at) {
        int type = file.getInt(at + 4);
        long offset = file.getLong(at + 24);
        long size = type == SECTION_NO_BITS ? 0 : file.getLong(at + 32);
        boolean inside = offset >= 0 && size >= 0 && size <= file.limit() && offset <= file.limit() - size;
        require(inside || type == SECTION_NO_BITS, "is a damaged kernel module: a section lies outside of the file");
        return new Section("", type, inside ? (int) offset : 0, (int) size, file.getInt(at + 40));
    }

    /** A name of a table, up to its zero byte. */
    private String text(Section table, int from) {
        require(
                from >= 0 && from < Math.max(table.size, 1),
                "is a damaged kernel module: a name lies outside of its table");
        int end = from;
        while (end < table.size && file.get(table.offset + end) != 0) {
            end++;
        }
        return new String(file.array(), table.offset + from, end - from, ISO_8859_1);
    }

    private Optional<Section> find(String name) {
        return sections.stream().filter(section -> section.name.equals(name)).findFirst();
    }

    private void readSymbols(Set<String> exports, Set<KernelModule.Need> needs) {
        Set<String> needed = new HashSet<>();
        for (Section table : sections) {
            if (table.type == SECTION_SYMBOLS) {
                require(
                        table.link > 0 && table.link < sections.size(),
                        "is a damaged kernel module: its symbols have no names");
                Section names = sections.get(table.link);
                for (int i = 1; i < table.size / SYMBOL; i++) {
                    int at = table.offset + i * SYMBOL;
                    String name = text(names, file.getInt(at));
                    int info = file.get(at + 4);
                    boolean undefined = file.getShort(at + 6) == 0;
                    if (undefined && !name.isEmpty() && (info & 0xF) != TYPE_REGISTER) {
                        if (needed.add(name)) {
                            needs.add(new KernelModule.Need(name, info >> 4 == BIND_WEAK));
                        }
                    } else if (name.startsWith(CRC)) {
                        exports.add(name.substring(CRC.length()));
                    }
                }
            }
        }
        for (String name : versioned()) {
            if (needed.add(name)) {
                needs.add(new KernelModule.Need(name, false));
            }
        }
        if (exports.isEmpty()) {
            find("__ksymtab_strings").ifPresent(strings -> exports.addAll(strings(strings)));
        }
    }

    /** The symbols of which it knows versions (struct modversion_info of include/linux/module.h). */
    private List<String> versioned() {
        List<String> names = new ArrayList<>();
        find("__versions").ifPresent(table -> {
            for (int at = 0; at + VERSION_ENTRY <= table.size; at += VERSION_ENTRY) {
                Section entry = new Section("", 0, table.offset + at + VERSION_NAME, VERSION_ENTRY - VERSION_NAME, 0);
                String name = text(entry, 0);
                if (!name.isEmpty()) {
                    names.add(name.startsWith(".") ? name.substring(1) : name);
                }
            }
        });
        return names;
    }

    private List<String> strings(Section section) {
        List<String> all = new ArrayList<>();
        for (int at = 0; at < section.size; ) {
            String one = text(section, at);
            if (!one.isEmpty()) {
                all.add(one);
            }
            at += one.length() + 1;
        }
        return all;
    }

    private List<KernelModule.Info> info() {
        List<KernelModule.Info> info = new ArrayList<>();
        find(".modinfo").ifPresent(section -> {
            for (String entry : strings(section)) {
                int equals = entry.indexOf('=');
                if (equals > 0) {
                    info.add(new KernelModule.Info(entry.substring(0, equals), entry.substring(equals + 1)));
                }
            }
        });
        return info;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new FormatException(subject, message);
        }
    }
}
