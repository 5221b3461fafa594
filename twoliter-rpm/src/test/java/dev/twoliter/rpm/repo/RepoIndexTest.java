package dev.twoliter.rpm.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.OpenPgpKeys;
import dev.twoliter.rpm.RpmSigner;
import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.Samples;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an index holds by its options, how one is updated and checked. */
class RepoIndexTest {
    private static final RepoOptions UPDATE = RepoOptions.builder().update(true).build();
    private static final Advisory ADVISORY = new Advisory(
            "BRSA-abc123def456",
            "libfoo CVE-2026-12345",
            Advisory.Severity.MODERATE,
            "Too much of <foo> & bar.",
            Instant.parse("2026-03-06T02:52:09Z"),
            "someone",
            List.of("CVE-2026-12345", "GHSA-23cf-gh4j-mpqr"),
            List.of(new Advisory.Fix("small", Evr.parse("2"), "x86_64")));

    @TempDir
    Path dir;

    private Path repo;

    @BeforeEach
    void make_a_repository() throws IOException {
        repo = dir.resolve("kit");
        Files.createDirectories(repo.resolve("Packages/b"));
        Samples.full().writeTo(repo.resolve("Packages/hello.rpm"));
        Samples.small("small", "1").writeTo(repo.resolve("Packages/b/small.rpm"));
    }

    @Test
    void names_the_databases_in_repomd_and_leaves_them_out_on_request() throws Exception {
        RepoWriter.write(repo);
        assertThat(Files.readString(repo.resolve("repodata/repomd.xml")))
                .containsSubsequence("\"other\"", "\"primary_db\"", "<database_version>10<", "\"other_db\"");
        assertThat(Repos.query(repo, "primary", "select name from packages"))
                .containsExactly("'hello-agent'", "'small'");
        RepoWriter.write(repo, RepoOptions.builder().databases(false).build());
        assertThat(Repos.contents(repo))
                .hasSize(4)
                .allSatisfy((name, digest) -> assertThat(name).doesNotContain("sqlite"));
    }

    @Test
    void reads_only_primary_until_files_are_asked_for() throws IOException {
        RepoWriter.write(repo);
        Path filelists = Repos.file(repo, "filelists.xml.gz");
        Files.write(filelists, new byte[] {1});
        Files.delete(Repos.file(repo, "other.xml.gz"));
        RepoPackage hello = RepoReader.read(repo).packages().get(0);
        assertThat(hello.primaryFiles()).isNotEmpty();
        assertThatThrownBy(hello::files).isInstanceOf(VerificationException.class);
    }

    @Test
    void writes_zstd_and_reads_it_back() throws IOException {
        RepoWriter.write(
                repo,
                RepoOptions.builder().compression(RepoOptions.Compression.ZSTD).build());
        assertThat(Repos.file(repo, "primary.xml.zst")).exists();
        Repository read = RepoReader.read(repo);
        assertThat(read.packages()).hasSize(2);
        assertThat(read.packages().get(0).files()).hasSize(11);
    }

