package dev.twoliter.core.internal.disk.verity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.core.internal.disk.Derived;
import dev.twoliter.core.internal.disk.NewFile;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerityTest {
    private static final UUID ID = Derived.uuid("seed", "verity");
    private static final byte[] SALT = Derived.bytes("seed", "salt");

    @TempDir
    Path dir;

    private Path data;
    private Path hashes;

    /** Some random blocks, then zeros, the last block random again. */
    private VerityRoot format(int blocks) throws IOException {
        data = dir.resolve("root.img");
        hashes = dir.resolve("root.verity");
        byte[] bytes = new byte[4096];
        Random random = new Random(blocks);
        try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
            file.setLength(blocks * 4096L);
            for (int block = 0; block < blocks; block = block < 200 || block == blocks - 1 ? block + 1 : blocks - 1) {
                random.nextBytes(bytes);
                file.seek(block * 4096L);
                file.write(bytes);
            }
        }
        try (FileChannel from = FileChannel.open(data)) {
            return NewFile.write(hashes, out -> VerityTree.write(from, out, ID, SALT));
        }
    }

    private void verify(String rootHash) throws IOException {
        try (FileChannel from = FileChannel.open(data);
                FileChannel tree = FileChannel.open(hashes)) {
            VerityVerifier.verify(from, tree, rootHash, "root.img");
        }
    }

    private static void flip(Path file, long position) throws IOException {
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.seek(position);
            int old = image.read();
            image.seek(position);
            image.write(old ^ 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 128, 129, 513, 16384, 16385})
    void what_was_formatted_verifies(int blocks) throws IOException {
        VerityRoot root = format(blocks);

        verify(root.rootHash());
        assertThat(root.dataBlocks()).isEqualTo(blocks);
        assertThat(hashes).hasSize(root.hashBlocks() * 4096).hasSize(VerityTree.size(blocks));
    }

    @Test
    void a_flipped_byte_is_found_and_its_block_named() throws IOException {
        VerityRoot root = format(300);
        flip(data, 100 * 4096 + 17);
        flip(data, 250 * 4096);

        assertThatThrownBy(() -> verify(root.rootHash()))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("root.img: data block 100 ");
    }

    @Test
    void a_flipped_byte_in_the_tree_is_found_and_its_block_named() throws IOException {
        VerityRoot root = format(300);
        flip(hashes, 3 * 4096);

        assertThatThrownBy(() -> verify(root.rootHash()))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("hash block 3 ");
    }

    @Test
    void another_root_hash_is_refused() throws IOException {
        format(300);

        assertThatThrownBy(() -> verify("00".repeat(32)))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("00".repeat(32));
    }

    @Test
    void damaged_hash_devices_give_typed_errors_only() throws IOException {
        VerityRoot root = format(3);
        byte[] good = Files.readAllBytes(hashes);
        for (int at = 0; at < 600; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) 0xFF;
            Files.write(hashes, bad);
            try {
                verify(root.rootHash());
                assertThat(at).as("a byte that nothing depends on").matches(i -> i >= 16 && i < 32 || i >= 82);
            } catch (FormatException | VerificationException e) {
                assertThat(e).hasMessageContaining("root.img");
            }
        }
        for (int length = 0; length < good.length; length += 101) {
            Files.write(hashes, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> verify(root.rootHash())).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void capacities_are_those_of_the_reference() {
        assertThat(VerityTree.size(235_520)).isEqualTo(1857 * 4096);
        assertThat(VerityTree.size(471_040)).isEqualTo(3711 * 4096);
    }

    @Test
    void the_kernel_parameter_has_the_words_of_the_reference() {
        VerityRoot root = new VerityRoot("ab".repeat(32), "cd".repeat(32), 235_520, 1857);

        assertThat(root.dmModCreate())
                .isEqualTo("root,,,ro,0 1884160 verity 1 PARTUUID=$boot_uuid/PARTNROFF=1"
                        + " PARTUUID=$boot_uuid/PARTNROFF=2 4096 4096 235520 1 sha256 "
                        + "ab".repeat(32) + " " + "cd".repeat(32) + " 2 restart_on_corruption ignore_zero_blocks");
    }

    @Peer("veritysetup")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 128, 129, 16385})
    void veritysetup_makes_the_same_bytes_and_verifies_ours(int blocks) throws IOException {
        VerityRoot root = format(blocks);
        Path theirs = dir.resolve("theirs.verity");

        String printed = Command.output("veritysetup", "format", "--salt=" + root.salt(), "--uuid=" + ID, data, theirs);

        assertThat(printed).containsPattern("Root hash:\\s+" + root.rootHash());
        assertThat(hashes).hasSameBinaryContentAs(theirs);
        Command.output("veritysetup", "verify", data, hashes, root.rootHash());
    }

    @Peer("veritysetup")
    @Test
    void veritysetup_finds_the_same_flipped_byte() throws IOException {
        VerityRoot root = format(300);
        flip(data, 100 * 4096 + 17);

        Command verified = Command.run("veritysetup", "verify", data, hashes, root.rootHash());

        assertThat(verified.exit()).isNotZero();
        assertThat(verified.output()).contains("position 409600");
    }
}
