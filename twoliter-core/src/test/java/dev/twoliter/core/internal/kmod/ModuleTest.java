package dev.twoliter.core.internal.kmod;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    void a_module_below_updates_stands_for_another_of_its_name() {
        List<KernelModule> found = List.of(
                module("updates/a_b.ko", List.of("new_b")),
                module("kernel/a-b.ko", List.of("old_b")),
                module("kernel/c.ko", List.of(), "new_b"));

        Map<String, byte[]> indexes =
                ModuleIndexes.of(found, new ModuleIndexes.Kernel("kernel/a-b.ko\nkernel/c.ko\n", "", "", ""));

        assertThat(new String(indexes.get("modules.dep"), ISO_8859_1))
                .isEqualTo("kernel/c.ko: updates/a_b.ko\nupdates/a_b.ko:\n");
        assertThat(new String(indexes.get("modules.symbols"), ISO_8859_1)).doesNotContain("old_b");
    }

    @Test
    void names_that_overlap_do_not_fill_the_memory() {
        int names = 1 << 20;
        int symbols = 1_000;
        ByteBuffer elf = ByteBuffer.allocate(64 + 3 * 64 + names + symbols * 24).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464C457F).put(4, (byte) 2).put(5, (byte) 1).putShort(16, (short) 1);
        elf.putLong(40, 64).putShort(58, (short) 64).putShort(60, (short) 3).putShort(62, (short) 0);
        section(elf, 64, 3, 256, names, 0);
        section(elf, 128, 2, 256 + names, symbols * 24, 2);
        section(elf, 192, 3, 256, names, 0);
        Arrays.fill(elf.array(), 256, 256 + names, (byte) 'x');
        for (int i = 0; i < symbols; i++) {
            elf.putInt(256 + names + i * 24, i);
        }
        elf.put(256 + 99, (byte) 0); // the names of sections, which begin with this table, are short

        assertThatThrownBy(() -> ElfModule.read("a.ko", elf.array()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("its names have more than");
    }

    private static void section(ByteBuffer elf, int at, int type, int offset, int size, int link) {
        elf.putInt(at + 4, type).putLong(at + 24, offset).putLong(at + 32, size).putInt(at + 40, link);
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
