package dev.twoliter.core.internal.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootConfigTest {

    @Test
    void the_text_is_followed_by_padding_length_sum_and_magic() {
        ByteBuffer blob = ByteBuffer.wrap(BootConfig.encode("a = 1\n")).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(blob.remaining()).isEqualTo(8 + 8 + 12);
        assertThat(new String(blob.array(), 0, 8, US_ASCII)).isEqualTo("a = 1\n\0\0");
        assertThat(blob.getInt(8)).isEqualTo(8);
        assertThat(blob.getInt(12)).isEqualTo('a' + ' ' + '=' + ' ' + '1' + '\n');
        assertThat(new String(blob.array(), 16, 12, US_ASCII)).isEqualTo("#BOOTCONFIG\n");
    }

    @Test
    void what_is_written_reads_back() {
        for (String text : new String[] {"", "a", "ab", "abc", "abcd", "kernel.x = \"#{\"\n", BootConfig.EMPTY}) {
            assertThat(BootConfig.decode(BootConfig.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void the_end_of_a_larger_initrd_is_found_and_the_kernels_own_form_with_its_nul() {
        byte[] own = ByteBuffer.allocate(10 + 4 + 20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("some initrd".substring(0, 10).getBytes(US_ASCII))
                .put("a=1\0".getBytes(US_ASCII))
                .putInt(4)
                .putInt('a' + '=' + '1')
                .put("#BOOTCONFIG\n".getBytes(US_ASCII))
                .array();

        assertThat(BootConfig.decode(own)).isEqualTo("a=1");
    }

    @Test
    void snippets_are_joined_in_the_order_of_their_versions() {
        assertThat(BootConfig.merge(Map.of("10-b", "b = 2", "9-a", "a = 1\n", "10-a", "c = 3\n", "010-z", "d = 4")))
                .isEqualTo("a = 1\nc = 3\nb = 2\nd = 4\n");
        assertThat(BootConfig.merge(Map.of())).isEqualTo("kernel {}\ninit {}\n");
        assertThat(BootConfig.merge(Map.of("empty", ""))).isEqualTo(BootConfig.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a {", "}", "a = \"", "a = '", "ü = 1", "a\0b", "{{{{{{{{{{{{{{{{{}}}}}}}}}}}}}}}}}"})
    void text_that_the_kernel_would_drop_is_refused(String text) {
        assertThatThrownBy(() -> BootConfig.encode(text)).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> BootConfig.merge(Map.of("10-x", text)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("10-x");
    }

    @Test
    void text_beyond_the_kernels_limit_is_refused() {
        assertThat(BootConfig.decode(BootConfig.encode("#".repeat(32767)))).hasSize(32767);
        assertThatThrownBy(() -> BootConfig.encode("#".repeat(32768)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("32767");
    }

    @Test
    void damage_is_answered_by_the_typed_exception_only() {
        byte[] good = BootConfig.encode("kernel.quiet = 1\n");
        for (int size = 0; size < good.length; size++) {
            byte[] cut = Arrays.copyOf(good, size);
            assertThatThrownBy(() -> BootConfig.decode(cut)).isInstanceOf(FormatException.class);
            byte[] late = Arrays.copyOfRange(good, good.length - size, good.length);
            assertThatThrownBy(() -> BootConfig.decode(late)).isInstanceOf(FormatException.class);
        }
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                BootConfig.decode(damaged);
            } catch (FormatException e) {
                assertThat(e.subject()).isEqualTo("bootconfig");
            }
        }
    }
}
