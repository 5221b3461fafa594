package dev.twoliter.oci;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Good layers to begin with, and those that once were answered wrongly ({@code src/test/resources/fuzz/layer}). */
final class LayerFuzzSeeds {
    private LayerFuzzSeeds() {}

    /** Writes the seeds into a directory, for the fuzzer. */
    public static void main(String[] args) throws IOException {
        Path directory = Files.createDirectories(Path.of(args[0]));
        List<byte[]> seeds = all();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(directory.resolve("seed-" + i), seeds.get(i));
        }
    }

    static List<byte[]> all() throws IOException {
        byte[] links = new RawTar()
                .file("d/f", "content")
                .link('5', "e/", "")
                .link('2', "d/l", "../e")
                .link('1', "h", "d/f")
                .end();
        byte[] headers = new RawTar()
                .pax('g', Map.of("comment", "x"))
                .pax('x', Map.of("path", "p/" + "n".repeat(150), "size", "3", "mtime", "1.5"))
                .entry('0', "short", "", "abc".getBytes(StandardCharsets.US_ASCII))
                .entry('L', "././@LongLink", "", ("g/" + "m".repeat(150) + "\0").getBytes(StandardCharsets.US_ASCII))
                .entry('K', "././@LongLink", "", ("../p/" + "n".repeat(150)).getBytes(StandardCharsets.US_ASCII))
                .link('2', "m", "n")
                .end();
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(links);
        }
        List<byte[]> seeds = new ArrayList<>(List.of(links, headers, gzip.toByteArray(), Zstd.compress(headers)));
        Path findings = Path.of("src/test/resources/fuzz/layer");
        if (Files.isDirectory(findings)) {
            try (Stream<Path> files = Files.list(findings)) {
                for (Path file : files.sorted().toList()) {
                    seeds.add(Files.readAllBytes(file));
                }
            }
        }
        return seeds;
    }
}
