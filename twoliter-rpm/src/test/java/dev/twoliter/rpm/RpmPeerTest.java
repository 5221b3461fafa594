package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rpm says about packages, its own and ours. */
@Peer({"rpm", "rpmbuild"})
class RpmPeerTest {
    @TempDir
    Path dir;

    /** Another directory of packages to look at, such as a large corpus: {@code -Dtwoliter.corpus=DIR}. */
    private static final Optional<Path> CORPUS =
            Optional.ofNullable(System.getProperty("twoliter.corpus")).map(Path::of);

    private static final String SPEC = """
            Name: all
            Version: 1.0~rc2^git3
            Release: 4
            Epoch: 7
            Summary: All that a package can have
            Summary(de): Alles, was ein Paket haben kann
            License: MIT
            Group: Tools
            Group(de): Werkzeuge
            URL: https://example.com/?a=1&b=<2>
            Vendor: Acmé
            Packager: Jane <jane@example.com>
            BugURL: https://example.com/bugs
            VCS: git:https://example.com/all.git
            ExcludeArch: sparc
            Prefix: /opt
            Requires: a >= 1, (b if c else d), /bin/sh
            Requires(pre): p
            Requires(post): q = 1:2-3
            Provides: virtual = 3, thing(x)
            Conflicts: old < 2
            Conflicts: (x with y)
            Obsoletes: older <= 1
            Recommends: r
            Suggests: s > 1
            Supplements: (t and u)
            Enhances: e
            OrderWithRequires: first
            %%description
            Two lines,
            of "text" & <more>.
            %%description -l de
            Zwei Zeilen.
            %%install
            mkdir -p %%{buildroot}/opt/all/dir %%{buildroot}/etc %%{buildroot}/usr/bin
            cd %%{buildroot}/opt/all
            echo hello > a
            ln a b
            ln a c
            ln -s ../a dir/l
            seq 1 %d > seq
            echo de > de.txt
            echo ü > 'grüße euch'
            echo conf > %%{buildroot}/etc/all.conf
            cp /bin/true %%{buildroot}/usr/bin/all
            touch ghost
            %%global __os_install_post %%{nil}
            %%pre
            echo pre
            %%post -p <lua>
            print("post")
            %%preun -p /usr/bin/all
            %%posttrans
            exit 0
            %%verifyscript
            true
            %%triggerin -- bash > 3
            echo trigger
            %%filetriggerin -P 7 -- /usr/lib
            cat
            %%transfiletriggerpostun -- /etc /opt
            cat
            %%files
            %%dir %%attr(0750,root,games) /opt/all
            /opt/all/[abc]
            /opt/all/dir
            /opt/all/seq
            /opt/all/grüße*
            %%lang(de) /opt/all/de.txt
            %%ghost %%attr(0600,root,root) /opt/all/ghost
            %%config(noreplace) %%verify(not size md5) /etc/all.conf
            %%attr(4755,root,root) %%caps(cap_net_raw=ep) /usr/bin/all
            %%changelog
            * Tue Jan 02 2024 B <b@example.com> - 2
            - second ü
            - and more
            * Mon Jan 01 2024 A <a@example.com> - 1
            - first
            """;

