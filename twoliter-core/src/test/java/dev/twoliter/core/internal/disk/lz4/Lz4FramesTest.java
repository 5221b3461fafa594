package dev.twoliter.core.internal.disk.lz4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Lz4FramesTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    /** Words, then noise, then zeros that fill a block. */
    private static byte[] content(int size) {
        byte[] bytes = new byte[size];
        Random random = new Random(7);
        for (int i = 0; i < Math.min(size, MIB); i++) {
            bytes[i] = (byte) ("abcdefgh".charAt(random.nextInt(8)));
        }
        if (size > MIB) {
            byte[] noise = new byte[Math.min(size, 9 * MIB) - MIB];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, bytes, MIB, noise.length);
        }
        return bytes;
    }

    private static byte[] compress(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Lz4FrameWriter().write(new ByteArrayInputStream(content), out);
        return out.toByteArray();
    }

    private static byte[] decompress(byte[] frame, long maxSize) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long size = Lz4Frames.decompress(new ByteArrayInputStream(frame), out, maxSize, "x.lz4");
        assertThat(size).isEqualTo(out.size());
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 65536, 65537, MIB, 4 * MIB, 4 * MIB + 1, 17 * MIB})
    void what_was_compressed_reads_back(int size) throws IOException {
        byte[] content = content(size);

        assertThat(decompress(compress(content), size)).isEqualTo(content);
    }

    @Test
    void content_beyond_the_limit_is_refused() throws IOException {
        byte[] frame = compress(new byte[5 * MIB]);

        assertThatThrownBy(() -> decompress(frame, 5 * MIB - 1))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("larger");
    }

    @Test
    void cut_or_damaged_frames_are_refused_or_have_the_same_content() throws IOException {
        byte[] good = compress(content(2000));
        for (int length = 0; length < good.length; length++) {
            byte[] bad = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> decompress(bad, 10_000)).isInstanceOf(FormatException.class);
        }
        for (int at = 0; at < good.length; at++) {
            for (int flip : new int[] {1, 0x80, 0xFF}) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) flip;
                try {
                    // A match may come from another place with the same bytes.
                    assertThat(decompress(bad, 10_000)).isEqualTo(content(2000));
                } catch (FormatException e) {
                    assertThat(e).hasMessageContaining("x.lz4");
                }
            }
        }
    }

    @Peer("lz4")
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 65536, 65537, 262145, MIB, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 8 * MIB, 17 * MIB})
    void lz4_makes_the_same_bytes_and_accepts_ours(int size) throws IOException {
        Path file = Files.write(dir.resolve("x"), content(size));
        Path ours = Files.write(dir.resolve("ours.lz4"), compress(content(size)));
        Path theirs = dir.resolve("theirs.lz4");

        Command.output("lz4", "-9", "-q", file, theirs);

        assertThat(ours).hasSameBinaryContentAs(theirs);
        Command.output("lz4", "-t", ours);
    }

    @Peer("lz4")
    @Test
    void frames_of_lz4_with_other_options_are_read() throws IOException {
        Path file = Files.write(dir.resolve("x"), content(MIB));
        Path theirs = dir.resolve("theirs.lz4");
        Command.output("lz4", "-1", "-q", "-B4", "-BX", "--content-size", file, theirs);

        assertThat(decompress(Files.readAllBytes(theirs), MIB)).isEqualTo(content(MIB));
    }
}
