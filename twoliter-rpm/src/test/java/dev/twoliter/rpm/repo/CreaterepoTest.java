package dev.twoliter.rpm.repo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RpmBuilder;
import dev.twoliter.rpm.RpmEntry;
import dev.twoliter.rpm.Samples;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our index and createrepo_c's say the same of the same packages: ours, and such as only rpmbuild makes. */
class CreaterepoTest {
    private static final List<String> TYPES = List.of("primary", "filelists", "other");
    private static final String SPEC = """
            Name: odd
            Version: 1^git2~rc
            Release: 1
            Epoch: 3
            Summary: Of everything a bit, "quoted" & <bracketed> ünïcödé
            License: MIT
            Source0: a.txt
            Requires(post): /bin/sh, odd-tool >= 1:2-3
            Requires: foo <= 1:2-3, foo, foo
            Requires: libc.so.6(GLIBC_2.4)(64bit), libc.so.6(GLIBC_2.34)(64bit), libc.so.6()(64bit)
            Requires: odd = 3:1^git2~rc-1, (a if b else c), /usr/bin/own, /usr/bin/other
            Requires: bar
            Provides: bar, bar(x) = 2, own = 1
            Conflicts: c1 < 2, c2
            Obsoletes: o1 > 1
            Recommends: r1
            Suggests: s1 >= 4
            Enhances: e1
            Supplements: (s2 and s3)
            BuildRequires: gcc-of-another-world
            %description
            Tabs	and
            lines, "quotes".
            %package empty
            Summary: Nothing in it
            %description empty
            %install
            mkdir -p %{buildroot}/top %{buildroot}/usr/bin %{buildroot}/usr/lib %{buildroot}/etc/odd %{buildroot}/var/log
            echo a > %{buildroot}/rootfile
            echo b > "%{buildroot}/usr/bin/a b&c"
            echo b > %{buildroot}/usr/bin/own
            echo b > %{buildroot}/usr/lib/sendmail
            echo c > %{buildroot}/etc/odd/größe
            ln -s own %{buildroot}/usr/bin/link
            touch %{buildroot}/var/log/odd.log
            %files
            /
            %ghost /var/log/odd.log
            %files empty
            %post
            echo
            %changelog
            * Thu Nov 16 2023 Ä <a@example.com> - 1-3
            - three & more
            * Thu Nov 16 2023 B <a@example.com> - 1-2
            - two
            * Wed Nov 15 2023 C <a@example.com> - 1-1
            - one
            """;

    @TempDir
    Path dir;

    private Path ours;
    private Path theirs;

