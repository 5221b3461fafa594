package dev.twoliter.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RpmWriteTest {
    @TempDir
    Path dir;

    private Path full() {
        Path rpm = dir.resolve("full.rpm");
        Samples.full().writeTo(rpm);
        return rpm;
    }

    private static Map<String, String> contents(Path rpm) {
        Map<String, String> found = new TreeMap<>();
        RpmPackage.open(rpm).unpack(new PayloadVisitor() {
            @Override
            public void visit(RpmFile file, InputStream content) throws IOException {
                found.put(file.path(), new String(content.readAllBytes(), UTF_8));
            }

            @Override
            public void hardLink(RpmFile file, RpmFile sameAs) {
                found.put(file.path(), "=" + sameAs.path());
            }
        });
        return found;
    }

    @Test
    void reads_back_what_was_written() {
        RpmPackage rpm = RpmPackage.open(full());
        assertThat(rpm.nevra()).hasToString("hello-agent-2:0.1.0~rc1-1.x86_64");
        assertThat(rpm.summary()).isEqualTo("Greets the machine – at boot");
        assertThat(rpm.requires().stream().map(Relation::toString))
                .contains("libfoo >= 1:2.0", "(a if b)", "rpmlib(RichDependencies) <= 4.12.0-1")
                .contains("rpmlib(TildeInVersions) <= 4.10.0-1");
        assertThat(rpm.provides().stream().map(Relation::toString))
                .containsExactly("greeter = 3", "hello-agent = 2:0.1.0~rc1-1", "hello-agent(x86-64) = 2:0.1.0~rc1-1");
        assertThat(rpm.files())
                .hasSize(11)
                .isSortedAccordingTo((a, b) -> a.path().compareTo(b.path()));
        assertThat(rpm.isSigned()).isFalse();
        assertThat(rpm.headerStart()).isEqualTo(4472);
        assertThat(contents(rpm.file()))
                .hasSize(10)
                .containsEntry("/usr/bin/hello", "#!/bin/sh\necho hello\n")
                .containsEntry("/usr/bin/hi", "")
                .doesNotContainKey("/var/log/hello.log");
    }

    @Test
    void writes_the_same_bytes_for_the_same_input() throws IOException {
        Path again = dir.resolve("again.rpm");
        Samples.full().writeTo(again);
        assertThat(Files.mismatch(full(), again)).isEqualTo(-1);
    }

    @Test
    void writes_a_large_file_in_one_pass_with_64_bit_sizes() throws IOException {
        // Far more than the buffers, far less than the 4 GiB from which on this form is used outside of tests.
        long size = 48L << 20;
        Path source = dir.resolve("source");
        try (RandomAccessFile sparse = new RandomAccessFile(source.toFile(), "rw")) {
            sparse.setLength(size);
            sparse.seek(size / 2);
            sparse.write(UTF_8.encode("middle").array());
        }
        Path target = dir.resolve("large.rpm");
        RpmBuilder builder = Samples.small("large", "1").add(RpmEntry.file("/usr/lib/large", source));
        builder.writeTo(target, 32L << 20);
        RpmPackage rpm = RpmPackage.open(target);
        assertThat(rpm.header().ints(RpmTag.LONGFILESIZES)).containsExactly(size, 5);
        assertThat(rpm.header().has(RpmTag.FILESIZES)).isFalse();
        assertThat(rpm.installedSize()).isEqualTo(size + 5);
        assertThat(rpm.archiveSize())
                .isEqualTo(rpm.header().number(RpmTag.PAYLOADSIZEALT).orElseThrow());
        assertThat(rpm.header().number(RpmTag.PAYLOADSIZE)).hasValue(Files.size(target) - rpm.headerEnd());
        RpmUnpacker.into(dir.resolve("tree")).unpack(rpm);
        assertThat(Files.mismatch(source, dir.resolve("tree/usr/lib/large"))).isEqualTo(-1);
        assertThat(RpmVerifier.withoutKeys().verify(target).verdict()).isEqualTo(RpmVerification.Verdict.UNSIGNED);
    }

    @Test
    void writes_the_digests_that_rpm_6_looks_for() throws Exception {
        RpmPackage rpm = RpmPackage.open(full());
        byte[] file = Files.readAllBytes(rpm.file());
        byte[] payload = Arrays.copyOfRange(file, (int) rpm.headerEnd(), file.length);
        HexFormat hex = HexFormat.of();
        assertThat(rpm.header().string(RpmTag.PAYLOADDIGEST))
                .hasValue(hex.formatHex(MessageDigest.getInstance("SHA-256").digest(payload)));
        assertThat(rpm.header().string(RpmTag.PAYLOADSHA3_256))
                .hasValue(hex.formatHex(MessageDigest.getInstance("SHA3-256").digest(payload)));
        byte[] archive;
        try (InputStream in = new com.github.luben.zstd.ZstdInputStream(new java.io.ByteArrayInputStream(payload))) {
            archive = in.readAllBytes();
        }
        assertThat(rpm.header().string(RpmTag.PAYLOADDIGESTALT))
                .hasValue(hex.formatHex(MessageDigest.getInstance("SHA-256").digest(archive)));
        assertThat(rpm.header().string(RpmTag.PAYLOADSHA3_256ALT))
                .hasValue(hex.formatHex(MessageDigest.getInstance("SHA3-256").digest(archive)));
        assertThat(rpm.header().number(RpmTag.PAYLOADSIZEALT)).hasValue(archive.length);
    }

    @Test
    void leaves_nothing_behind_when_a_source_is_missing() throws IOException {
        Path target = dir.resolve("x.rpm");
        RpmBuilder builder = Samples.small("x", "1").add(RpmEntry.file("/usr/x", dir.resolve("missing")));
        assertThatThrownBy(() -> builder.writeTo(target)).isInstanceOf(StorageException.class);
        try (var left = Files.list(dir)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void refuses_paths_that_lead_elsewhere() {
        for (String path : List.of("usr/x", "/usr/../x", "/a//b", "/a/", "/", "/a/./b", "")) {
            assertThatThrownBy(() -> RpmEntry.directory(path)).as(path).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void answers_damage_with_typed_errors_only() throws IOException {
        byte[] good = Files.readAllBytes(smallRpm());
        Path bad = dir.resolve("bad.rpm");
        for (int length = 0; length < good.length; length += length > 200 && length < 4500 ? 97 : 1) {
            Files.write(bad, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> contents(bad)).isInstanceOf(FormatException.class);
        }
        for (int i = 0; i < good.length; i += i > 400 && i < 4490 ? 61 : 1) {
            byte[] flipped = good.clone();
            flipped[i] ^= (byte) (1 + i % 255);
            Files.write(bad, flipped);
            try {
                contents(bad);
                RpmVerifier.withoutKeys().verify(bad);
            } catch (TwoliterException e) {
                assertThat(e).isInstanceOfAny(FormatException.class, VerificationException.class);
            }
        }
    }

    private Path smallRpm() {
        Path rpm = dir.resolve("small.rpm");
        Samples.small("small", "1").writeTo(rpm);
        return rpm;
    }

    @Test
    @Peer("rpm")
    void rpm_finds_nothing_wrong_and_reads_the_same() {
        Path rpm = full();
        assertThat(Command.output("rpm", "-K", "--nosignature", rpm)).contains("digests OK");
        RpmPackage ours = RpmPackage.open(rpm);
        assertThat(Command.output("rpm", "-qp", "--requires", rpm).lines())
                .containsExactlyInAnyOrderElementsOf(
                        ours.requires().stream().map(Relation::toString).toList());
        assertThat(Command.output("rpm", "-qp", "--provides", rpm).lines())
                .containsExactlyInAnyOrderElementsOf(
                        ours.provides().stream().map(Relation::toString).toList());
        assertThat(Command.output("rpm", "-qpl", rpm).lines())
                .containsExactlyElementsOf(
                        ours.files().stream().map(RpmFile::path).toList());
        assertThat(Command.output("rpm", "-qpc", rpm).lines()).containsExactly("/etc/hello.conf");
        assertThat(Command.output(
                        "rpm", "-qp", "--qf", "%{epochnum}:%{version} %{sourcerpm} %{payloadcompressor}", rpm))
                .isEqualTo("2:0.1.0~rc1 hello-agent-0.1.0~rc1-1.src.rpm zstd");
    }

    @Test
    @Peer("rpm")
    void rpm_installs_it_and_verifies_the_tree() {
        Path rpm = full();
        Path root = dir.resolve("root");
        Command install = Command.run("rpm", "--root", root, "-i", "--nodeps", "--noscripts", rpm);
        install.succeeded(); // Debian's rpm warns that alien might be meant
        assertThat(Command.run("rpm", "--root", root, "-V", "--nodeps", "hello-agent")
                        .output())
                .isEmpty();
        assertThat(root.resolve("usr/bin/hi")).isSymbolicLink();
        assertThat(root.resolve("usr/bin/hello")).hasContent("#!/bin/sh\necho hello\n");
    }

    @Test
    @Peer({"rpm", "rpmbuild"})
    void reads_what_rpmbuild_makes_with_each_compressor() throws IOException {
        for (String payload : List.of("w1.zstdio", "w6.gzdio", "w2.xzdio", "w9.bzdio", "w2.lzdio", "w.ufdio")) {
            Path top = dir.resolve(payload);
            Path spec = Files.writeString(dir.resolve("t.spec"), """
                    Name: tiny
                    Version: 1.0
                    Release: 1
                    Summary: tiny
                    License: MIT
                    BuildArch: noarch
                    Provides: thing = 3
                    %description
                    tiny
                    %install
                    mkdir -p %{buildroot}/usr/share/tiny
                    echo hello > %{buildroot}/usr/share/tiny/a
                    ln %{buildroot}/usr/share/tiny/a %{buildroot}/usr/share/tiny/b
                    ln -s a %{buildroot}/usr/share/tiny/c
                    seq 1 9999 > %{buildroot}/usr/share/tiny/d
                    %files
                    /usr/share/tiny
                    %changelog
                    * Mon Jan 01 2024 A <a@example.com> - 1.0-1
                    - first
                    """);
            Command.output(
                    "rpmbuild", "-bb", "--define", "_topdir " + top, "--define", "_binary_payload " + payload, spec);
            Path rpm = top.resolve("RPMS/noarch/tiny-1.0-1.noarch.rpm");
            assertThat(contents(rpm))
                    .as(payload)
                    .containsEntry("/usr/share/tiny/b", "hello\n")
                    .containsEntry("/usr/share/tiny/a", "=/usr/share/tiny/b")
                    .containsKey("/usr/share/tiny/d")
                    .containsKey("/usr/share/tiny");
            assertThat(RpmVerifier.withoutKeys().verify(rpm).verdict()).isEqualTo(RpmVerification.Verdict.UNSIGNED);
            assertThat(RpmPackage.open(rpm).provides()).contains(Relation.parse("thing = 3"));
        }
    }
}
