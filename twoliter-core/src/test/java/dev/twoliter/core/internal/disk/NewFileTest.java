package dev.twoliter.core.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {
    @TempDir
    Path dir;

    @Test
    void a_file_replaces_the_old_one() {
        Path file = dir.resolve("f");
        for (byte content : new byte[] {1, 2}) {
            NewFile.write(file, out -> out.write(ByteBuffer.wrap(new byte[] {content})));
            assertThat(file).hasBinaryContent(new byte[] {content});
        }
        assertThat(dir).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void after_a_failure_the_old_file_is_as_it_was() throws IOException {
        Path file = Files.write(dir.resolve("f"), new byte[] {1});

        assertThatThrownBy(() -> NewFile.write(file, out -> {
                    out.write(ByteBuffer.allocate(100));
                    throw new IOException("disk full");
                }))
                .isInstanceOf(StorageException.class)
                .hasMessage("cannot write " + file + ": disk full");
        assertThat(file).hasBinaryContent(new byte[] {1});
        assertThat(dir).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void what_a_killed_process_left_behind_does_not_matter() throws IOException {
        Files.write(dir.resolve(".f.tmp"), new byte[100]);

        NewFile.write(dir.resolve("f"), out -> out.write(ByteBuffer.wrap(new byte[] {7})));

        assertThat(dir.resolve("f")).hasBinaryContent(new byte[] {7});
        assertThat(dir).isDirectoryNotContaining("glob:**.tmp");
    }
}
