package dev.twoliter.core.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrubConfigTest {
    private static final String VERITY = "root,,,ro,0 8 verity 1 PARTUUID=$boot_uuid/PARTNROFF=1 x";

    private static GrubConfig config(boolean secureBoot, boolean bootConfig, boolean initrd, String... parameters) {
        return new GrubConfig("Bottlerocket OS 1.2.3", List.of(parameters), VERITY, secureBoot, bootConfig, initrd);
    }

    @Test
    void a_plain_variant_starts_its_kernel_with_the_verified_root() {
        assertThat(config(false, false, false, "console=ttyS0,115200n8", "net.ifnames=0")
                        .text())
                .isEqualTo("""
                        set default=0
                        set timeout=0
                        set dm_verity_root="root,,,ro,0 8 verity 1 PARTUUID=$boot_uuid/PARTNROFF=1 x"

                        menuentry "Bottlerocket OS 1.2.3" --unrestricted {
                            linux ($root)/vmlinuz \\
                                console=ttyS0,115200n8 \\
                                net.ifnames=0 \\
                                root=/dev/dm-0 rootwait ro \\
                                raid=noautodetect \\
                                random.trust_cpu=on \\
                                selinux=1 enforcing=1 \\
                                dm-mod.create="$dm_verity_root" \\
                                -- \\
                                systemd.log_target=journal-or-kmsg \\
                                systemd.log_color=0 \\
                                systemd.show_status=true
                            boot
                        }
                        """);
    }

    @Test
    void with_secure_boot_nobody_edits_the_menu_and_a_failure_starts_anew() {
        String text = config(true, false, false).text();

        assertThat(text).startsWith("set superusers=\"\"\nset check_signatures=no\n");
        assertThat(text).containsSubsequence("    boot\n", "    echo ", "    sleep 30\n", "    reboot\n}\n");
    }

    @Test
    void the_bootconfig_is_the_end_of_what_the_kernel_gets() {
        String text = config(false, true, true, "quiet").text();

        assertThat(text).contains("quiet \\\n        bootconfig \\\n        root=/dev/dm-0");
        assertThat(text).contains("\n    initrd ($root)/initrd ($private)/bootconfig.data\n");
        assertThat(config(false, true, false).text()).contains("\n    initrd ($private)/bootconfig.data\n");
        assertThat(config(false, false, true).text()).contains("\n    initrd ($root)/initrd\n");
    }

    @Test
    void a_quoted_parameter_may_hold_what_ends_commands() {
        assertThat(config(false, false, false, "dyndbg=\"file a +p; file b +p\"")
                        .text())
                .contains("dyndbg=\"file a +p; file b +p\" \\\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;b", "a\nb", "a{", "}", "a|b", "x=\"open", "x='y'", "back\\", "#", " ", "", "a>b", "a&"})
    void a_parameter_that_would_end_the_command_is_refused(String parameter) {
        assertThatThrownBy(() -> config(false, false, false, parameter))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("kernel parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "a\nb", "a$b", "a`b", "a\\b"})
    void a_title_that_would_end_its_quotes_is_refused(String title) {
        assertThatThrownBy(() -> new GrubConfig(title, List.of(), VERITY, false, false, false))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("title");
    }

    @Test
    void another_root_takes_the_place_of_the_first() {
        String text = config(true, true, false).text();

        assertThat(GrubConfig.withVerityRoot(text, "root,,,ro,0 16 new"))
                .isEqualTo(text.replace(VERITY, "root,,,ro,0 16 new"));
        assertThatThrownBy(() -> GrubConfig.withVerityRoot("set x=\"y\"\n", VERITY))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("no line sets");
        assertThatThrownBy(() -> GrubConfig.withVerityRoot(text + text, VERITY))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("several lines");
        assertThatThrownBy(() -> GrubConfig.withVerityRoot(text, "a\"; reboot")).isInstanceOf(FormatException.class);
    }

    @Test
    @Peer("grub-script-check")
    void grub_understands_it(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(
                dir.resolve("grub.cfg"),
                config(true, true, true, "a=\"b c; d\"").text());

        assertThat(Command.output("grub-script-check", file)).isEmpty();
    }
}
