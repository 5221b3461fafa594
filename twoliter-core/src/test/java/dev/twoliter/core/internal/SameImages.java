package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Compares directories with artefacts. */
public final class SameImages {
    private SameImages() {}

    /** Checks that both have the same files with the same bytes, and the same links. */
    public static void assertSame(Path actual, Path expected) throws IOException {
        assertThat(names(actual)).isEqualTo(names(expected));
        for (String name : names(expected)) {
            Path one = actual.resolve(name);
            Path other = expected.resolve(name);
            if (Files.isSymbolicLink(other)) {
                assertThat(Files.readSymbolicLink(one)).isEqualTo(Files.readSymbolicLink(other));
            } else {
                assertThat(Files.mismatch(one, other)).as(name).isEqualTo(-1);
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
