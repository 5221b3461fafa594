package dev.twoliter.rpm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.rpm.RawRpm.Entry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RpmHeaderTest {

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] region(int tag, int entries, byte[] before, byte[] after) {
        return ByteBuffer.allocate(before.length + 16 + after.length)
                .put(before)
                .putInt(tag)
                .putInt(7)
                .putInt(-16 * entries)
                .putInt(16)
                .put(after)
                .array();
    }

    @Test
    void reads_every_type() {
        ByteBuffer data = ByteBuffer.allocate(64);
        data.put(0, (byte) 'x').put(1, (byte) 200).putShort(2, (short) 0xFFFE).putInt(4, 0xFFFF_FFFD);
        data.putLong(8, -2).put(16, text("one\0")).put(20, new byte[] {1, 2, 3}).put(23, text("a\0b\0"));
        data.put(27, text("hello\0hallo\0")).put(39, text("C\0de\0"));
        RpmHeader header = RawRpm.parse(RawRpm.blob(
                data.array(),
                new Entry(100, 8, 39, 2),
                new Entry(2001, 1, 0, 1),
                new Entry(2002, 2, 1, 1),
                new Entry(2003, 3, 2, 1),
                new Entry(2004, 4, 4, 1),
                new Entry(2005, 5, 8, 1),
                new Entry(2006, 6, 16, 1),
                new Entry(2007, 7, 20, 3),
                new Entry(2008, 8, 23, 2),
                new Entry(2009, 9, 27, 2)));
        assertThat(header.ints(2001)).containsExactly('x');
        assertThat(header.ints(2002)).containsExactly(200);
        assertThat(header.ints(2003)).containsExactly(0xFFFE);
        assertThat(header.number(2004)).hasValue(0xFFFF_FFFDL);
        assertThat(header.number(2005)).hasValue(-2);
        assertThat(header.string(2006)).hasValue("one");
        assertThat(header.bytes(2007)).containsExactly(1, 2, 3);
        assertThat(header.strings(2008)).containsExactly("a", "b");
        assertThat(header.translations(2009)).isEqualTo(Map.of("C", "hello", "de", "hallo"));
        assertThat(header.translations(2008)).isEqualTo(Map.of("C", "a"));
        assertThat(header.translations(4711)).isEmpty();
        assertThat(header.type(2009)).hasValue(RpmHeader.Type.I18NSTRING);
        assertThat(header.tags()).hasSize(10);
        assertThatThrownBy(() -> header.strings(2004)).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> header.ints(2006)).isInstanceOf(FormatException.class);
    }

    @Test
    void reads_what_was_added_behind_the_region() {
        byte[] data = region(63, 2, text("old\0"), text("new\0extra\0"));
        RpmHeader header = RawRpm.parse(RawRpm.blob(
                data,
                new Entry(63, 7, 4, 16),
                new Entry(1000, 6, 0, 1),
                new Entry(1000, 6, 20, 1),
                new Entry(9999, 6, 24, 1)));
        assertThat(header.string(RpmTag.NAME)).as("the later one counts").hasValue("new");
        assertThat(header.string(9999)).hasValue("extra");
        assertThat(header.isCanonical()).isFalse();
    }

    @Test
    void knows_a_region_that_covers_everything() {
        RpmHeader header = RawRpm.parse(RawRpm.blob(
                region(63, 2, text("old\0"), new byte[0]), new Entry(63, 7, 4, 16), new Entry(1000, 6, 0, 1)));
        assertThat(header.isCanonical()).isTrue();
        assertThat(RawRpm.parse(RawRpm.blob(text("old\0"), new Entry(1000, 6, 0, 1)))
                        .isCanonical())
                .as("a header of rpm 3 has no region")
                .isTrue();
    }

    @Test
    void reads_data_in_any_order() {
        RpmHeader header =
                RawRpm.parse(RawRpm.blob(text("v\0n\0"), new Entry(1000, 6, 2, 1), new Entry(1001, 6, 0, 1)));
        assertThat(header.string(RpmTag.NAME)).hasValue("n");
        assertThat(header.string(RpmTag.VERSION)).hasValue("v");
        assertThat(header.isCanonical()).isFalse();
    }

    @Test
    void refuses_regions_that_lie() {
        for (byte[] data : List.of(
                region(62, 2, text("old\0"), new byte[0]),
                region(63, 3, text("old\0"), new byte[0]),
                region(63, 0, text("old\0"), new byte[0]))) {
            byte[] blob = RawRpm.blob(data, new Entry(63, 7, 4, 16), new Entry(1000, 6, 0, 1));
            assertThatThrownBy(() -> RawRpm.parse(blob)).isInstanceOf(FormatException.class);
        }
        byte[] outside = RawRpm.blob(
                region(63, 2, text("old\0"), text("new\0")), new Entry(63, 7, 4, 16), new Entry(1000, 6, 20, 1));
        assertThatThrownBy(() -> RawRpm.parse(outside)).hasMessageContaining("lies outside of the region");
    }

    @Test
    void refuses_entries_that_lie() {
        Map<String, Entry[]> bad = Map.of(
                "outside", new Entry[] {new Entry(1000, 6, 9, 1)},
                "negative", new Entry[] {new Entry(1000, 6, -1, 1)},
                "none", new Entry[] {new Entry(1000, 4, 0, 0)},
                "too many", new Entry[] {new Entry(1000, 4, 0, 3)},
                "unaligned", new Entry[] {new Entry(1000, 4, 1, 1)},
                "type", new Entry[] {new Entry(1000, 10, 0, 1)},
                "type 0", new Entry[] {new Entry(1000, 0, 0, 1)},
                "texts", new Entry[] {new Entry(1000, 8, 0, 3)},
                "one text", new Entry[] {new Entry(1000, 6, 0, 2)},
                "twice", new Entry[] {new Entry(1000, 6, 0, 1), new Entry(1000, 6, 4, 1)});
        bad.forEach((what, entries) -> assertThatThrownBy(() -> RawRpm.parse(RawRpm.blob(text("abc\0def\0"), entries)))
                .as(what)
                .isInstanceOf(FormatException.class));
        assertThatThrownBy(() -> RawRpm.parse(
                        RawRpm.blob(text("abc\0def\0"), new Entry(1000, 6, 0, 1), new Entry(1001, 6, 1, 1))))
                .hasMessageContaining("overlaps");
    }

    @Test
    void looks_at_no_byte_twice_however_many_entries_claim_it() {
        byte[] data = new byte[8 << 20];
        java.util.Arrays.fill(data, 0, data.length - 1, (byte) 'a');
        Entry[] entries = new Entry[60_000];
        java.util.Arrays.setAll(entries, i -> new Entry(1000 + i, 6, i, 1));
        byte[] blob = RawRpm.blob(data, entries);
        Assertions.assertTimeout(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> RawRpm.parse(blob)).isInstanceOf(FormatException.class));
    }

    @Test
    void reads_text_that_is_not_utf_8_as_latin_1() {
        RpmHeader header = RawRpm.parse(RawRpm.blob(text("Gr\u00FC\u00DFe\0"), new Entry(1000, 6, 0, 1)));
        assertThat(header.string(1000)).hasValue("Grüße");
        RpmHeader utf8 = RawRpm.parse(RawRpm.blob("Grüße\0".getBytes(UTF_8), new Entry(1000, 6, 0, 1)));
        assertThat(utf8.string(1000)).hasValue("Grüße");
    }

    @Test
    void names_what_it_knows() {
        assertThat(RpmTag.name(1000)).hasValue("NAME");
        assertThat(RpmTag.signatureName(1000)).hasValue("SIG_SIZE");
        assertThat(RpmTag.name(123)).isEmpty();
        assertThat(RpmTag.names()).containsEntry(5123, "PAYLOADSHA3_256").doesNotContainKey(267);
    }

    @Test
    void reads_a_package_as_rpm_3_made_it(@TempDir Path dir) throws Exception {
        byte[] data = text("old\0" + "1\0" + "2\0" + "i386\0" + "/bin/old\0" + "Old\0" + "x86\0");
        byte[] header = RawRpm.blob(
                data,
                new Entry(1000, 6, 0, 1),
                new Entry(1001, 6, 4, 1),
                new Entry(1002, 6, 6, 1),
                new Entry(1004, 6, 22, 1),
                new Entry(1022, 6, 8, 1),
                new Entry(1027, 8, 13, 1),
                new Entry(77_777, 6, 26, 1));
        RpmPackage rpm = RpmPackage.open(RawRpm.write(dir.resolve("old.rpm"), header, new byte[0]));
        assertThat(rpm.nevra()).hasToString("old-1-2.i386");
        assertThat(rpm.summary()).isEqualTo("Old");
        assertThat(rpm.files()).extracting(RpmFile::path).containsExactly("/bin/old");
        assertThat(rpm.header().string(77_777)).as("an unknown entry").hasValue("x86");
        assertThat(rpm.changelog()).isEmpty();
        assertThat(rpm.scriptlets()).isEmpty();
    }

    @Test
    void does_not_look_at_the_payload(@TempDir Path dir) throws Exception {
        RawRpm raw = new RawRpm().file("/a", 0644, "a");
        Path rpm = RawRpm.write(dir.resolve("x.rpm"), raw.headerBlob(), RawRpm.content("no archive at all"));
        assertThat(RpmPackage.open(rpm).files()).hasSize(1);
        assertThatThrownBy(() -> RpmUnpacker.into(dir.resolve("out")).unpack(RpmPackage.open(rpm)))
                .isInstanceOf(FormatException.class);
    }

    @Test
    void a_header_changed_after_the_build_can_be_read_but_not_verified(@TempDir Path dir) throws Exception {
        byte[] data = region(63, 5, text("n\0v\0r\0a\0"), text("late\0"));
        byte[] header = RawRpm.blob(
                data,
                new Entry(63, 7, 8, 16),
                new Entry(1000, 6, 0, 1),
                new Entry(1001, 6, 2, 1),
                new Entry(1002, 6, 4, 1),
                new Entry(1022, 6, 6, 1),
                new Entry(1011, 6, 24, 1));
        Path rpm = RawRpm.write(dir.resolve("x.rpm"), header, new byte[0]);
        assertThat(RpmPackage.open(rpm).vendor()).isEqualTo("late");
        assertThat(RpmVerifier.withoutKeys().verify(rpm).verdict()).isEqualTo(RpmVerification.Verdict.BAD);
    }
}
