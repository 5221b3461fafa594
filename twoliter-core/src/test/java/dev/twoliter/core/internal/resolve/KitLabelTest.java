package dev.twoliter.core.internal.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.SemVer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector is that of project-formats.md 3.2, made with jq and base64. */
class KitLabelTest {

    private static final SemVer VERSION = SemVer.parse("1.2.3");
    private static final List<ImageDependency> KITS = List.of(
            new ImageDependency("local-a", VERSION, "acme"),
            new ImageDependency("local-b", VERSION, "acme"),
            new ImageDependency("base-kit", SemVer.parse("0.9.0"), "acme"));
    private static final String LABEL = KitLabel.write(
            "demo-kit",
            VERSION,
            new LockedImage("demo-sdk", SemVer.parse("0.1.0"), "acme", "reg.example/demo-sdk:v0.1.0", "ZDI="),
            KITS);

    @Test
    void a_label_has_the_bytes_that_the_tools_of_upstream_write() {
        assertThat(Digest.ofBytes(LABEL.getBytes(StandardCharsets.US_ASCII)).hex())
                .isEqualTo("ce0e2203f3ca3d10708a986f63881a264a2948f9e15839673d4e4534182735e0");
    }

    @Test
    void a_label_reads_back_as_it_was_written() {
        assertThat(KitLabel.parse("demo", LABEL))
                .isEqualTo(new KitLabel(
                        "demo-kit", VERSION, new ImageDependency("demo-sdk", SemVer.parse("0.1.0"), "acme"), KITS));
    }

    @Test
    void the_newest_label_is_read() {
        assertThat(KitLabel.find(Map.of("dev.bottlerocket.kit.v1", "old", "dev.bottlerocket.kit.v4", "new")))
                .contains("new");
        assertThat(KitLabel.find(Map.of("dev.bottlerocket.kit.v5", "future"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "null",
                "{}",
                "{\"kit\":[],\"name\":\"k\",\"sdk\":{},\"version\":\"1.0.0\"}",
                "{\"kit\":{},\"name\":\"k\",\"sdk\":{\"name\":\"s\",\"version\":\"1.0.0\",\"vendor\":\"v\"},\"version\":\"1.0.0\"}",
                "{\"kit\":[],\"name\":\"../k\",\"sdk\":{\"name\":\"s\",\"version\":\"1.0.0\",\"vendor\":\"v\"},\"version\":\"1.0.0\"}",
                "{\"kit\":[],\"name\":\"k\",\"sdk\":{\"name\":\"s\",\"version\":\"1.0.0\",\"vendor\":\"v\"},\"version\":\"1\"}",
                "{\"kit\":[3],\"name\":\"k\",\"sdk\":{\"name\":\"s\",\"version\":\"1.0.0\",\"vendor\":\"v\"},\"version\":\"1.0.0\"}",
                "{\"kit\":[],\"name\":\"k\",\"new\":1,\"sdk\":{\"name\":\"s\",\"version\":\"1.0.0\",\"vendor\":\"v\"},\"version\":\"1.0.0\"}"
            })
    void what_is_no_label_is_refused(String json) {
        String base64 = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> KitLabel.parse("demo", base64))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("demo");
    }

    @Test
    void damage_anywhere_gives_only_the_typed_exception() {
        for (int length = 0; length < LABEL.length(); length++) {
            refusesOrReads(LABEL.substring(0, length));
        }
        byte[] json = Base64.getDecoder().decode(LABEL);
        for (int i = 0; i < json.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = json.clone();
                flipped[i] ^= (byte) (1 << bit);
                refusesOrReads(Base64.getEncoder().encodeToString(flipped));
            }
        }
        String deep = "[".repeat(100_000);
        refusesOrReads(Base64.getEncoder().encodeToString(deep.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void refusesOrReads(String label) {
        try {
            assertThat(KitLabel.parse("demo", label).kits()).isNotNull();
        } catch (FormatException e) {
            assertThat(e).hasMessageContaining("demo");
        }
    }
}
