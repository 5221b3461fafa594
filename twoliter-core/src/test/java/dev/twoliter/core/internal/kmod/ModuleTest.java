package dev.twoliter.core.internal.kmod;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules and their indexes, good and bad. */
class ModuleTest {
    private static final ModuleIndexes.Kernel NOTHING = new ModuleIndexes.Kernel("", "", "", "");

    @TempDir
    Path directory;

    private static KernelModule module(String path, List<String> exports, String... needs) {
        return new KernelModule(
                path,
                exports,
                Arrays.stream(needs)
                        .map(need -> new KernelModule.Need(need, false))
                        .toList(),
                List.of());
    }

    private static KernelModule alias(String alias) {
        return new KernelModule("a.ko", List.of(), List.of(), List.of(new KernelModule.Info("alias", alias)));
    }

    private byte[] compiled() throws IOException {
        Path source = Files.writeString(directory.resolve("m.c"), """
                extern void needed(void);
                extern void optional(void) __attribute__((weak));
                const char info[] __attribute__((section(".modinfo"))) = "license=GPL\\0alias=acme-*";
                int __crc_offered;
                void offered(void) { needed(); optional(); }
                """);
        Path object = directory.resolve("m.o");
        Command.output("gcc", "-c", "-o", object, source);
        return Files.readAllBytes(object);
    }

    @Test
    @Peer("gcc")
    void a_module_says_what_it_exports_and_needs() throws IOException {
        KernelModule module = ElfModule.read("extra/my-module.ko", compiled());

        assertThat(module.name()).isEqualTo("my_module");
        assertThat(module.exports()).containsExactly("offered");
        assertThat(module.needs())
                .contains(new KernelModule.Need("needed", false), new KernelModule.Need("optional", true));
        assertThat(module.info())
                .containsExactly(new KernelModule.Info("license", "GPL"), new KernelModule.Info("alias", "acme-*"));
    }

    @Test
    @Peer("gcc")
    void a_damaged_module_is_refused_or_read_but_nothing_else_happens() throws IOException {
        byte[] good = compiled();
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            byte[] bad = i % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = random.nextInt(4); flips >= 0 && bad.length > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(ElfModule.read("a.ko", bad).path()).isEqualTo("a.ko");
            } catch (FormatException e) {
                assertThat(e).hasMessageContaining("kernel module");
            }
        }
        assertThatThrownBy(() -> ElfModule.read("a.ko", "text".getBytes(ISO_8859_1)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("is no kernel module");
    }

    @Test
    void modules_in_a_circle_are_named() {
        List<KernelModule> circle = List.of(
                module("a.ko", List.of("of_a"), "of_b"),
                module("b.ko", List.of("of_b"), "of_a"),
                module("c.ko", List.of()));

        assertThatThrownBy(() -> ModuleIndexes.of(circle, NOTHING))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("a.ko, b.ko")
                .hasMessageContaining("need each other");
    }

    @Test
    void two_modules_of_one_name_are_refused() {
        assertThatThrownBy(() -> ModuleIndexes.of(
                        List.of(module("kernel/a-b.ko", List.of()), module("extra/a_b.ko.xz", List.of())), NOTHING))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("of the same name");
    }

    @Test
    void symbols_that_nobody_has_are_told_with_who_needs_them() {
        assertThatThrownBy(() -> ModuleIndexes.of(
                        List.of(module("a.ko", List.of(), "printk", "gone")),
                        new ModuleIndexes.Kernel("", "", "", "ffffffff81000000 r __ksymtab_printk\n")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("a.ko needs gone")
                .hasMessageNotContaining("printk");
    }

    @Test
    void aliases_that_cannot_be_looked_up_are_refused() {
        for (String bad : List.of("pci:v[0-9", "pci:v0-9]", "caf\u00e9", "x".repeat(5000))) {
            assertThatThrownBy(() -> ModuleIndexes.of(List.of(alias(bad)), NOTHING))
                    .isInstanceOf(FormatException.class);
        }
        Map<String, byte[]> good = ModuleIndexes.of(List.of(alias("pci-v[0-9]-x")), NOTHING);
        assertThat(new String(good.get("modules.alias.bin"), ISO_8859_1)).contains("ci_v[0-9]_x");
        assertThat(new String(good.get("modules.alias"), ISO_8859_1)).contains("alias pci-v[0-9]-x a\n");
    }
}