    private Path rpmbuild(String name, String spec, String... defines) throws IOException {
        Path top = dir.resolve(name);
        Path file = Files.writeString(dir.resolve(name + ".spec"), spec);
        List<Object> command = new ArrayList<>(List.of("rpmbuild", "-bb", "--define", "_topdir " + top));
        for (String define : List.of("debug_package %{nil}", "_build_id_links none", "_buildhost localhost")) {
            command.addAll(List.of("--define", define));
        }
        for (String define : defines) {
            command.addAll(List.of("--define", define));
        }
        command.add(file);
        Command.output(command.toArray());
        try (Stream<Path> found = Files.walk(top.resolve("RPMS"))) {
            return found.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    private List<Path> packages() throws IOException {
        List<Path> packages = new ArrayList<>();
        for (String payload : List.of("w1.zstdio", "w6.gzdio", "w2.xzdio", "w9.bzdio", "w2.lzdio", "w.ufdio")) {
            packages.add(rpmbuild(payload, SPEC.formatted(20_000), "_binary_payload " + payload));
        }
        Path full = dir.resolve("full.rpm");
        Samples.full().writeTo(full);
        packages.add(full);
        Path large = dir.resolve("large.rpm");
        Samples.full().writeTo(large, 1000);
        packages.add(large);
        if (CORPUS.isPresent()) {
            try (Stream<Path> found = Files.walk(CORPUS.get())) {
                found.filter(file -> file.toString().endsWith(".rpm")).forEach(packages::add);
            }
        }
        return packages;
    }

    @Test
    void every_entry_of_every_header_is_what_rpm_says() throws IOException, XMLStreamException {
        List<String> known = RpmQuery.known();
        for (Path file : packages()) {
            Map<String, List<String>> expected = RpmQuery.ofRpm(file);
            Map<String, List<String>> actual = RpmQuery.ofUs(RpmPackage.open(file), known);
            assertThat(actual).as(file.toString()).containsOnlyKeys(expected.keySet());
            expected.forEach((tag, values) ->
                    assertThat(actual.get(tag)).as(file + " " + tag).isEqualTo(values));
        }
    }

    @Test
    void lists_and_scriptlets_are_what_rpm_says() throws IOException {
        for (Path file : packages()) {
            RpmPackage rpm = RpmPackage.open(file);
            String format = String.join(
                    "|",
                    "%{NEVRA} %{EPOCHNUM} %{LONGSIZE} %{LONGARCHIVESIZE}\n",
                    "[%{REQUIRENEVRS}\n]",
                    "[%{PROVIDENEVRS}\n]",
                    "[%{CONFLICTNEVRS}\n]",
                    "[%{OBSOLETENEVRS}\n]",
                    "[%{RECOMMENDNEVRS}\n]",
                    "[%{SUGGESTNEVRS}\n]",
                    "[%{SUPPLEMENTNEVRS}\n]",
                    "[%{ENHANCENEVRS}\n]",
                    "[%{FILENAMES} %{LONGFILESIZES} %{FILEMODES} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILEMTIMES}"
                            + " %{FILEDIGESTS} %{FILELINKTOS} %{FILEFLAGS} %{FILECAPS} %{FILELANGS} %{FILECOLORS}"
                            + " %{FILEVERIFYFLAGS} %{FILERDEVS} %{FILEINODES}\n]",
                    "[%{CHANGELOGTIME} %{CHANGELOGNAME} %{CHANGELOGTEXT}\n]",
                    "%{PREINPROG} %{PREIN} %{POSTINPROG} %{POSTIN} %{PREUNPROG} %{POSTTRANS} %{VERIFYSCRIPT}\n");
            assertThat(ours(rpm)).as(file.toString()).isEqualTo(Command.output("rpm", "-qp", "--qf", format, file));
        }
    }

    private static String ours(RpmPackage rpm) {
        StringBuilder text = new StringBuilder();
        text.append("%s %d %d %d\n"
                .formatted(rpm.nevra(), rpm.nevra().evr().epoch(), rpm.installedSize(), rpm.archiveSize()));
        for (RelationKind kind : List.of(
                RelationKind.REQUIRES,
                RelationKind.PROVIDES,
                RelationKind.CONFLICTS,
                RelationKind.OBSOLETES,
                RelationKind.RECOMMENDS,
                RelationKind.SUGGESTS,
                RelationKind.SUPPLEMENTS,
                RelationKind.ENHANCES)) {
            text.append('|');
            rpm.relations(kind).forEach(relation -> text.append(relation).append('\n'));
        }
        boolean caps = rpm.header().has(RpmTag.FILECAPS);
        text.append('|');
        for (RpmFile f : rpm.files()) {
            text.append("%s %d %d %s %s %d %s %s %d %s %s %d %d %d %d\n"
                    .formatted(
                            f.path(),
                            f.size(),
                            f.mode(),
                            f.owner(),
                            f.group(),
                            f.mtime(),
                            f.digest(),
                            f.linkTarget(),
                            f.flags(),
                            caps ? f.capabilities() : "(none)",
                            f.language(),
                            f.color(),
                            f.verifyFlags(),
                            f.device(),
                            f.inode()));
        }
        text.append('|');
        for (ChangelogEntry entry : rpm.changelog()) {
            text.append("%d %s %s\n".formatted(entry.time().getEpochSecond(), entry.author(), entry.text()));
        }
        Map<Scriptlet.Event, Scriptlet> scriptlets =
                rpm.scriptlets().stream().collect(Collectors.toMap(Scriptlet::event, scriptlet -> scriptlet));
        return text.append("|%s %s %s %s %s %s %s\n"
                        .formatted(
                                program(scriptlets, Scriptlet.Event.PRE),
                                body(scriptlets, Scriptlet.Event.PRE),
                                program(scriptlets, Scriptlet.Event.POST),
                                body(scriptlets, Scriptlet.Event.POST),
                                program(scriptlets, Scriptlet.Event.PREUN),
                                body(scriptlets, Scriptlet.Event.POSTTRANS),
                                body(scriptlets, Scriptlet.Event.VERIFY)))
                .toString();
    }

    private static String program(Map<Scriptlet.Event, Scriptlet> scriptlets, Scriptlet.Event event) {
        Scriptlet scriptlet = scriptlets.get(event);
        return scriptlet == null ? "(none)" : scriptlet.interpreter().get(0);
    }

    private static String body(Map<Scriptlet.Event, Scriptlet> scriptlets, Scriptlet.Event event) {
        Scriptlet scriptlet = scriptlets.get(event);
        return scriptlet == null ? "(none)" : scriptlet.body();
    }

    @Test
    void translations_are_those_that_rpm_shows_in_each_language() throws IOException {
        Path file = rpmbuild("translated", SPEC.formatted(1));
        RpmPackage rpm = RpmPackage.open(file);
        for (Map.Entry<Integer, String> tag : Map.of(
                        RpmTag.SUMMARY, "SUMMARY", RpmTag.DESCRIPTION, "DESCRIPTION", RpmTag.GROUP, "GROUP")
                .entrySet()) {
            Map<String, String> translations = rpm.header().translations(tag.getKey());
            assertThat(translations).containsOnlyKeys("C", "de");
            for (String locale : List.of("C", "de")) {
                Command query = Command.runIn(
                        null,
                        Map.of("LANGUAGE", locale, "LC_ALL", "C.UTF-8"),
                        "rpm",
                        "-qp",
                        "--qf",
                        "%{" + tag.getValue() + "}",
                        file);
                assertThat(translations.get(locale)).isEqualTo(query.succeeded());
            }
        }
    }

    @Test
    void a_package_of_ours_answers_as_one_of_rpmbuild_from_the_same_files() throws IOException, XMLStreamException {
        byte[] elf = Files.readAllBytes(Path.of("/bin/true"));
        Path theirs = rpmbuild(
                "same",
                """
                Name: same
                Version: 1.0~rc1
                Release: 1
                Epoch: 2
                Summary: The same
                License: MIT
                URL: https://example.com/
                Vendor: Acme
                Packager: Me
                AutoReqProv: no
                Requires: zlib
                Requires: libfoo >= 1:2.0
                Requires: (a if b)
                Requires: bar
                Provides: greeter = 3
                Conflicts: old < 2
                Obsoletes: older < 3
                Recommends: docs
                Suggests: more
                Supplements: most
                Enhances: all
                %description
                Two lines,
                of text.
                %install
                mkdir -p %{buildroot}/usr/bin %{buildroot}/etc %{buildroot}/usr/share/doc/x %{buildroot}/usr/share/licenses/x %{buildroot}/var/lib/x
                cd %{buildroot}
                printf hello > usr/bin/hello
                cp /bin/true usr/bin/elf
                printf conf > etc/x.conf
                printf doc > usr/share/doc/x/README
                printf lic > usr/share/licenses/x/LICENSE
                ln -s hello usr/bin/hi
                touch etc/ghost
                find . -exec touch -h -d @1700000000 {} +
                %global __os_install_post %{nil}
                %files
                %attr(0755,root,root) /usr/bin/hello
                %attr(4755,daemon,games) %caps(cap_net_raw=ep) /usr/bin/elf
                /usr/bin/hi
                %config(noreplace) %attr(0600,root,root) /etc/x.conf
                %doc %attr(0644,root,root) /usr/share/doc/x/README
                %license %attr(0644,root,root) /usr/share/licenses/x/LICENSE
                %ghost %attr(0644,root,root) /etc/ghost
                %dir %attr(0700,root,root) /var/lib/x
                """,
                "_binary_payload w1.zstdio",
                "use_source_date_epoch_as_buildtime 1",
                "source_date_epoch_from_changelog 0");
        Path ours = dir.resolve("same.rpm");
        RpmBuilder.builder("same", "1.0~rc1", "1")
                .epoch(2)
                .arch(RpmPackage.open(theirs).nevra().arch())
                .summary("The same")
                .description("Two lines,\nof text.")
                .license("MIT")
                .url("https://example.com/")
                .vendor("Acme")
                .packager("Me")
                .buildTime(Instant.ofEpochSecond(1_700_000_000))
                .addRequires(Relation.parse("zlib"))
                .addRequires(Relation.parse("libfoo >= 1:2.0"))
                .addRequires(Relation.parse("(a if b)"))
                .addRequires(Relation.parse("bar"))
                .addProvides(Relation.parse("greeter = 3"))
                .addRelation(RelationKind.CONFLICTS, Relation.parse("old < 2"))
                .addRelation(RelationKind.OBSOLETES, Relation.parse("older < 3"))
                .addRelation(RelationKind.RECOMMENDS, Relation.parse("docs"))
                .addRelation(RelationKind.SUGGESTS, Relation.parse("more"))
                .addRelation(RelationKind.SUPPLEMENTS, Relation.parse("most"))
                .addRelation(RelationKind.ENHANCES, Relation.parse("all"))
                .add(RpmEntry.file("/usr/bin/hello", RawRpm.content("hello")).mode(0755))
                .add(RpmEntry.file("/usr/bin/elf", elf)
                        .mode(04755)
                        .owner("daemon")
                        .group("games")
                        .capabilities("cap_net_raw=ep"))
                .add(RpmEntry.symlink("/usr/bin/hi", "hello"))
                .add(RpmEntry.file("/etc/x.conf", RawRpm.content("conf"))
                        .mode(0600)
                        .flag(FileFlag.CONFIG)
                        .flag(FileFlag.NO_REPLACE))
                .add(RpmEntry.file("/usr/share/doc/x/README", RawRpm.content("doc"))
                        .flag(FileFlag.DOC))
                .add(RpmEntry.file("/usr/share/licenses/x/LICENSE", RawRpm.content("lic"))
                        .flag(FileFlag.LICENSE))
                .add(RpmEntry.ghost("/etc/ghost"))
                .add(RpmEntry.directory("/var/lib/x").mode(0700))
                .writeTo(ours);

        Map<String, List<String>> expected = RpmQuery.ofRpm(theirs);
        Map<String, List<String>> actual = RpmQuery.ofRpm(ours);
        // What a build on some machine leaves behind, and what libmagic calls the files.
        List.of("buildtime", "optflags", "platform", "fileclass", "classdict").forEach(expected::remove);
        actual.remove("buildtime");
        // Digests and sizes of headers and payloads; rpm before 4.14 alone needs an MD5 sum.
        List.of("sha1header", "sha256header", "sigsize", "payloaddigest", "payloaddigestalt", "archivesize")
                .forEach(tag -> {
                    assertThat(expected.remove(tag)).as(tag).isNotNull();
                    assertThat(actual.remove(tag)).as(tag).isNotNull();
                });
        expected.remove("sigmd5");
        assertThat(actual).isEqualTo(expected);
        for (String option :
                List.of("--requires", "--provides", "--scripts", "--dump", "-l", "--changelog", "-c", "-d", "-L")) {
            assertThat(Command.output("rpm", "-qp", option, ours))
                    .as(option)
                    .isEqualTo(Command.output("rpm", "-qp", option, theirs));
        }
        assertThat(info(ours)).isEqualTo(info(theirs));
    }

    private static List<String> info(Path rpm) {
        return Command.output("rpm", "-qpi", rpm)
                .lines()
                .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("build date"))
                .toList();
    }

    @Test
    void a_package_with_64_bit_sizes_installs() throws IOException {
        Path large = dir.resolve("large.rpm");
        Samples.full().writeTo(large, 1000);
        RpmPackage rpm = RpmPackage.open(large);
        assertThat(rpm.header().tags()).contains(RpmTag.LONGFILESIZES, RpmTag.LONGSIZE);
        assertThat(rpm.header().tags()).doesNotContain(RpmTag.FILESIZES, RpmTag.SIZE);
        assertThat(rpm.signatureHeader().tags()).contains(RpmTag.SIG_LONGSIZE, RpmTag.SIG_LONGARCHIVESIZE);
        assertThat(rpm.requires()).extracting(Relation::toString).contains("rpmlib(LargeFiles) <= 4.12.0-1");
        assertThat(Command.output("rpm", "-Kv", large))
                .contains("Payload SHA256 digest: OK")
                .doesNotContain("BAD");
        Path root = dir.resolve("root");
        Command.output("rpm", "--root", root, "-i", "--nodeps", "--noscripts", large);
        assertThat(Command.run("rpm", "--root", root, "-V", "--nodeps", "hello-agent")
                        .output())
                .isEmpty();
        Path ours = dir.resolve("ours");
        RpmUnpacker.into(ours).unpack(rpm);
        assertThat(ours.resolve("usr/lib/hello/noise")).hasSameBinaryContentAs(root.resolve("usr/lib/hello/noise"));
    }
}
