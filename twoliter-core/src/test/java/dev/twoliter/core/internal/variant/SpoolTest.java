package dev.twoliter.core.internal.variant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.core.internal.disk.tree.ContentSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final List<Integer> SIZES = List.of(0, 1, 65_536, 65_537, 3, 200_000);

    @TempDir
    Path directory;

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private List<ContentSource> spool() throws IOException {
        List<ContentSource> sources = new ArrayList<>();
        try (Spool spool = new Spool(directory.resolve("spool"))) {
            for (int size : SIZES) {
                sources.add(spool.add(new ByteArrayInputStream(content(size)), Optional.of("digest of " + size)));
            }
        }
        return sources;
    }

    @Test
    void every_content_comes_back_from_its_place_in_one_file() throws IOException {
        List<ContentSource> sources = spool();

        assertThat(directory).isDirectoryContaining("glob:**/spool");
        for (int i = 0; i < sources.size(); i++) {
            int size = SIZES.get(i);
            assertThat(sources.get(i).size()).isEqualTo(size);
            assertThat(sources.get(i).sha256()).contains("digest of " + size);
            try (InputStream in = sources.get(i).open()) {
                assertThat(in.readAllBytes()).isEqualTo(content(size));
            }
        }
    }

    @Test
    void skipping_ends_with_the_content() throws IOException {
        try (InputStream in = spool().get(2).open()) {
            assertThat(in.skip(65_530)).isEqualTo(65_530);
            assertThat(in.read()).isEqualTo(content(65_536)[65_530] & 0xFF);
            assertThat(in.skip(1_000)).isEqualTo(5);
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
