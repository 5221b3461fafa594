package dev.twoliter.core.internal.boot.pe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeImageTest {
    private static final int SECTION_TABLE = 0x80 + 24 + 240;
    private static final int CERTIFICATES = 0x80 + 24 + 112 + 32;

    private static byte[] program() {
        Map<String, byte[]> sections = new LinkedHashMap<>();
        sections.put(".pubkey", "old key".getBytes(US_ASCII));
        sections.put(".sbat", "sbat,1".getBytes(US_ASCII));
        sections.put(".vendor_cert", "vendor".getBytes(US_ASCII));
        return PeFixture.program(sections);
    }

    private static PeImage image() {
        return PeImage.parse("grubx64.efi", program());
    }

    private static byte[] content(PeImage image, String name) {
        return image.content(image.section(name).orElseThrow());
    }

    private static int checksum(PeImage image) {
        return ByteBuffer.wrap(image.bytes()).order(ByteOrder.LITTLE_ENDIAN).getInt(0x80 + 24 + 64);
    }

    @Test
    void sections_are_read_in_order() {
        assertThat(image().sections())
                .extracting(Section::name)
                .containsExactly(".text", ".pubkey", ".sbat", ".vendor_cert");
        assertThat(content(image(), ".sbat")).asString().isEqualTo("sbat,1");
        assertThat(image().section(".none")).isEmpty();
    }

    @Test
    void another_content_takes_the_place_of_the_old_one_and_nothing_else_moves() {
        PeImage changed = image().withSection(".pubkey", "the new key".getBytes(US_ASCII));

        assertThat(content(changed, ".pubkey")).asString().isEqualTo("the new key");
        assertThat(content(changed, ".sbat")).asString().isEqualTo("sbat,1");
        assertThat(changed.bytes()).hasSameSizeAs(program());
        assertThat(checksum(changed)).isNotZero();
        PeImage shorter = changed.withSection(".pubkey", new byte[] {'k'});
        assertThat(Arrays.copyOfRange(shorter.bytes(), 8192, 8192 + 12)).isEqualTo(Arrays.copyOf(new byte[] {'k'}, 12));
    }

    @Test
    void a_section_is_taken_out_with_its_bytes() {
        PeImage changed = image().withoutSection(".pubkey");

        assertThat(changed.sections()).extracting(Section::name).containsExactly(".text", ".sbat", ".vendor_cert");
        assertThat(changed.section(".sbat").orElseThrow().rawOffset()).isEqualTo(8192);
        assertThat(changed.section(".sbat").orElseThrow().address()).isEqualTo(12288);
        assertThat(content(changed, ".sbat")).asString().isEqualTo("sbat,1");
        assertThat(content(changed, ".vendor_cert")).asString().isEqualTo("vendor");
        assertThat(changed.bytes()).hasSize(program().length - 4096);
        assertThat(new String(changed.bytes(), US_ASCII)).doesNotContain("old key");
    }

    @Test
    void a_new_section_comes_after_all_others_in_file_and_memory() {
        byte[] content = "x".repeat(513).getBytes(US_ASCII);
        PeImage bare = PeImage.parse("stub", PeFixture.bare());
        PeImage one = bare.withNewSection(".osrel", content);
        PeImage two = one.withNewSection(".linux", new byte[] {7});

        assertThat(two.sections()).extracting(Section::name).containsExactly(".text", ".osrel", ".linux");
        assertThat(content(two, ".osrel")).isEqualTo(content);
        assertThat(two.section(".osrel").orElseThrow()).isEqualTo(new Section(".osrel", 513, 8192, 1024, 8192));
        assertThat(two.section(".linux").orElseThrow()).isEqualTo(new Section(".linux", 1, 12288, 512, 9216));
        assertThat(two.bytes()).hasSize(9728);
        assertThatThrownBy(() -> two.withNewSection(".linux", content))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("already");
    }

    @Test
    void a_new_section_needs_room_in_the_headers_and_nothing_behind_the_sections() {
        assertThatThrownBy(() -> image().withNewSection(".linux", new byte[1]))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("data follows"); // the names of its sections
        byte[] full = PeFixture.bare();
        ByteBuffer.wrap(full).order(ByteOrder.LITTLE_ENDIAN).putInt(0x80 + 24 + 60, SECTION_TABLE + 79);
        assertThatThrownBy(() -> PeImage.parse("x", full).withNewSection(".linux", new byte[1]))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("no room");
        byte[] odd = PeFixture.bare();
        ByteBuffer.wrap(odd).order(ByteOrder.LITTLE_ENDIAN).putInt(0x80 + 24 + 36, 513);
        assertThatThrownBy(() -> PeImage.parse("x", odd).withNewSection(".linux", new byte[1]))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("aligned to 513");
    }

    @Test
    void a_section_that_is_absent_or_too_small_is_named() {
        assertThatThrownBy(() -> image().withSection(".vendor_key", new byte[1]))
                .isInstanceOf(FormatException.class)
                .hasMessage("grubx64.efi: has no section '.vendor_key'");
        assertThatThrownBy(() -> image().withoutSection(".vendor_key")).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> image().withSection(".pubkey", new byte[4097]))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("takes 4096 bytes, but 4097");
    }

    @Test
    void a_section_that_shares_its_bytes_is_left_alone() {
        byte[] bytes = program();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(SECTION_TABLE + 80 + 20, 8192 + 512);
        PeImage shared = PeImage.parse("x", Arrays.copyOf(bytes, bytes.length + 4096));

        assertThatThrownBy(() -> shared.withSection(".pubkey", new byte[1]))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("shares bytes");
        byte[] header = program();
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putInt(SECTION_TABLE + 40 + 20, 16);
        assertThatThrownBy(() -> PeImage.parse("x", header).withoutSection(".pubkey"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("shares bytes");
    }

    @Test
    void a_certificate_table_is_cut_off() {
        byte[] signed = Arrays.copyOf(program(), program().length + 64);
        ByteBuffer.wrap(signed)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(CERTIFICATES, program().length)
                .putInt(CERTIFICATES + 4, 64);
        PeImage image = PeImage.parse("x", signed);

        assertThat(image.isSigned()).isTrue();
        assertThat(image.withoutSignatures().isSigned()).isFalse();
        assertThat(image.withoutSignatures().bytes()).hasSameSizeAs(program());
        assertThat(image.withoutSection(".pubkey").isSigned()).isFalse();
        PeImage followed = PeImage.parse("x", Arrays.copyOf(signed, signed.length + 8));
        assertThatThrownBy(followed::withoutSignatures)
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("data follows");
    }

    @Test
    void a_certificate_table_that_is_elsewhere_is_refused() {
        for (int[] place : new int[][] {{0, 8}, {8192, Integer.MAX_VALUE}, {-1, 8}, {8192, -8}}) {
            byte[] bytes = program();
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(CERTIFICATES, place[0])
                    .putInt(CERTIFICATES + 4, place[1]);
            PeImage image = PeImage.parse("x", bytes);
            assertThatThrownBy(image::withoutSignatures)
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("certificate table");
        }
        byte[] inside = program();
        ByteBuffer.wrap(inside)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(CERTIFICATES, 8192)
                .putInt(CERTIFICATES + 4, inside.length - 8192);
        assertThatThrownBy(() -> PeImage.parse("x", inside).withoutSignatures())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("overlaps a section");
    }

    @Test
    void truncated_files_are_answered_by_the_typed_exception_only() {
        byte[] whole = program();
        for (int size = 0; size < 512; size++) {
            byte[] cut = Arrays.copyOf(whole, size);
            assertThatThrownBy(() -> PeImage.parse("cut", cut)).isInstanceOf(FormatException.class);
        }
        assertThatThrownBy(() -> PeImage.parse("cut", Arrays.copyOf(whole, whole.length - 65)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("outside of the file");
    }

    /** Without the names at the end, which keep new sections out. */
    private static byte[] withoutNames(byte[] program) {
        return Arrays.copyOf(program, program.length - 64);
    }

    @Test
    void damaged_headers_are_answered_by_the_typed_exception_only() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = program();
            for (int n = random.nextInt(4); n >= 0; n--) {
                damaged[random.nextInt(0x80 + 24 + 240 + 160)] =
                        (byte) (random.nextBoolean() ? 0xFF : random.nextInt());
            }
            try {
                PeImage image = PeImage.parse("damaged", damaged);
                image.sections().forEach(image::content);
                image.withSection(".pubkey", new byte[100]);
                image.withoutSection(".pubkey").withoutSignatures();
                PeImage.parse("damaged", withoutNames(damaged)).withNewSection(".linux", new byte[9]);
            } catch (FormatException e) {
                assertThat(e.subject()).isEqualTo("damaged");
            }
        }
    }
}