    @Test
    void reads_plain_xz_and_bzip2() throws IOException {
        RepoWriter.write(repo);
        byte[] plain = Repos.open(repo, "primary.xml.gz");
        for (String extension : List.of("", ".xz", ".bz2", ".zst")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = compressor(extension, bytes)) {
                out.write(plain);
            }
            replacePrimary("primary.xml" + extension, bytes.toByteArray());
            assertThat(RepoReader.read(repo).packages()).as(extension).hasSize(2);
        }
    }

    private static OutputStream compressor(String extension, OutputStream out) throws IOException {
        return switch (extension) {
            case ".xz" -> new org.tukaani.xz.XZOutputStream(out, new org.tukaani.xz.LZMA2Options(2));
            case ".bz2" -> new org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream(out);
            case ".zst" -> new com.github.luben.zstd.ZstdOutputStream(out);
            default -> out;
        };
    }

    private void replacePrimary(String name, byte[] content) throws IOException {
        Files.write(repo.resolve("repodata").resolve(name), content);
        Files.writeString(
                repo.resolve("repodata/repomd.xml"),
                "<repomd><data type='primary'><checksum type='sha256'>"
                        + dev.twoliter.api.Digest.ofBytes(content).hex() + "</checksum><location href='repodata/" + name
                        + "'/></data></repomd>");
    }

    @Test
    void refuses_zchunk_by_name() throws IOException {
        RepoWriter.write(repo);
        replacePrimary("primary.xml.zck", "\0ZCK1".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> RepoReader.read(repo))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("zchunk");
    }

    @Test
    void leaves_out_what_is_excluded() {
        RepoWriter.write(repo, RepoOptions.builder().addExclude("*/b/*").build());
        assertThat(RepoReader.read(repo).packages())
                .extracting(RepoPackage::name)
                .containsExactly("hello-agent");
        RepoWriter.write(
                repo, RepoOptions.builder().addExclude("Packages/hell?.rpm").build());
        assertThat(RepoReader.read(repo).packages())
                .extracting(RepoPackage::name)
                .containsExactly("small");
    }

    @Test
    void an_update_reads_only_what_changed_and_writes_what_a_new_index_would() throws IOException {
        RepoOptions fresh = RepoOptions.builder().fileTimes(true).build();
        RepoWriter.write(repo, fresh);
        Map<String, String> before = Repos.contents(repo);
        assertThat(RepoWriter.write(repo, UPDATE).read()).isZero();
        assertThat(Repos.contents(repo)).isEqualTo(before);

        Samples.small("third", "1").writeTo(repo.resolve("third.rpm"));
        assertThat(RepoWriter.write(repo, UPDATE).read()).isEqualTo(1);
        Map<String, String> updated = Repos.contents(repo);
        RepoWriter.write(repo, fresh);
        assertThat(Repos.contents(repo)).isEqualTo(updated);

        Files.delete(repo.resolve("third.rpm"));
        assertThat(RepoWriter.write(repo, UPDATE))
                .extracting(RepoIndex::read, RepoIndex::packages)
                .containsExactly(0, 2);
        assertThat(Repos.contents(repo)).isEqualTo(before);

        Files.setLastModifiedTime(repo.resolve("Packages/hello.rpm"), FileTime.fromMillis(1_000_000));
        assertThat(RepoWriter.write(repo, UPDATE).read()).isEqualTo(1);
    }

    @Test
    void an_update_with_other_options_writes_the_index_again_without_reading_packages() throws IOException {
        RepoWriter.write(repo, UPDATE);
        RepoOptions other = RepoOptions.builder()
                .update(true)
                .databases(false)
                .timestamp(Instant.ofEpochSecond(7))
                .addAdvisory(ADVISORY)
                .build();
        assertThat(RepoWriter.write(repo, other).read()).isZero();
        assertThat(RepoReader.read(repo).revision()).isEqualTo("7");
        assertThat(Repos.contents(repo)).hasSize(5);
        RepoSnapshot snapshot = new RepoSnapshot(Repos.contents(repo));
        assertThat(RepoWriter.write(repo, other).read()).isZero();
        assertThat(Repos.contents(repo)).isEqualTo(snapshot.contents);
    }

    private record RepoSnapshot(Map<String, String> contents) {}

    @Test
    void an_update_of_a_damaged_index_reads_everything() throws IOException {
        RepoWriter.write(repo, UPDATE);
        Map<String, String> good = Repos.contents(repo);
        for (String file : List.of("primary.xml.gz", "filelists.xml.gz", "primary.sqlite.bz2", "repomd.xml")) {
            Files.write(Repos.file(repo, file), new byte[] {1, 2, 3});
            assertThat(RepoWriter.write(repo, UPDATE).read()).as(file).isEqualTo(2);
            assertThat(Repos.contents(repo)).isEqualTo(good);
        }
    }

    @Test
    void an_update_signs_and_takes_a_signature_away() throws IOException {
        RpmSigner signer = Samples.signer(dir, OpenPgpKeys.Algorithm.ED25519);
        RpmVerifier verifier = RpmVerifier.withKeys(List.of(dir.resolve("ED25519.pub")));
        RepoWriter.write(repo, UPDATE);
        RepoWriter.write(repo, RepoOptions.builder().update(true).signer(signer).build());
        assertThat(RepoReader.read(repo, verifier).packages()).hasSize(2);
        RepoWriter.write(repo, UPDATE);
        assertThat(repo.resolve("repodata/repomd.xml.asc")).doesNotExist();
    }

    @Test
    void tells_progress_for_every_package() {
        List<String> told = new ArrayList<>();
        RepoWriter.write(
                repo,
                RepoOptions.builder()
                        .progress((done, total) -> told.add(done + "/" + total))
                        .build());
        assertThat(told).containsExactly("1/2", "2/2");
    }

    @Test
    void a_good_repository_passes_the_check() {
        RepoWriter.write(repo);
        RepoReport report = RepoChecker.builder().build().check(repo);
        assertThat(report.problems()).isEmpty();
        assertThat(report.isGood()).isTrue();
        assertThat(report.packages()).isEqualTo(2);
        assertThat(report.metadataFiles()).isEqualTo(6);
    }

    @Test
    void the_check_tells_everything_that_is_wrong() throws IOException {
        Samples.small("third", "1").writeTo(repo.resolve("third.rpm"));
        RepoWriter.write(repo);
        Samples.small("fourth", "1").writeTo(repo.resolve("fourth.rpm"));
        Files.delete(repo.resolve("third.rpm"));
        Files.write(repo.resolve("Packages/hello.rpm"), new byte[] {1});
        byte[] small = Files.readAllBytes(repo.resolve("Packages/b/small.rpm"));
        small[small.length - 1] ^= 1;
        Files.write(repo.resolve("Packages/b/small.rpm"), small);
        Path database = Repos.file(repo, "other.sqlite.bz2");
        Files.write(database, new byte[] {1, 2});
        RepoReport report = RepoChecker.builder().workers(1).build().check(repo);
        assertThat(report.isGood()).isFalse();
        assertThat(report.problems())
                .extracting(RepoReport.Problem::file)
                .containsExactly(
                        "repodata/" + database.getFileName(),
                        "Packages/hello.rpm",
                        "Packages/b/small.rpm",
                        "third.rpm");
        assertThat(report.problems().get(1).message()).contains("has 1 bytes");
        assertThat(report.problems().get(2).message()).contains("digest");
        assertThat(report.problems().get(3).message()).contains("not there");
        assertThat(report.unlisted()).containsExactly("fourth.rpm");
    }

    @Test
    void the_check_wants_a_signature_by_a_given_key() throws IOException {
        RpmSigner signer = Samples.signer(dir, OpenPgpKeys.Algorithm.ED25519);
        RpmVerifier verifier = RpmVerifier.withKeys(List.of(dir.resolve("ED25519.pub")));
        RepoChecker checker = RepoChecker.builder().verifier(verifier).build();
        RepoWriter.write(repo);
        assertThat(checker.check(repo).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("not signed"));
        RepoWriter.write(repo, RepoOptions.builder().signer(signer).build());
        assertThat(checker.check(repo).isGood()).isTrue();
    }

    @Test
    void the_check_reports_an_index_that_is_not_there() {
        RepoReport report = RepoChecker.builder().build().check(repo);
        assertThat(report.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.file()).isEqualTo("repodata/repomd.xml"));
    }

    @Test
    void the_check_finds_a_package_that_decompresses_to_something_else() throws IOException {
        RepoWriter.write(repo);
        Path repomd = repo.resolve("repodata/repomd.xml");
        String text = Files.readString(repomd);
        Files.writeString(repomd, text.replaceFirst("(<open-checksum type=\"sha256\">)....", "$1ffff"));
        assertThat(RepoChecker.builder().build().check(repo).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.file()).endsWith("primary.xml.gz"));
    }

    @Test
    void advisories_are_written_sorted_and_escaped() throws IOException {
        RepoWriter.write(repo, RepoOptions.builder().addAdvisory(ADVISORY).build());
        assertThat(new String(Repos.open(repo, "updateinfo.xml.gz"), StandardCharsets.UTF_8))
                .isEqualTo("""
                <?xml version="1.0" encoding="UTF-8"?>
                <updates>
                  <update from="someone" status="final" type="security" version="1">
                    <id>BRSA-abc123def456</id>
                    <title>libfoo CVE-2026-12345</title>
                    <severity>Moderate</severity>
                    <issued date="2026-03-06 02:52:09"/>
                    <updated date="2026-03-06 02:52:09"/>
                    <description>Too much of &lt;foo&gt; &amp; bar.</description>
                    <references>
                      <reference href="https://www.cve.org/CVERecord?id=CVE-2026-12345" id="CVE-2026-12345" \
                title="CVE-2026-12345" type="cve"/>
                      <reference href="https://github.com/advisories/GHSA-23cf-gh4j-mpqr" id="GHSA-23cf-gh4j-mpqr" \
                title="GHSA-23cf-gh4j-mpqr" type="other"/>
                    </references>
                    <pkglist>
                      <collection>
                        <package name="small" epoch="0" version="2" release="0" arch="x86_64"/>
                      </collection>
                    </pkglist>
                  </update>
                </updates>
                """);
    }

    @Test
    @Peer({"dnf"})
    void dnf_finds_packages_by_their_advisories() throws IOException {
        Advisory fixed = new Advisory(
                ADVISORY.id(),
                ADVISORY.title(),
                ADVISORY.severity(),
                ADVISORY.description(),
                ADVISORY.issued(),
                ADVISORY.author(),
                ADVISORY.references(),
                List.of(new Advisory.Fix("small", Evr.parse("1-1"), "x86_64")));
        RepoWriter.write(repo, RepoOptions.builder().addAdvisory(fixed).build());
        for (String by : List.of(
                "--advisory=BRSA-abc123def456", "--cve=CVE-2026-12345", "--sec-severity=Moderate", "--security")) {
            assertThat(repoquery(by)).as(by).isEqualToIgnoringNewLines("small-0:1-1.x86_64");
        }
        assertThat(repoquery("--cve=CVE-2026-99999")).isBlank();
    }

    private String repoquery(String by) {
        return Command.output(
                "dnf",
                "-q",
                "--disablerepo=*",
                "--repofrompath=kit," + repo,
                "--setopt=cachedir=" + dir.resolve("cache"),
                "--setopt=logdir=" + dir,
                "--releasever=1",
                "--forcearch=x86_64",
                "--installroot=" + dir.resolve("root"),
                "repoquery",
                by);
    }
}
