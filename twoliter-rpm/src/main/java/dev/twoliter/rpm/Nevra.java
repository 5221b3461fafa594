package dev.twoliter.rpm;

import java.util.Comparator;
import java.util.Objects;

/**
 * The full name of a package: name, epoch, version, release and architecture. Ordered by name, then version, then
 * architecture. Immutable, thread-safe.
 *
 * @param name such as {@code bottlerocket-release}
 * @param evr the version, with a release
 * @param arch {@code x86_64}, {@code aarch64}, {@code noarch}, {@code src} …
 */
public record Nevra(String name, Evr evr, String arch) implements Comparable<Nevra> {

    private static final Comparator<Nevra> ORDER =
            Comparator.comparing(Nevra::name).thenComparing(Nevra::evr).thenComparing(Nevra::arch);

    public Nevra {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(evr, "evr");
        Objects.requireNonNull(arch, "arch");
        if (name.isEmpty() || arch.isEmpty() || evr.release().isEmpty()) {
            throw new IllegalArgumentException(
                    "the name, the release and the architecture of a package must not be empty");
        }
    }

    /**
     * Reads {@code name-[epoch:]version-release.arch}.
     *
     * @param text such as {@code hello-agent-1:0.1.0-1.x86_64}
     * @return the parts
     * @throws IllegalArgumentException if a part is missing
     */
    public static Nevra parse(String text) {
        int dot = text.lastIndexOf('.');
        int release = dot < 0 ? -1 : text.lastIndexOf('-', dot);
        int version = release < 1 ? -1 : text.lastIndexOf('-', release - 1);
        if (version < 1) {
            throw new IllegalArgumentException(
                    "a package is written name-[epoch:]version-release.arch, but this is '" + text + "'");
        }
        return new Nevra(
                text.substring(0, version), Evr.parse(text.substring(version + 1, dot)), text.substring(dot + 1));
    }

    /** {@return the file's name as rpmbuild gives it: {@code name-version-release.arch.rpm}, without the epoch} */
    public String fileName() {
        return name + "-" + evr.version() + "-" + evr.release() + "." + arch + ".rpm";
    }

    @Override
    public int compareTo(Nevra other) {
        return ORDER.compare(this, other);
    }

    /** {@return {@code name-[epoch:]version-release.arch}} */
    @Override
    public String toString() {
        return name + "-" + evr + "." + arch;
    }
}
