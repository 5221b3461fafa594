package dev.twoliter.core.internal.disk.fat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Gives the names of one directory their entries. A name that is no short name as it stands gets one that is unique in
 * its directory, with {@code ~1} where something was lost, and entries for the long one.
 */
final class FatNames {
    static final int ENTRY = 32;
    static final int LONG_ATTRIBUTE = 0x0F;
    static final int LONG_CHARACTERS = 13;
    static final int LAST_LONG = 0x40;
    private static final int[] LONG_PLACES = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
    private static final int MAX_NAME = 255;
    private static final String FORBIDDEN = "\"*/:<>?\\|\u007F";
    private static final String SHORT_SPECIAL = "$%'-_@~`!(){}^#&";

    private final Set<String> taken = new HashSet<>();
    private final Set<String> seen = new HashSet<>();

    /** A name, its 11 characters of short name, and whether it needs a long one besides. */
    record FatName(String name, String shortName, boolean needsLong) {
        int entries() {
            return 1 + (needsLong ? (name.length() + LONG_CHARACTERS - 1) / LONG_CHARACTERS : 0);
        }
    }

    /** Names the entries of a directory, in their order. */
    static List<FatName> of(List<? extends TreeEntry> entries) {
        FatNames names = new FatNames();
        entries.forEach(names::check);
        entries.stream().map(TreeEntry::name).filter(FatNames::isShort).forEach(name -> names.taken.add(padded(name)));
        List<FatName> result = new ArrayList<>();
        entries.forEach(entry -> result.add(names.named(entry.name())));
        return result;
    }

    private void check(TreeEntry entry) {
        String name = entry.name();
        boolean good = name.length() <= MAX_NAME
                && name.chars().allMatch(c -> c >= ' ' && FORBIDDEN.indexOf(c) < 0)
                && !name.endsWith(".")
                && !name.endsWith(" ");
        if (!good) {
            throw new FormatException(entry.origin(), "FAT cannot store the name of " + entry.path());
        }
        if (!seen.add(name.toUpperCase(Locale.ROOT))) {
            throw new FormatException(
                    entry.origin(), "two names in a FAT directory differ in case only: " + entry.path());
        }
    }

    private FatName named(String name) {
        if (isShort(name)) {
            return new FatName(name, padded(name), false);
        }
        String upper = name.toUpperCase(Locale.ROOT);
        if (isShort(upper) && taken.add(padded(upper))) {
            return new FatName(name, padded(upper), true);
        }
        int dot = upper.lastIndexOf('.');
        String base = cleaned(dot > 0 ? upper.substring(0, dot) : upper);
        String extension = cleaned(dot > 0 ? upper.substring(dot + 1) : "");
        for (int number = 1; ; number++) {
            String tail = "~" + number;
            String candidate = String.format(
                    Locale.ROOT,
                    "%-8s%-3.3s",
                    base.substring(0, Math.min(base.length(), 8 - tail.length())) + tail,
                    extension);
            if (taken.add(candidate)) {
                return new FatName(name, candidate, true);
            }
        }
    }

    private static String cleaned(String part) {
        StringBuilder cleaned = new StringBuilder();
        part.chars()
                .filter(c -> c != ' ' && c != '.')
                .forEach(c -> cleaned.append(isShortCharacter(c) ? (char) c : '_'));
        return cleaned.toString();
    }

    private static boolean isShort(String name) {
        int dot = name.indexOf('.');
        String base = dot < 0 ? name : name.substring(0, dot);
        String extension = dot < 0 ? "" : name.substring(dot + 1);
        return !base.isEmpty()
                && base.length() <= 8
                && extension.length() <= 3
                && (dot < 0 || !extension.isEmpty())
                && (base + extension).chars().allMatch(FatNames::isShortCharacter);
    }

    private static boolean isShortCharacter(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || SHORT_SPECIAL.indexOf(c) >= 0;
    }

    private static String padded(String shortName) {
        int dot = shortName.indexOf('.');
        return String.format(
                Locale.ROOT,
                "%-8s%-3s",
                dot < 0 ? shortName : shortName.substring(0, dot),
                dot < 0 ? "" : shortName.substring(dot + 1));
    }

    /** Puts the entries of a long name, its last part first. */
    static void putLong(FatName name, ByteBuffer to) {
        int parts = name.entries() - 1;
        byte checksum = checksum(name.shortName().getBytes(US_ASCII));
        for (int part = parts; part > 0; part--) {
            int at = to.position();
            to.put(at, (byte) (part == parts ? part | LAST_LONG : part));
            to.put(at + 11, (byte) LONG_ATTRIBUTE).put(at + 13, checksum);
            for (int i = 0; i < LONG_CHARACTERS; i++) {
                int index = (part - 1) * LONG_CHARACTERS + i;
                int length = name.name().length();
                int c = index < length ? name.name().charAt(index) : index == length ? 0 : 0xFFFF;
                to.putShort(at + LONG_PLACES[i], (short) c);
            }
            to.position(at + ENTRY);
        }
    }

    /** The characters of one entry of a long name, up to its end. */
    static String longPart(ByteBuffer entry) {
        StringBuilder part = new StringBuilder();
        for (int place : LONG_PLACES) {
            char c = (char) entry.getShort(place);
            if (c == 0) {
                break;
            }
            part.append(c);
        }
        return part.toString();
    }

    /** Ties a long name to its short one. */
    static byte checksum(byte[] shortName) {
        int sum = 0;
        for (byte b : shortName) {
            sum = ((sum & 1) << 7 | sum >>> 1) + b & 0xFF;
        }
        return (byte) sum;
    }
}
