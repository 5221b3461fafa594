package dev.twoliter.core.internal.disk.ova;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OvaTest {
    @TempDir
    Path dir;

    private byte[] archive() throws IOException {
        Path os = Files.writeString(dir.resolve("os.vmdk"), "os disk");
        Path data = Files.write(dir.resolve("data.vmdk"), new byte[1024]);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OvaWriter.write("acme-x86_64-1.0", "<ovf/>", List.of(os, data), 1_700_000_000, out);
        return out.toByteArray();
    }

    @Test
    void a_template_is_filled() {
        String filled = OvfTemplate.fill(
                "<a file='{{OS_DISK}}' size='{{OS_DISK_BYTES}}'/>",
                Map.of("OS_DISK", "a$1.vmdk", "OS_DISK_BYTES", "42", "DATA_DISK", "b"),
                "template.ovf");

        assertThat(filled).isEqualTo("<a file='a$1.vmdk' size='42'/>");
    }

    @Test
    void a_placeholder_without_a_value_is_an_error_that_names_it() {
        for (String template : new String[] {"<a>{{OTHER}}</a>", "{{OS_DISK", "OS_DISK}}", " \n"}) {
            assertThatThrownBy(() -> OvfTemplate.fill(template, Map.of("OS_DISK", "a"), "template.ovf"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("template.ovf")
                    .hasMessageContaining(
                            template.isBlank() ? "empty" : template.contains("OTHER") ? "{{OTHER" : "DISK");
        }
    }

    @Test
    void the_same_disks_give_the_same_bytes() throws IOException {
        assertThat(archive()).isEqualTo(archive()).hasSizeGreaterThan(5 * 512);
    }

    @Test
    void a_name_that_is_too_long_is_an_error() {
        assertThatThrownBy(() -> OvaWriter.write("x".repeat(100), "<ovf/>", List.of(), 0, new ByteArrayOutputStream()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("too long");
    }

    @Peer({"tar", "sha256sum"})
    @Test
    void tar_unpacks_it_in_order_and_the_digests_hold() throws IOException {
        Path ova = Files.write(dir.resolve("a.ova"), archive());
        Path unpacked = Files.createDirectory(dir.resolve("unpacked"));

        assertThat(Command.output("tar", "-tf", ova).lines())
                .containsExactly("acme-x86_64-1.0.ovf", "acme-x86_64-1.0.mf", "os.vmdk", "data.vmdk");
        Command.output("tar", "-C", unpacked, "-xf", ova);
        assertThat(unpacked.resolve("data.vmdk")).hasBinaryContent(new byte[1024]);
        List<String> manifest = Files.readAllLines(unpacked.resolve("acme-x86_64-1.0.mf"), UTF_8);
        assertThat(manifest).hasSize(3);
        for (String line : manifest) {
            String file = line.substring("SHA256(".length(), line.indexOf(')'));
            assertThat(Command.output("sha256sum", unpacked.resolve(file)))
                    .startsWith(line.substring(line.indexOf("= ") + 2));
        }
    }
}
