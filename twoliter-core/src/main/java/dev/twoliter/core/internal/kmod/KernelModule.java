package dev.twoliter.core.internal.kmod;

import java.util.List;
import java.util.Objects;

/**
 * What a kernel module says of itself. Immutable.
 *
 * @param path where it is, below the directory of its kernel
 * @param exports the symbols that others may use
 * @param needs the symbols that it uses and does not have, in the order of its symbol table
 * @param info its modinfo, in order
 */
public record KernelModule(String path, List<String> exports, List<Need> needs, List<Info> info) {

    /**
     * A symbol that is used.
     *
     * @param symbol its name
     * @param weak whether the module does without
     */
    public record Need(String symbol, boolean weak) {}

    /**
     * An entry of modinfo.
     *
     * @param key such as {@code alias}
     * @param value its text
     */
    public record Info(String key, String value) {}

    /** Copies the lists. */
    public KernelModule {
        Objects.requireNonNull(path, "path");
        exports = List.copyOf(exports);
        needs = List.copyOf(needs);
        info = List.copyOf(info);
    }

    /** {@return its name: that of the file, up to the first dot, with underscores} */
    public String name() {
        return nameOf(path);
    }

    static String nameOf(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1);
        int dot = file.indexOf('.');
        return (dot < 0 ? file : file.substring(0, dot)).replace('-', '_');
    }

    List<String> values(String key) {
        return info.stream()
                .filter(entry -> entry.key().equals(key))
                .map(Info::value)
                .toList();
    }
}
