package dev.twoliter.oci.internal.tar;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The records of an extended header that say where an entry is and how long (POSIX.1-2017, pax, "pax Extended Header";
 * GNU tar manual, "Storing Sparse Files"); others, such as times, are passed over. Of records with one key the last
 * counts. Damage is an {@link IllegalArgumentException} with the reason. Immutable.
 *
 * @param path the entry's name; null: as its header says
 * @param link what it links to; null: as its header says
 * @param size the size of its content; null: as its header says
 */
record PaxRecords(
        @Nullable String path,
        @Nullable String link,
        @Nullable Long size) {

    static final PaxRecords NONE = new PaxRecords(null, null, null);

    private static final int MAX_DIGITS = 8;

    /** Reads {@code LENGTH KEY=VALUE\n} as often as it is there. */
    static PaxRecords parse(byte[] body) {
        PaxRecords records = NONE;
        int at = 0;
        while (at < body.length) {
            int space = at;
            int length = 0;
            while (space < body.length && body[space] >= '0' && body[space] <= '9' && space - at < MAX_DIGITS) {
                length = length * 10 + (body[space++] - '0');
            }
            if (space == body.length || body[space] != ' ' || length > body.length - at || length < space - at + 3) {
                throw new IllegalArgumentException("the length of a record in an extended header is wrong");
            }
            String record = new String(body, space + 1, length - (space - at) - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals < 1 || body[at + length - 1] != '\n') {
                throw new IllegalArgumentException("a record in an extended header is not KEY=VALUE");
            }
            records = records.with(record.substring(0, equals), record.substring(equals + 1));
            at += length;
        }
        return records;
    }

    private PaxRecords with(String key, String value) {
        boolean none = value.isEmpty();
        return switch (key) {
            case "path" -> new PaxRecords(none ? null : value, link, size);
            case "linkpath" -> new PaxRecords(path, none ? null : value, size);
            case "size" -> new PaxRecords(path, link, none ? null : size(value));
            default -> {
                if (key.startsWith("GNU.sparse.")) {
                    throw new IllegalArgumentException("an entry is sparse");
                }
                yield this;
            }
        };
    }

    private static long size(String value) {
        if (!value.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("the size in an extended header is not a number");
        }
        return Long.parseLong(value);
    }
}
