package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackTest {
    @TempDir
    Path dir;

    private Path out;

    @BeforeEach
    void choose() {
        out = dir.resolve("out");
    }

    private Unpacked unpack(RawRpm raw) throws IOException {
        return RpmUnpacker.into(out).unpack(RpmPackage.open(raw.write(dir.resolve("raw.rpm"))));
    }

    private static String mode(Path file) throws IOException {
        return Integer.toOctalString((int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777);
    }

    @Test
    void restores_files_links_modes_and_times() throws IOException {
        Unpacked tree = unpack(new RawRpm()
                .directory("/d", 0555)
                .file("/d/f", 0640, "hello")
                .symlink("/d/l", "../../../etc/passwd")
                .file("/implied/x", 0600, "x"));
        assertThat(tree.directory()).isEqualTo(out.toRealPath());
        assertThat(tree.files()).extracting(RpmFile::path).containsExactly("/d", "/d/f", "/d/l", "/implied/x");
        assertThat(out.resolve("d/f")).hasContent("hello");
        assertThat(mode(out.resolve("d"))).isEqualTo("555");
        assertThat(mode(out.resolve("d/f"))).isEqualTo("640");
        assertThat(mode(out.resolve("implied"))).isEqualTo("755");
        assertThat(Files.readSymbolicLink(out.resolve("d/l"))).hasToString("../../../etc/passwd");
        for (String name : List.of("d", "d/f", "d/l")) {
            assertThat(Files.getLastModifiedTime(out.resolve(name), LinkOption.NOFOLLOW_LINKS)
                            .toInstant())
                    .as(name)
                    .hasToString("2023-11-14T22:13:20Z");
        }
        Files.setPosixFilePermissions(out.resolve("d"), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void links_what_is_one_file() throws IOException {
        byte[] content = RawRpm.content("shared");
        String digest = RawRpm.sha256(content);
        RawRpm raw = new RawRpm()
                .listed("/a", 0100644, 6, digest, "", 1)
                .record("./a", new byte[0])
                .listed("/b", 0100644, 6, digest, "", 1)
                .record("./b", new byte[0])
                .listed("/c", 0100644, 6, digest, "", 1)
                .record("./c", content);
        assertThat(unpack(raw).files()).hasSize(3);
        assertThat(Files.getAttribute(out.resolve("a"), "unix:ino"))
                .isEqualTo(Files.getAttribute(out.resolve("c"), "unix:ino"));
        assertThat(out.resolve("b")).hasContent("shared");
    }

    @Test
    void reads_records_that_are_numbers_only() throws IOException {
        byte[] content = RawRpm.content("shared");
        String digest = RawRpm.sha256(content);
        RawRpm raw = new RawRpm()
                .listed("/a", 0100644, 6, digest, "", 1)
                .listed("/b", 0100644, 6, digest, "", 1)
                .listed("/d", 0040755, 4096, "", "", 3)
                .listed("/l", 0120777, 1, "", "a", 4)
                .strippedRecord(2, new byte[0])
                .strippedRecord(3, RawRpm.content("a"))
                .strippedRecord(0, new byte[0])
                .strippedRecord(1, content);
        unpack(raw);
        assertThat(out.resolve("a")).hasContent("shared");
        assertThat(out.resolve("d")).isDirectory();
        assertThat(out.resolve("l")).isSymbolicLink();
    }

    @Test
    void drops_setuid_unless_owners_are_asked_for() throws IOException {
        unpack(new RawRpm().file("/su", 04755, "x").directory("/tmp", 01777));
        assertThat(mode(out.resolve("su"))).isEqualTo("755");
        assertThat(mode(out.resolve("tmp"))).isEqualTo("1777");
    }

    @Test
    void skips_devices_pipes_and_sockets() throws IOException {
        Unpacked tree = unpack(new RawRpm()
                .listed("/dev/null", 0020666, 0, "", "", 1)
                .record("./dev/null", new byte[0])
                .listed("/pipe", 0010600, 0, "", "", 2)
                .record("./pipe", new byte[0])
                .file("/f", 0644, "f"));
        assertThat(tree.skipped()).extracting(RpmFile::path).containsExactly("/dev/null", "/pipe");
        assertThat(out.resolve("pipe")).doesNotExist();
        assertThat(out.resolve("f")).exists();
    }

    @Test
    void refuses_paths_that_lead_out() throws IOException {
        for (String path : List.of("/../x", "/a/../../x", "/./x", "//x")) {
            assertThatThrownBy(() -> unpack(new RawRpm().file(path, 0644, "x")))
                    .as(path)
                    .isInstanceOf(FormatException.class);
        }
        // The header says one thing and the archive another.
        byte[] content = RawRpm.content("x");
        RawRpm raw = new RawRpm()
                .listed("/x", 0100644, 1, RawRpm.sha256(content), "", 1)
                .record("./../x", content);
        assertThatThrownBy(() -> unpack(raw)).isInstanceOf(VerificationException.class);
        assertThat(dir.resolve("x")).doesNotExist();
    }

    @Test
    void writes_nothing_through_a_symbolic_link() throws IOException {
        Path victim = Files.createDirectory(dir.resolve("victim"));
        assertThatThrownBy(() ->
                        unpack(new RawRpm().symlink("/l", victim.toString()).file("/l/x", 0644, "x")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> unpack(new RawRpm().symlink("/m", "../victim").directory("/m", 0700)))
                .isInstanceOf(FormatException.class);
        assertThat(victim).isEmptyDirectory();

        // A link that was there before, and a file where the package has one.
        Files.createSymbolicLink(out.resolve("x"), victim.resolve("y"));
        RpmPackage rpm = RpmPackage.open(new RawRpm().file("/x", 0644, "x").write(dir.resolve("x.rpm")));
        assertThatThrownBy(() -> RpmUnpacker.into(out).unpack(rpm)).isInstanceOf(StorageException.class);
        RpmUnpacker.into(out).overwrite(true).unpack(rpm);
        assertThat(out.resolve("x")).isRegularFile().hasContent("x");
        assertThat(victim).isEmptyDirectory();
    }

    @Test
    void keeps_what_exists_unless_told_otherwise() throws IOException {
        Files.createDirectories(out.resolve("etc"));
        Files.writeString(out.resolve("etc/f"), "mine");
        RpmPackage rpm =
                RpmPackage.open(new RawRpm().file("/etc/f", 0644, "theirs").write(dir.resolve("x.rpm")));
        assertThatThrownBy(() -> RpmUnpacker.into(out).unpack(rpm))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("exists already");
        assertThat(out.resolve("etc/f")).hasContent("mine");
        RpmUnpacker.into(out).overwrite(true).unpack(rpm);
        assertThat(out.resolve("etc/f")).hasContent("theirs");

        RpmPackage directory =
                RpmPackage.open(new RawRpm().file("/etc", 0644, "x").write(dir.resolve("y.rpm")));
        assertThatThrownBy(() -> RpmUnpacker.into(out).overwrite(true).unpack(directory))
                .as("a directory is never replaced")
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> unpack(new RawRpm().file("/f", 0644, "f").file("/f/g", 0644, "g")))
                .as("a file is no directory")
                .isInstanceOf(FormatException.class);
    }

    @Test
    void leaves_no_file_whose_content_is_wrong() throws IOException {
        RawRpm raw = new RawRpm()
                .listed("/a", 0100644, 1, RawRpm.sha256(RawRpm.content("a")), "", 1)
                .record("./a", RawRpm.content("b"));
        assertThatThrownBy(() -> unpack(raw)).isInstanceOf(VerificationException.class);
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void refuses_a_payload_of_another_format() throws IOException {
        RawRpm raw = new RawRpm().file("/a", 0644, "a");
        raw.header().string(RpmTag.PAYLOADFORMAT, "drpm");
        assertThatThrownBy(() -> unpack(raw))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("drpm");
    }

    @Test
    void writes_a_manifest_of_all_that_a_directory_cannot_keep() {
        Path rpm = dir.resolve("full.rpm");
        RpmBuilder.builder("m", "1", "1")
                .add(RpmEntry.file("/usr/bin/ping", RawRpm.content("x"))
                        .mode(04755)
                        .owner("alice")
                        .group("net")
                        .capabilities("cap_net_raw=ep"))
                .add(RpmEntry.file("/usr/a b#ü", RawRpm.content("y")))
                .add(RpmEntry.directory("/usr/d").mode(0700))
                .add(RpmEntry.symlink("/usr/l", "bin/ping"))
                .add(RpmEntry.ghost("/var/log/m"))
                .writeTo(rpm);
        assertThat(TreeManifest.of(RpmPackage.open(rpm))).isEqualTo("""
                #mtree
                ./usr/a\\040b\\043\\303\\274 type=file mode=0644 uname=root gname=root time=0.0 size=1 \
                sha256digest=a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa
                ./usr/bin/ping type=file mode=04755 uname=alice gname=net time=0.0 size=1 \
                sha256digest=2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 capabilities=cap_net_raw=ep
                ./usr/d type=dir mode=0700 uname=root gname=root time=0.0
                ./usr/l type=link mode=0777 uname=root gname=root time=0.0 link=bin/ping
                ./var/log/m type=file mode=0644 uname=root gname=root time=0.0 size=0 optional
                """);
    }

    @Test
    @Peer({"rpm2cpio", "cpio"})
    void unpacks_as_cpio_does() {
        Path rpm = dir.resolve("full.rpm");
        Samples.full().writeTo(rpm);
        RpmUnpacker.into(out).unpack(RpmPackage.open(rpm));
        Path theirs = dir.resolve("theirs");
        Command.output(
                "sh", "-c", "mkdir " + theirs + " && cd " + theirs + " && rpm2cpio " + rpm + " | cpio -idm --quiet");
        // cpio keeps setuid; nothing else differs.
        Command.output("chmod", "u-s", theirs.resolve("usr/bin/su-hello"));
        // Implied directories have no time of their own, and cpio gives links none.
        String list = "find . -type f -printf '%p %m %s %T@\\n' -o -type l -printf '%p %l\\n' | sort";
        assertThat(Command.output("sh", "-c", "cd " + out + " && " + list))
                .isEqualTo(Command.output("sh", "-c", "cd " + theirs + " && " + list));
        assertThat(Command.run("diff", "-r", "--no-dereference", out, theirs).output())
                .isEmpty();
    }
}
