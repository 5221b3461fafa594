package dev.twoliter.core.internal.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockException;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.TwoliterException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {

    private static final String DIGEST = "et/QpYkAo2QPcryapNQ/jTv+lVSUIKzwyJlg7lGaHbo=";
    private static final String WITH_KITS = """
            schema-version = 2
            project-vendor = "Nord Systems"

            [sdk]
            name = "nord-sdk"
            version = "0.9.0"
            vendor = "nord"
            source = "images.nord.example/base/nord-sdk:v0.9.0"
            digest = "et/QpYkAo2QPcryapNQ/jTv+lVSUIKzwyJlg7lGaHbo="

            [[kit]]
            name = "zeta-kit"
            version = "1.2.3-rc.1"
            vendor = "nord"
            source = "images.nord.example/base/zeta-kit:v1.2.3-rc.1"
            digest = "et/QpYkAo2QPcryapNQ/jTv+lVSUIKzwyJlg7lGaHbo="

            [[kit]]
            name = "alpha-kit"
            version = "4.0.0"
            vendor = "nord"
            source = "images.nord.example/base/alpha-kit:v4.0.0"
            digest = "et/QpYkAo2QPcryapNQ/jTv+lVSUIKzwyJlg7lGaHbo="
            """;

    @TempDir
    Path project;

    private static LockedImage image(String name, String version) {
        return new LockedImage(
                name, SemVer.parse(version), "nord", "images.nord.example/base/" + name + ":v" + version, DIGEST);
    }

    private static Lock lock(int schema, String vendor, LockedImage... kits) {
        return new Lock(schema, vendor, image("nord-sdk", "0.9.0"), List.of(kits));
    }

    private void write(String text) throws IOException {
        Files.writeString(project.resolve("Twoliter.lock"), text);
    }

    @Test
    void a_lock_with_kits_is_written_byte_for_byte() {
        assertThat(LockFile.format(
                        lock(2, "Nord Systems", image("zeta-kit", "1.2.3-rc.1"), image("alpha-kit", "4.0.0"))))
                .isEqualTo(WITH_KITS);
    }

    @Test
    void without_kits_the_empty_array_stands_between_the_plain_values() {
        assertThat(LockFile.format(lock(2, "Nord Systems")))
                .startsWith("schema-version = 2\nkit = []\nproject-vendor = \"Nord Systems\"\n\n[sdk]\n")
                .endsWith("digest = \"" + DIGEST + "\"\n");
        assertThat(LockFile.format(lock(1, "Bottlerocket"))).startsWith("schema-version = 1\nkit = []\n\n[sdk]\n");
        assertThat(LockFile.format(lock(1, "Bottlerocket", image("a-kit", "1.0.0"))))
                .startsWith("schema-version = 1\n\n[sdk]\n");
    }

    @Test
    void what_is_written_is_read_back_and_leaves_no_temporary_file() throws IOException {
        Lock lock = lock(2, "Ünïcode \\ Systems", image("zeta-kit", "1.2.3"));
        LockFile.write(project, lock(2, "older"));
        LockFile.write(project, lock);
        assertThat(LockFile.read(project)).contains(lock);
        try (var files = Files.list(project)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void no_file_is_no_lock() {
        assertThat(LockFile.read(project)).isEmpty();
    }

    @Test
    void an_old_lock_of_schema_1_with_keys_at_the_root_is_read() throws IOException {
        write(LockFile.format(lock(1, "Bottlerocket"))
                .replace("kit = []\n", "release-version = \"1.0.0\"\nkit = []\ndigest = \"x\"\n"));
        assertThat(LockFile.read(project)).contains(lock(1, "Bottlerocket"));
    }

    @Test
    void an_edited_version_is_a_mismatch_that_names_image_and_both_values() throws IOException {
        write(WITH_KITS.replace("version = \"4.0.0\"", "version = \"4.0.1\""));
        assertThatThrownBy(() -> LockFile.read(project))
                .isInstanceOfSatisfying(
                        LockException.class, e -> assertThat(e.reason()).isEqualTo(LockException.Reason.MISMATCH))
                .hasMessageContaining("Twoliter.lock")
                .hasMessageContaining("alpha-kit")
                .hasMessageContaining("4.0.1")
                .hasMessageContaining("'v4.0.0'");
    }

    @Test
    void missing_keys_and_bad_digests_are_reported_together_with_their_lines() throws IOException {
        write(WITH_KITS
                .replace("project-vendor = \"Nord Systems\"\n", "")
                .replaceFirst("digest = \"et", "digest = \"xet")
                .replace("vendor = \"nord\"\nsource = \"images.nord.example/base/alpha", "source = \"i/alpha"));
        assertThatThrownBy(() -> LockFile.read(project))
                .isInstanceOfSatisfying(
                        InvalidProjectException.class,
                        e -> assertThat(e.problems())
                                .extracting(p -> p.file() + ":" + p.line() + ":" + p.column() + ":" + p.keyPath())
                                .containsExactly(
                                        "Twoliter.lock:0:0:project-vendor",
                                        "Twoliter.lock:8:1:sdk.digest",
                                        "Twoliter.lock:17:1:kit[1].vendor"));
    }

    @Test
    void an_absent_kit_list_and_an_unknown_schema_are_refused() throws IOException {
        write(LockFile.format(lock(2, "x")).replace("kit = []\n", ""));
        assertThatThrownBy(() -> LockFile.read(project)).hasMessageContaining("kit = []");
        write("schema-version = 3\n");
        assertThatThrownBy(() -> LockFile.read(project)).hasMessageContaining("only 1 and 2 are known");
    }

    @Test
    void cut_at_every_length_or_with_any_byte_flipped_only_typed_errors_come_out() throws IOException {
        byte[] good = WITH_KITS.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < good.length; i++) {
            byte[] flipped = good.clone();
            flipped[i] ^= (byte) 0x91;
            for (byte[] bytes : List.of(Arrays.copyOf(good, i), flipped)) {
                Files.write(project.resolve("Twoliter.lock"), bytes);
                try {
                    LockFile.read(project);
                } catch (TwoliterException e) {
                    assertThat(e).hasMessageContaining("Twoliter.lock");
                }
            }
        }
    }

    @Test
    void the_metadata_of_external_kits_is_canonical_json() {
        assertThat(ExternalKitMetadata.format(new Lock(
                        2,
                        "N\u00f6rd \"e\u0301\"",
                        new LockedImage("s", SemVer.parse("1.0.0"), "n", "r/s:v1.0.0", "AA=="),
                        List.of(new LockedImage("k", SemVer.parse("2.0.0"), "n", "r/k:v2.0.0", "AB==")))))
                .isEqualTo("{\"kit\":[{\"digest\":\"AB==\",\"name\":\"k\",\"source\":\"r/k:v2.0.0\",\"vendor\":\"n\","
                        + "\"version\":\"2.0.0\"}],\"project_vendor\":\"N\u00f6rd \\\"\u00e9\\\"\",\"sdk\":"
                        + "{\"digest\":\"AA==\",\"name\":\"s\",\"source\":\"r/s:v1.0.0\",\"vendor\":\"n\","
                        + "\"version\":\"1.0.0\"}}");
    }
}
