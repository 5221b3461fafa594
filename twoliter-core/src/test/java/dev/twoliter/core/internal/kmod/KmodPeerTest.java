package dev.twoliter.core.internal.kmod;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.core.internal.boot.DebianKernel;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modules of Debian's kernel, indexed by us and by kmod. */
@Tag("any-jdk")
@Peer({"depmod", "apt-get", "dpkg-deb"})
class KmodPeerTest {
    @TempDir
    Path root;

    private static List<KernelModule> modules(Path directory) throws IOException {
        List<KernelModule> modules = new ArrayList<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(path -> path.toString().endsWith(".ko")).toList()) {
                modules.add(ElfModule.read(directory.relativize(file).toString(), Files.readAllBytes(file)));
            }
        }
        return modules;
    }

    /** Debian keeps the real one apart; here the kernel has what modules need and no module has. */
    private static String systemMap(List<KernelModule> modules) {
        Set<String> symbols = new TreeSet<>();
        modules.forEach(module -> module.needs().forEach(need -> symbols.add(need.symbol())));
        Set<String> exported = new HashSet<>();
        modules.forEach(module -> exported.addAll(module.exports()));
        symbols.removeAll(exported);
        StringBuilder map = new StringBuilder();
        symbols.forEach(symbol ->
                map.append("ffffffff81000000 r __ksymtab_").append(symbol).append('\n'));
        return map.toString();
    }

    @Test
    void the_indexes_are_those_of_kmod() throws IOException {
        DebianKernel kernel = DebianKernel.get();
        Path directory = root.resolve("lib/modules").resolve(kernel.release());
        Files.createDirectories(directory.getParent());
        Command.output("cp", "-a", kernel.directory().resolve("lib/modules").resolve(kernel.release()), directory);
        long start = System.nanoTime();
        List<KernelModule> modules = modules(directory);
        String map = systemMap(modules);
        Map<String, byte[]> ours = ModuleIndexes.of(
                modules,
                new ModuleIndexes.Kernel(
                        Files.readString(directory.resolve("modules.order"), ISO_8859_1),
                        Files.readString(directory.resolve("modules.builtin"), ISO_8859_1),
                        Files.readString(directory.resolve("modules.builtin.modinfo"), ISO_8859_1),
                        map));
        long took = System.nanoTime() - start;

        Path systemMap = Files.writeString(root.resolve("System.map"), map);
        start = System.nanoTime();
        String said = Command.output("depmod", "-e", "-F", systemMap, "-b", root, "-C", "/dev/null", kernel.release());
        System.out.printf(
                "%d modules: depmod %d ms, here %d ms%n",
                modules.size(), (System.nanoTime() - start) / 1_000_000, took / 1_000_000);

        assertThat(said).isEmpty();
        assertThat(modules).hasSizeGreaterThan(500);
        for (Map.Entry<String, byte[]> file : ours.entrySet()) {
            String theirs = Files.readString(directory.resolve(file.getKey()), ISO_8859_1);
            String here = new String(file.getValue(), ISO_8859_1);
            if (file.getKey().equals("modules.symbols")) {
                assertThat(here.lines())
                        .containsExactlyInAnyOrderElementsOf(theirs.lines().toList());
            } else {
                assertThat(here).as(file.getKey()).isEqualTo(theirs);
            }
        }
        try (Stream<Path> written = Files.list(directory)) {
            assertThat(written.map(path -> path.getFileName().toString()).filter(name -> name.startsWith("modules.")))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    ours.keySet().stream(),
                                    Stream.of("modules.order", "modules.builtin", "modules.builtin.modinfo"))
                            .toList());
        }
    }
}
