package dev.twoliter.rpm.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.OpenPgpKeys;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RpmSigner;
import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.Samples;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepodataTest {
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

    private static String metadata(Path repo, String type) throws IOException {
        try (var files = Files.list(repo.resolve("repodata"))) {
            Path file = files.filter(f -> f.toString().endsWith("-" + type + ".xml.gz"))
                    .findFirst()
                    .orElseThrow();
            try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void reads_back_what_it_wrote() {
        assertThat(RepoWriter.write(repo).packages()).isEqualTo(2);
        Repository read = RepoReader.read(repo);
        assertThat(read.revision()).isEqualTo("0");
        assertThat(read.packages())
                .extracting(RepoPackage::toString)
                .containsExactly("hello-agent-2:0.1.0~rc1-1.x86_64", "small-1-1.x86_64");
        RepoPackage hello = read.packages().get(0);
        assertThat(hello.href()).isEqualTo("Packages/hello.rpm");
        assertThat(hello.requires().stream().map(Relation::toString))
                .containsExactly("(a if b)", "bottlerocket-release", "libfoo >= 1:2.0");
        assertThat(hello.primaryFiles())
                .contains("/etc/hello.conf", "/usr/bin/hello")
                .doesNotContain("/var/lib/hello");
        assertThat(hello.files()).hasSize(11).contains("/var/lib/hello", "/usr/lib/hello/grüße");
        assertThat(read.fileOf(hello)).exists();
    }

    @Test
    void writes_the_same_bytes_whatever_the_number_of_workers_and_drops_the_index_before() throws IOException {
        RepoWriter.write(repo, RepoOptions.builder().workers(1).build());
        byte[] first = Files.readAllBytes(repo.resolve("repodata/repomd.xml"));
        RepoWriter.write(repo, RepoOptions.builder().workers(4).build());
        assertThat(Files.readAllBytes(repo.resolve("repodata/repomd.xml"))).isEqualTo(first);
        Samples.small("third", "1").writeTo(repo.resolve("third.rpm"));
        RepoWriter.write(repo);
        try (var files = Files.list(repo.resolve("repodata"))) {
            assertThat(files).hasSize(7);
        }
    }

    @Test
    void refuses_changed_missing_and_unsigned_metadata() throws IOException {
        RpmSigner signer = Samples.signer(dir, OpenPgpKeys.Algorithm.ED25519);
        RpmVerifier verifier = RpmVerifier.withKeys(List.of(dir.resolve("ED25519.pub")));
        RepoWriter.write(repo);
        assertThatThrownBy(() -> RepoReader.read(repo, verifier)).hasMessageContaining("not signed");
        RepoWriter.write(repo, RepoOptions.builder().signer(signer).build());
        assertThat(RepoReader.read(repo, verifier).packages()).hasSize(2);
        assertThatThrownBy(() -> RepoReader.read(repo, RpmVerifier.withoutKeys()))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("unknown key");
        Path primary;
        try (var files = Files.list(repo.resolve("repodata"))) {
            primary = files.filter(f -> f.toString().endsWith("primary.xml.gz"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(primary);
        bytes[50] ^= 1;
        Files.write(primary, bytes);
        assertThatThrownBy(() -> RepoReader.read(repo)).isInstanceOf(VerificationException.class);
        Files.delete(primary);
        assertThatThrownBy(() -> RepoReader.read(repo))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("primary");
    }

    @Test
    void answers_damaged_repomd_with_typed_errors_only() throws IOException {
        RepoWriter.write(repo);
        Path repomd = repo.resolve("repodata/repomd.xml");
        String good = Files.readString(repomd);
        for (int length = 0; length < good.length() - 1; length += 3) {
            Files.writeString(repomd, good.substring(0, length));
            assertThatThrownBy(() -> RepoReader.read(repo)).isInstanceOf(TwoliterException.class);
        }
        Files.writeString(repomd, good.replace("repodata/", "../kit/repodata/"));
        assertThatThrownBy(() -> RepoReader.read(repo))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("leads out of the repository");
        Files.writeString(
                repomd,
                good.replace("<repomd", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><repomd")
                        .replace("<revision>0", "<revision>&e;"));
        assertThatThrownBy(() -> RepoReader.read(repo)).isInstanceOf(FormatException.class);
    }

    @Test
    void answers_damaged_primary_with_typed_errors_only() throws IOException {
        RepoWriter.write(repo);
        byte[] good = metadata(repo, "primary").getBytes(StandardCharsets.UTF_8);
        int parsed = 0;
        for (int i = 0; i < good.length; i += 19) {
            byte[] bad = i % 2 == 0 ? good.clone() : java.util.Arrays.copyOf(good, i);
            if (i % 2 == 0) {
                bad[i] ^= (byte) (1 + i % 127);
            }
            Files.write(repo.resolve("repodata/p.xml"), bad);
            Files.writeString(
                    repo.resolve("repodata/repomd.xml"),
                    "<repomd><data type='primary'><checksum type='sha256'>"
                            + dev.twoliter.api.Digest.ofBytes(bad).hex()
                            + "</checksum><location href='repodata/p.xml'/></data></repomd>");
            try {
                RepoReader.read(repo);
                parsed++;
            } catch (TwoliterException e) {
                assertThat(e).isInstanceOf(FormatException.class);
            }
        }
        assertThat(parsed).isPositive();
    }

    @Test
    @Peer("createrepo_c")
    void equals_createrepo_c_in_all_three_files() throws IOException {
        RepoWriter.write(repo);
        List<String> types = List.of("primary", "filelists", "other");
        List<String> ours = List.of(metadata(repo, "primary"), metadata(repo, "filelists"), metadata(repo, "other"));
        Command.output("createrepo_c", "--no-database", repo);
        for (int i = 0; i < types.size(); i++) {
            assertThat(ours.get(i).replaceAll("<time file=\"\\d+\"", "<time file=\"0\""))
                    .isEqualTo(metadata(repo, types.get(i)).replaceAll("<time file=\"\\d+\"", "<time file=\"0\""));
        }
        Repository theirs = RepoReader.read(repo);
        assertThat(theirs.packages()).hasSize(2);
        assertThat(theirs.packages().get(0).files()).hasSize(11);
    }

    @Test
    @Peer({"dnf", "rpm"})
    void dnf_queries_and_downloads_with_all_checks_on() throws IOException {
        RpmSigner signer = Samples.signer(dir, OpenPgpKeys.Algorithm.ED25519);
        signer.sign(repo.resolve("Packages/b/small.rpm"));
        RepoWriter.write(repo, RepoOptions.builder().signer(signer).build());
        Path config = Files.createDirectory(dir.resolve("repos.d"));
        Files.writeString(config.resolve("kit.repo"), """
                [kit]
                name=kit
                baseurl=file://%s
                enabled=1
                gpgcheck=1
                repo_gpgcheck=1
                gpgkey=file://%s
                """.formatted(repo, dir.resolve("ED25519.pub")));
        List<String> common = List.of(
                "-y",
                "--setopt=reposdir=" + config,
                "--setopt=cachedir=" + dir.resolve("cache"),
                "--setopt=logdir=" + dir,
                "--releasever=1",
                "--forcearch=x86_64",
                "--installroot=" + dir.resolve("root"));
        assertThat(dnf(common, "repoquery", "--qf", "%{name} %{evr} %{arch}"))
                .contains("hello-agent 2:0.1.0~rc1-1 x86_64", "small 1-1 x86_64");
        assertThat(dnf(common, "repoquery", "--requires", "hello-agent")).contains("libfoo >= 1:2.0", "(a if b)");
        dnf(common, "install", "--downloadonly", "--downloaddir=" + dir.resolve("out"), "small");
        assertThat(dir.resolve("out/small.rpm")).hasSameBinaryContentAs(repo.resolve("Packages/b/small.rpm"));
    }

    private static String dnf(List<String> common, String... words) {
        List<Object> command = new java.util.ArrayList<>(List.of("dnf"));
        command.addAll(common);
        command.addAll(List.of(words));
        return Command.output(command.toArray());
    }
}