    @BeforeEach
    void make_packages() throws IOException {
        ours = Files.createDirectories(dir.resolve("ours"));
        Samples.full().writeTo(ours.resolve("hello.rpm"));
        Samples.small("small", "1").writeTo(ours.resolve("b-small.rpm"));
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            Path directory = Files.createDirectories(ours.resolve("" + i % 7));
            random(random, "made-" + i).writeTo(directory.resolve((100 - i) + ".rpm"));
        }
        if (Command.run("sh", "-c", "command -v rpmbuild").exit() == 0) {
            Path work = Files.createDirectories(dir.resolve("work"));
            Files.writeString(work.resolve("a.txt"), "a");
            Files.writeString(work.resolve("odd.spec"), SPEC);
            Command.output(
                    "rpmbuild",
                    "-ba",
                    "--nodeps",
                    "--quiet",
                    "--define",
                    "_topdir " + work,
                    "--define",
                    "_sourcedir " + work,
                    "--define",
                    "_rpmdir " + ours.resolve("odd"),
                    "--define",
                    "_srcrpmdir " + ours.resolve("odd"),
                    "--define",
                    "debug_package %{nil}",
                    "--define",
                    "_binary_payload w1.gzdio",
                    work.resolve("odd.spec"));
        }
        theirs = dir.resolve("theirs");
        Command.output("cp", "-a", ours, theirs);
    }

    private static RpmBuilder random(Random random, String name) {
        RpmBuilder builder = RpmBuilder.builder(name, "1." + random.nextInt(20), "" + random.nextInt(9))
                .arch(random.nextBoolean() ? "x86_64" : "noarch")
                .epoch(random.nextInt(3))
                .summary("s".repeat(random.nextInt(3)) + "ö")
                .license("MIT");
        for (RelationKind kind : RelationKind.values()) {
            for (int i = random.nextInt(5); i > 0; i--) {
                Relation.Comparison[] all = Relation.Comparison.values();
                Relation.Comparison comparison = all[random.nextInt(all.length)];
                String of = "dep-" + random.nextInt(6);
                builder.addRelation(
                        kind,
                        comparison == Relation.Comparison.NONE
                                ? Relation.of(of)
                                : new Relation(
                                        of,
                                        comparison,
                                        new Evr(
                                                random.nextInt(2),
                                                "" + random.nextInt(3),
                                                random.nextBoolean() ? "" : "" + random.nextInt(3))));
            }
        }
        for (int i = random.nextInt(40); i > 0; i--) {
            String directory =
                    List.of("/usr/bin", "/etc", "/usr/share/" + name, "/").get(random.nextInt(4));
            String path = (directory + "/f" + i).replace("//", "/");
            builder.add(
                    switch (random.nextInt(4)) {
                        case 0 -> RpmEntry.directory(path);
                        case 1 -> RpmEntry.symlink(path, "x");
                        case 2 -> RpmEntry.ghost(path);
                        default -> RpmEntry.file(path, path.getBytes(StandardCharsets.UTF_8));
                    });
        }
        return builder;
    }

    @Test
    @Peer({"createrepo_c", "rpmbuild"})
    void the_three_metadata_files_are_the_same_byte_for_byte() throws IOException {
        RepoWriter.write(ours, RepoOptions.builder().fileTimes(true).build());
        Command.output("createrepo_c", theirs);
        for (String type : TYPES) {
            assertThat(new String(Repos.open(ours, type + ".xml.gz"), StandardCharsets.UTF_8))
                    .isEqualTo(new String(Repos.open(theirs, type + ".xml.gz"), StandardCharsets.UTF_8));
        }
    }

    @Test
    @Peer({"createrepo_c", "rpmbuild"})
    void the_three_databases_have_the_same_schema_and_rows() throws Exception {
        RepoWriter.write(ours, RepoOptions.builder().fileTimes(true).build());
        Command.output("createrepo_c", theirs);
        for (String type : TYPES) {
            String schema = "select type, name, tbl_name, sql from sqlite_master";
            assertThat(Repos.query(ours, type, schema)).isEqualTo(Repos.query(theirs, type, schema));
            for (String table : Repos.query(ours, type, "select name from sqlite_master where type = 'table'")) {
                String rows = "select " + (table.equals("'db_info'") ? "dbversion" : "*") + " from " + table;
                assertThat(Repos.query(ours, type, rows)).as(rows).isEqualTo(Repos.query(theirs, type, rows));
            }
            assertThat(Repos.query(ours, type, "pragma integrity_check")).containsExactly("'ok'");
        }
    }

    @Test
    @Peer({"createrepo_c", "rpmbuild"})
    void an_index_of_createrepo_c_is_updated_without_reading_a_package() throws IOException {
        Command.output("createrepo_c", theirs);
        RepoIndex index =
                RepoWriter.write(theirs, RepoOptions.builder().update(true).build());
        assertThat(index.read()).isZero();
        assertThat(index.packages()).isGreaterThan(60);
        RepoWriter.write(ours, RepoOptions.builder().fileTimes(true).build());
        assertThat(Repos.contents(theirs)).isEqualTo(Repos.contents(ours));
    }

    @Test
    @Peer({"createrepo_c", "rpmbuild"})
    void createrepo_c_updates_our_index_without_changing_it() throws IOException {
        RepoWriter.write(ours, RepoOptions.builder().fileTimes(true).build());
        Map<String, byte[]> before = Map.of(
                "primary", Repos.open(ours, "primary.xml.gz"),
                "filelists", Repos.open(ours, "filelists.xml.gz"),
                "other", Repos.open(ours, "other.xml.gz"));
        Command.output("createrepo_c", "--update", ours);
        for (String type : TYPES) {
            assertThat(Repos.open(ours, type + ".xml.gz")).isEqualTo(before.get(type));
        }
    }

    @Test
    @Peer({"createrepo_c", "dnf", "rpmbuild"})
    void dnf_answers_the_same_for_both() throws IOException {
        RepoWriter.write(ours, RepoOptions.builder().fileTimes(true).build());
        Command.output("createrepo_c", theirs);
        String everything = "%{name}|%{epoch}|%{version}|%{release}|%{arch}|%{summary}|%{description}|%{license}|%{url}"
                + "|%{size}|%{installsize}|%{buildtime}|%{vendor}|%{packager}|%{sourcerpm}|%{location}|%{requires}"
                + "|%{provides}|%{conflicts}|%{obsoletes}|%{recommends}|%{suggests}|%{supplements}|%{enhances}";
        assertThat(repoquery(ours, "--qf", everything))
                .contains("odd|3|1^git2~rc|1|")
                .isEqualTo(repoquery(theirs, "--qf", everything));
        assertThat(repoquery(ours, "--list")).contains("/usr/bin/own").isEqualTo(repoquery(theirs, "--list"));
        assertThat(repoquery(ours, "--changelogs")).contains("three").isEqualTo(repoquery(theirs, "--changelogs"));
    }

    private String repoquery(Path repo, String... words) {
        List<Object> command = new java.util.ArrayList<>(List.of(
                "dnf",
                "-q",
                "--disablerepo=*",
                "--repofrompath=kit," + repo,
                "--setopt=cachedir=" + dir.resolve("cache-" + repo.getFileName()),
                "--setopt=logdir=" + dir,
                "--releasever=1",
                "--forcearch=x86_64",
                "--installroot=" + dir.resolve("root"),
                "repoquery"));
        command.addAll(List.of(words));
        return Command.output(command.toArray());
    }
}
