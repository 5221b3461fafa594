package dev.twoliter.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    @Test
    void versions_are_ordered_as_semver_orders_them() {
        List<SemVer> ordered = Stream.of(
                        "0.9.0",
                        "1.0.0-1",
                        "1.0.0-alpha",
                        "1.0.0-alpha.1",
                        "1.0.0-alpha.beta",
                        "1.0.0-beta.2",
                        "1.0.0-beta.11",
                        "1.0.0-rc.1",
                        "1.0.0",
                        "1.0.10",
                        "1.2.0")
                .map(SemVer::parse)
                .toList();
        assertThat(ordered.stream().sorted().toList()).isEqualTo(ordered);
        for (int i = 1; i < ordered.size(); i++) {
            assertThat(ordered.get(i - 1)).isLessThan(ordered.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.3", "7.0.0-0422-10", "1.0.0-rc.1+build.5", "0.0.0"})
    void a_version_is_printed_as_it_was_written(String text) {
        assertThat(SemVer.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "v1.2.3",
                "1.2.3.4",
                "01.2.3",
                "1.2.3-",
                "1.2.3-01",
                "^1.2.3",
                "1.2.3 ",
                "1.2.3-ä"
            })
    void what_is_no_version_is_refused(String text) {
        assertThatThrownBy(() -> SemVer.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void a_digest_is_that_of_the_bytes() {
        Digest digest = Digest.ofBytes("abc".getBytes(StandardCharsets.UTF_8));
        assertThat(digest)
                .hasToString("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
                .isEqualTo(Digest.parse(digest.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256", "sha256:", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:BA78"})
    void what_is_no_digest_is_refused(String text) {
        assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example/os/base-kit:v1.0.0, registry.example/os, base-kit, v1.0.0",
        "docker://localhost:5000/a/b:t, localhost:5000/a, b, t",
        "oci:./registry/base-kit:v1, oci:./registry, base-kit, v1",
    })
    void a_reference_is_taken_apart(String text, String registry, String repository, String tag) {
        ImageRef ref = ImageRef.parse(text);
        assertThat(ref).isEqualTo(ImageRef.tagged(registry, repository, tag));
        assertThat(ImageRef.parse(ref.toString())).isEqualTo(ref);
    }

    @Test
    void a_reference_can_name_content() {
        Digest digest = Digest.ofBytes(new byte[0]);
        ImageRef ref = ImageRef.parse("r.example/kit:v1@" + digest);
        assertThat(ref.digest()).contains(digest);
        assertThat(ref.tag()).contains("v1");
        assertThat(ImageRef.pinned("r.example", "kit", digest)).hasToString("r.example/kit@" + digest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kit", "kit:v1", "r.example/kit", "r.example/kit:", "r.example/:v1"})
    void what_is_no_reference_is_refused(String text) {
        assertThatThrownBy(() -> ImageRef.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void architectures_go_by_either_name() {
        assertThat(Arch.parse("amd64")).isEqualTo(Arch.parse("x86_64")).isEqualTo(Arch.X86_64);
        assertThat(Arch.parse("arm64")).isEqualTo(Arch.parse("aarch64")).isEqualTo(Arch.AARCH64);
        assertThatThrownBy(() -> Arch.parse("i686")).hasMessageContaining("use x86_64 or aarch64");
    }

    @Test
    void a_key_file_never_shows_its_passphrase() {
        KeyFile key = KeyFile.of(Path.of("k.asc"), () -> "secret".toCharArray());
        assertThat(key.toString()).contains("k.asc").doesNotContain("secret");
    }

    @Test
    void the_cache_is_where_xdg_says() {
        assertThat(Environment.of(Map.of("A", "1", "B", ""), Path.of("/c")).cacheDirectory())
                .isEqualTo(Path.of("/c"));
        Environment environment = Environment.of(Map.of("A", "1", "B", ""), Path.of("/c"));
        assertThat(environment.variable("A")).contains("1");
        assertThat(environment.variable("B")).isEmpty();
        assertThat(environment.with("B", "2").variable("B")).contains("2");
    }

    @Test
    void a_problem_reads_as_compilers_write_it() {
        Problem problem =
                new Problem(Problem.Severity.ERROR, "Twoliter.toml", 3, 5, "kit[0].version", "no version", "add one");
        assertThat(problem).hasToString("Twoliter.toml:3:5: kit[0].version: no version (add one)");
        assertThat(Problem.error("a", "b")).hasToString("a: b");
    }

    @Test
    void an_error_carries_a_code_and_a_hint() {
        LockException lock = new LockException(LockException.Reason.STALE, "stale", "update", List.of("x"));
        assertThat(lock.code()).isEqualTo("lock-stale");
        assertThat(lock.hint()).contains("update");
        assertThat(StorageException.of("read", Path.of("/x"), new NoSuchFileException("/x")))
                .hasMessage("cannot read /x: no such file");
    }
}
