package dev.twoliter.rpm;

import dev.twoliter.rpm.repo.RepoOptions;
import dev.twoliter.rpm.repo.RepoWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Good inputs to begin with, and those that once were answered wrongly ({@code src/test/resources/fuzz/TARGET}). */
final class FuzzSeeds {
    private FuzzSeeds() {}

    /** Writes the seeds into one directory per target, for the fuzzer. */
    public static void main(String[] args) throws IOException {
        for (Map.Entry<String, List<byte[]>> target : all().entrySet()) {
            Path directory = Files.createDirectories(Path.of(args[0]).resolve(target.getKey()));
            for (int i = 0; i < target.getValue().size(); i++) {
                Files.write(directory.resolve("seed-" + i), target.getValue().get(i));
            }
        }
    }

    static Map<String, List<byte[]>> all() throws IOException {
        Map<String, List<byte[]>> seeds = new TreeMap<>();
        Path dir = Files.createTempDirectory("seeds");
        try {
            seeds.put("header", headers(dir));
            seeds.put("payload", payloads());
            seeds.put("dependency", dependencies());
            seeds.put("repodata", repodata(dir));
        } finally {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, List<byte[]>> target : seeds.entrySet()) {
            Path findings = Path.of("src/test/resources/fuzz", target.getKey());
            if (Files.isDirectory(findings)) {
                try (Stream<Path> files = Files.list(findings)) {
                    for (Path file : files.sorted().toList()) {
                        target.getValue().add(Files.readAllBytes(file));
                    }
                }
            }
        }
        return seeds;
    }

    private static List<byte[]> headers(Path dir) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        RawRpm raw = PayloadFuzzer.raw();
        raw.header()
                .strings(RpmTag.HEADERI18NTABLE, List.of("C", "de"))
                .strings(RpmTag.CHANGELOGNAME, List.of("me"))
                .strings(RpmTag.CHANGELOGTEXT, List.of("- all"))
                .int32(RpmTag.CHANGELOGTIME, 1_700_000_000)
                .strings(RpmTag.REQUIRENAME, List.of("a", "(b if c)"))
                .strings(RpmTag.REQUIREVERSION, List.of("1:2-3", ""))
                .int32(RpmTag.REQUIREFLAGS, 12, 0)
                .string(RpmTag.PREIN, "exit")
                .strings(RpmTag.PREINPROG, List.of("/bin/sh"))
                .int32(RpmTag.EPOCH, 1)
                .int64(RpmTag.LONGSIZE, 1L << 40)
                .bytes(RpmTag.SOURCEPKGID, new byte[16])
                .translated(RpmTag.SUMMARY, "summary");
        seeds.add(headersOf(raw.write(dir.resolve("raw.rpm"))));
        Path small = dir.resolve("small.rpm");
        Samples.small("small", "1").writeTo(small);
        seeds.add(headersOf(small));
        Path full = dir.resolve("full.rpm");
        Samples.full().writeTo(full);
        seeds.add(headersOf(full));
        return seeds;
    }

    private static byte[] headersOf(Path rpm) throws IOException {
        byte[] file = Files.readAllBytes(rpm);
        return java.util.Arrays.copyOf(file, (int) RpmPackage.open(rpm).headerEnd());
    }

    private static List<byte[]> payloads() throws IOException {
        byte[] plain = PayloadFuzzer.raw().payload();
        List<byte[]> seeds = new ArrayList<>(List.of(plain));
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(plain);
        }
        seeds.add(gzip.toByteArray());
        ByteArrayOutputStream zstd = new ByteArrayOutputStream();
        try (var out = new com.github.luben.zstd.ZstdOutputStream(zstd, 1)) {
            out.write(plain);
        }
        seeds.add(zstd.toByteArray());
        ByteArrayOutputStream xz = new ByteArrayOutputStream();
        try (var out = new org.tukaani.xz.XZOutputStream(xz, new org.tukaani.xz.LZMA2Options(0))) {
            out.write(plain);
        }
        seeds.add(xz.toByteArray());
        ByteArrayOutputStream lzma = new ByteArrayOutputStream();
        try (var out = new org.tukaani.xz.LZMAOutputStream(lzma, new org.tukaani.xz.LZMA2Options(0), -1)) {
            out.write(plain);
        }
        seeds.add(lzma.toByteArray());
        ByteArrayOutputStream bzip2 = new ByteArrayOutputStream();
        try (var out = new org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream(bzip2, 1)) {
            out.write(plain);
        }
        seeds.add(bzip2.toByteArray());
        ByteArrayOutputStream stripped = new ByteArrayOutputStream();
        stripped.writeBytes(Cpio.strippedHeader(0));
        stripped.writeBytes(Cpio.strippedHeader(2));
        stripped.writeBytes(RawRpm.content("hello, hello, hello, hello\0\0"));
        stripped.writeBytes(Cpio.trailer());
        seeds.add(stripped.toByteArray());
        return seeds;
    }

    private static List<byte[]> dependencies() {
        List<byte[]> seeds = new ArrayList<>();
        for (String text : List.of(
                "foo",
                "foo(x86-64) >= 1:2.0~rc1-3^git",
                "((a and b >= 1) if (c or d) else (e with f(x = y)))",
                "(a without b)",
                "(a unless (b or c) else d)",
                "name-with-dash-1:2.0-3.x86_64",
                "1.0~rc1\n1.0^git",
                "rpmlib(PayloadIsZstd) <= 5.4.18-1")) {
            seeds.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return seeds;
    }

    private static List<byte[]> repodata(Path dir) throws IOException {
        Path repo = Files.createDirectories(dir.resolve("repo/Packages"));
        Samples.small("small", "1").writeTo(repo.resolve("small-1-1.x86_64.rpm"));
        Samples.full().writeTo(repo.resolve("full.rpm"));
        RepoWriter.write(dir.resolve("repo"), RepoOptions.defaults());
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(dir.resolve("repo/repodata"))) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.equals("repomd.xml")) {
                    seeds.add(tagged('r', Files.readAllBytes(file)));
                } else if (name.endsWith("primary.xml.gz") || name.endsWith("filelists.xml.gz")) {
                    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                        seeds.add(tagged(name.endsWith("primary.xml.gz") ? 'p' : 'f', in.readAllBytes()));
                    }
                }
            }
        }
        return seeds;
    }

    private static byte[] tagged(char parser, byte[] content) {
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        seed.write(parser);
        seed.writeBytes(content);
        return seed.toByteArray();
    }
}
