package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules and the worked vector of project-formats.md 2.3. */
class CanonicalJsonTest {

    private static final String VECTOR = """
            {
              "schemaVersion": 2,
              "mediaType": "application/vnd.oci.image.index.v1+json",
              "manifests": [
                {
                  "mediaType": "application/vnd.oci.image.manifest.v1+json",
                  "size": 1000,
                  "digest": "sha256:%s",
                  "platform": {
                    "architecture": "arm64",
                    "os": "linux"
                  }
                },
                {
                  "mediaType": "application/vnd.oci.image.manifest.v1+json",
                  "size": 1001,
                  "digest": "sha256:%s",
                  "platform": {
                    "architecture": "amd64",
                    "os": "linux"
                  }
                }
              ]
            }""".formatted("a".repeat(64), "b".repeat(64));

    private static String encode(String json) {
        return new String(
                CanonicalJson.encode("sample", json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    @Test
    void the_lock_digest_is_that_of_the_worked_vector_in_any_spacing() {
        byte[] spaced = VECTOR.getBytes(StandardCharsets.UTF_8);
        assertThat(CanonicalJson.lockDigest(spaced)).isEqualTo("et/QpYkAo2QPcryapNQ/jTv+lVSUIKzwyJlg7lGaHbo=");
        assertThat(CanonicalJson.lockDigest(encode(VECTOR).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("et/QpYkAo2QPcryapNQ/jTv+lVSUIKzwyJlg7lGaHbo=");
        assertThat(encode(VECTOR)).startsWith("{\"manifests\":[{\"digest\":\"sha256:aaa");
    }

    @Test
    void the_text_as_it_came_has_another_digest() {
        byte[] hash = Digest.newSha256().digest(VECTOR.getBytes(StandardCharsets.UTF_8));
        assertThat(Base64.getEncoder().encodeToString(hash)).isEqualTo("RvQ4mOdDuoJboRhMQpjfQQ/gnZXueAcGGKIFvprc+Qw=");
    }

    @Test
    void members_are_sorted_by_the_bytes_of_their_quoted_names() {
        assertThat(encode("{\"b\":1,\"a\":2,\"B\":3}")).isEqualTo("{\"B\":3,\"a\":2,\"b\":1}");
        // The closing quote (22) comes after a space and an exclamation mark, and before everything else.
        assertThat(encode("{\"a\":1,\"a b\":2,\"a!\":3,\"a#\":4}")).isEqualTo("{\"a b\":2,\"a!\":3,\"a\":1,\"a#\":4}");
        // U+FFFF sorts after U+10000 in UTF-16, but before it in bytes.
        assertThat(encode("{\"\\ud800\\udc00\":1,\"\\uffee\":2}")).isEqualTo("{\"\uffee\":2,\"\ud800\udc00\":1}");
    }

    @Test
    void texts_are_nfc_and_only_quote_and_backslash_are_escaped() {
        assertThat(encode("{\"a\":\"e\\u0301\"}")).isEqualTo("{\"a\":\"\u00e9\"}");
        assertThat(encode("{\"a\":\"\\u0026\\/\\n\\u007f\\\"\\\\\"}")).isEqualTo("{\"a\":\"&/\n\u007f\\\"\\\\\"}");
    }

    @Test
    void words_arrays_and_nesting_are_kept() {
        assertThat(encode("{ \"a\" : [ 3, 1 , [ ], { } , null, true, false ] }"))
                .isEqualTo("{\"a\":[3,1,[],{},null,true,false]}");
    }

    @ParameterizedTest
    @CsvSource({"18446744073709551615, 18446744073709551615", "-9223372036854775808, -9223372036854775808", "0, 0"})
    void whole_numbers_of_64_bits_are_written_as_digits(String number, String expected) {
        assertThat(encode("{\"a\":" + number + "}")).isEqualTo("{\"a\":" + expected + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "1e3",
                "1E400",
                "18446744073709551616",
                "-9223372036854775809",
                "01",
                "NaN",
                "\"\\ud800\"",
                "{\"b\":1,\"b\":2}",
                "{\"\\u00e9\":1,\"e\\u0301\":2}",
                "1} {",
                "",
                "'x'"
            })
    void what_has_no_canonical_form_is_refused(String value) {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> encode("{\"a\":" + value + "}"))
                .withMessageContaining("sample");
    }

    @Test
    void other_encodings_and_endless_nesting_are_refused() {
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> CanonicalJson.encode("sample", "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(
                        () -> CanonicalJson.encode("sample", new byte[] {'{', '"', (byte) 0xc0, '"', ':', '1', '}'}));
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> encode("{\"a\":".repeat(100_000)));
        assertThatExceptionOfType(FormatException.class).isThrownBy(() -> encode("[1]"));
    }
}
