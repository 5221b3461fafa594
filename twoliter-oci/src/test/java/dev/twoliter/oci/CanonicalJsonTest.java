package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {

    private static String canonical(String json) {
        return new String(CanonicalJson.encode("test", json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /** The worked vector of project-formats.md 2.3, in another spelling. */
    @Test
    void the_digest_of_the_lock_is_over_the_canonical_index() {
        String index = """
                {
                  "schemaVersion" : 2,
                  "mediaType" : "application/vnd.oci.image.index.v1+json",
                  "manifests" : [
                    { "size": 1000, "digest": "sha256:%s", "platform": {"os": "linux", "architecture": "arm64"},
                      "mediaType": "application/vnd.oci.image.manifest.v1+json" },
                    { "platform": {"architecture": "amd64", "os": "linux"}, "digest": "sha256:%s", "size": 1001,
                      "mediaType": "application/vnd.oci.image.manifest.v1+json" }
                  ]
                }
                """.formatted("a".repeat(64), "b".repeat(64));
        assertThat(CanonicalJson.lockDigest(index.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("et/QpYkAo2QPcryapNQ/jTv+lVSUIKzwyJlg7lGaHbo=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ \"b\" : 1 , \"a\" : [ true , null , -7 ] } | {\"a\":[true,null,-7],\"b\":1}",
                "{\"a\":{\"d\":0,\"c\":\"x\"}} | {\"a\":{\"c\":\"x\",\"d\":0}}",
                "{\"a\":\"\\u0026\\/<\"} | {\"a\":\"&/<\"}",
                "{\"a\":\"\\\"\\\\\"} | {\"a\":\"\\\"\\\\\"}",
                "{\"a\":\"e\\u0301\"} | {\"a\":\"é\"}",
                "{\"a\":18446744073709551615} | {\"a\":18446744073709551615}",
                "{\"a!\":1,\"a\":2} | {\"a!\":1,\"a\":2}",
            })
    void members_are_sorted_and_nothing_is_escaped_but_quotes_and_backslashes(String json, String expected) {
        assertThat(canonical(json)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"a\":1.5}", "{\"a\":1e3}", "{\"a\":1,\"a\":2}", "{} {}", "nonsense"})
    void what_has_no_canonical_form_is_refused(String json) {
        assertThatThrownBy(() -> canonical(json)).isInstanceOf(FormatException.class);
    }

    @Test
    void deep_nesting_is_refused() {
        String deep = "{\"a\":".repeat(5000) + "1" + "}".repeat(5000);
        assertThatThrownBy(() -> canonical(deep)).isInstanceOf(FormatException.class);
    }
}
