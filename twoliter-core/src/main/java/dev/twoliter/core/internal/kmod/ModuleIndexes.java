package dev.twoliter.core.internal.kmod;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.twoliter.api.FormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The indexes of a kernel's modules, as {@code depmod -e -F System.map} of kmod 30 writes them (depmod(8),
 * modules.dep(5)): the same bytes, but for the order of lines in {@code modules.symbols}, which nothing reads; here they
 * are sorted.
 */
public final class ModuleIndexes {
    private static final Pattern DEVICE = Pattern.compile("(char|block)-major-([0-9]+)-([0-9]+).*");
    private static final String DEVICE_NAME = "devname:";
    private static final Pattern EXPORTED = Pattern.compile("\\S+ \\S __ksymtab_(\\S+)");

    private final List<KernelModule> modules;
    private final ModuleDependencies dependencies;
    private final Map<String, byte[]> files = new TreeMap<>();

    private ModuleIndexes(List<KernelModule> modules, Set<String> kernel) {
        this.modules = modules;
        this.dependencies = new ModuleDependencies(modules, kernel);
    }

    /**
     * What the kernel's build says, as its files.
     *
     * @param order {@code modules.order}: who is asked first
     * @param builtin {@code modules.builtin}: paths of modules that are part of the kernel
     * @param builtinInfo {@code modules.builtin.modinfo}: their modinfo
     * @param systemMap {@code System.map}: the kernel's symbols
     */
    public record Kernel(String order, String builtin, String builtinInfo, String systemMap) {}

    /**
     * Makes the indexes.
     *
     * @param found every module once, in any order
     * @param kernel the kernel
     * @return files by name, such as {@code modules.dep}
     * @throws FormatException if a symbol is missing, two modules have one name, or an alias cannot be written
     */
    public static Map<String, byte[]> of(List<KernelModule> found, Kernel kernel) {
        Set<String> exported = kernel.systemMap()
                .lines()
                .map(EXPORTED::matcher)
                .filter(Matcher::matches)
                .map(symbol -> symbol.group(1))
                .collect(Collectors.toSet());
        ModuleIndexes indexes = new ModuleIndexes(sorted(found, kernel.order()), exported);
        indexes.dependencies();
        indexes.aliases();
        indexes.softDependencies();
        indexes.symbols();
        indexes.devices();
        indexes.builtin(kernel);
        return Collections.unmodifiableMap(indexes.files);
    }

    /** As the kernel's build lists them; then the others by path. */
    private static List<KernelModule> sorted(List<KernelModule> found, String order) {
        Map<String, Integer> places = new HashMap<>();
        order.lines().forEach(path -> places.putIfAbsent(uncompressed(path), places.size()));
        Map<String, KernelModule> named = new HashMap<>();
        for (KernelModule module : found) {
            KernelModule other = named.put(module.name(), module);
            if (other != null) {
                throw new FormatException(
                        module.path(),
                        other.path() + " is a kernel module of the same name",
                        "Leave out the package of one of them.",
                        null);
            }
        }
        return found.stream()
                .sorted(Comparator.<KernelModule>comparingInt(
                                module -> places.getOrDefault(uncompressed(module.path()), Integer.MAX_VALUE))
                        .thenComparing(KernelModule::path))
                .toList();
    }

    private static String uncompressed(String path) {
        return path.replaceFirst("\\.(gz|xz|zst)$", "");
    }

    private void text(String name, Stream<String> lines) {
        files.put(
                name,
                lines.map(line -> line + "\n").collect(Collectors.joining()).getBytes(ISO_8859_1));
    }

    private void dependencies() {
        IndexTrie trie = new IndexTrie();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < modules.size(); i++) {
            StringBuilder line = new StringBuilder(modules.get(i).path()).append(':');
            for (KernelModule need : dependencies.of(i)) {
                line.append(' ').append(need.path());
            }
            lines.add(line.toString());
            trie.add(ModuleAlias.key(modules.get(i).name(), modules.get(i).path()), line.toString(), i);
        }
        text("modules.dep", lines.stream());
        files.put("modules.dep.bin", trie.encode());
    }

    private void aliases() {
        IndexTrie trie = new IndexTrie();
        List<String> lines = new ArrayList<>(List.of("# Aliases extracted from modules themselves."));
        for (int i = 0; i < modules.size(); i++) {
            KernelModule module = modules.get(i);
            for (String alias : module.values("alias")) {
                lines.add("alias " + alias + " " + module.name());
                trie.add(ModuleAlias.normalize(alias, module.path()), module.name(), i);
            }
        }
        text("modules.alias", lines.stream());
        files.put("modules.alias.bin", trie.encode());
    }

    private void softDependencies() {
        text(
                "modules.softdep",
                Stream.concat(
                        Stream.of("# Soft dependencies extracted from modules themselves."),
                        modules.stream()
                                .flatMap(module -> module.values("softdep").stream()
                                        .map(needs -> "softdep " + module.name() + " " + needs))));
    }

    private void symbols() {
        IndexTrie trie = new IndexTrie();
        List<String> lines = new ArrayList<>();
        new TreeMap<>(dependencies.owners()).forEach((symbol, owner) -> {
            KernelModule module = modules.get(owner);
            trie.add(ModuleAlias.key("symbol:" + symbol, module.path()), module.name(), owner);
            lines.add("alias symbol:" + symbol + " " + module.name());
        });
        text(
                "modules.symbols",
                Stream.concat(Stream.of("# Aliases for symbols, used by symbol_request()."), lines.stream()));
        files.put("modules.symbols.bin", trie.encode());
    }

    /** Device nodes that are made before the module is there. */
    private void devices() {
        List<String> lines = new ArrayList<>();
        for (KernelModule module : modules) {
            List<String> aliases = module.values("alias");
            Optional<String> device = aliases.stream()
                    .filter(alias -> alias.startsWith(DEVICE_NAME))
                    .map(alias -> alias.substring(DEVICE_NAME.length()))
                    .findFirst();
            Optional<Matcher> number = aliases.stream()
                    .filter(alias -> !alias.startsWith(DEVICE_NAME))
                    .map(DEVICE::matcher)
                    .filter(Matcher::matches)
                    .findFirst();
            if (device.isPresent() && number.isPresent()) {
                Matcher known = number.get();
                lines.add(module.name() + " " + device.get() + " "
                        + known.group(1).charAt(0) + known.group(2) + ":" + known.group(3));
            }
        }
        text(
                "modules.devname",
                Stream.concat(Stream.of("# Device nodes to trigger on-demand module loading."), lines.stream()));
    }

    private void builtin(Kernel kernel) {
        IndexTrie names = new IndexTrie();
        kernel.builtin()
                .lines()
                .filter(path -> !path.isBlank())
                .forEach(path -> names.add(ModuleAlias.key(KernelModule.nameOf(path), "modules.builtin"), "", 0));
        files.put("modules.builtin.bin", names.encode());
        IndexTrie aliases = new IndexTrie();
        for (String entry : kernel.builtinInfo().split("\0", -1)) {
            int dot = entry.indexOf('.');
            String key = ".alias=";
            if (dot > 0 && entry.startsWith(key, dot)) {
                String module = entry.substring(0, dot).replace('-', '_');
                aliases.add(ModuleAlias.normalize(entry.substring(dot + key.length()), module), module, 0);
            }
        }
        files.put("modules.builtin.alias.bin", aliases.encode());
    }
}
