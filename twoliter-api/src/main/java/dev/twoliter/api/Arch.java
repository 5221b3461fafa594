package dev.twoliter.api;

import java.util.Locale;

/** A processor architecture that Bottlerocket runs on. Immutable, thread-safe. */
public enum Arch {
    X86_64("x86_64", "amd64"),
    AARCH64("aarch64", "arm64");

    private final String rpmName;
    private final String ociName;

    Arch(String rpmName, String ociName) {
        this.rpmName = rpmName;
        this.ociName = ociName;
    }

    /** {@return the name in RPMs, directories and on command lines: {@code x86_64} or {@code aarch64}} */
    public String rpmName() {
        return rpmName;
    }

    /** {@return the name in OCI platforms (GOARCH): {@code amd64} or {@code arm64}} */
    public String ociName() {
        return ociName;
    }

    /**
     * Reads either spelling of a name.
     *
     * @param name {@code x86_64}, {@code amd64}, {@code aarch64} or {@code arm64}
     * @return the architecture
     * @throws IllegalArgumentException if the name is none of these
     */
    public static Arch parse(String name) {
        for (Arch arch : values()) {
            if (arch.rpmName.equals(name) || arch.ociName.equals(name)) {
                return arch;
            }
        }
        throw new IllegalArgumentException("unknown architecture '" + name + "': use x86_64 or aarch64");
    }

    /**
     * {@return the architecture of this machine; {@link #X86_64} where it is neither of the two}
     */
    public static Arch host() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return name.equals("aarch64") || name.equals("arm64") ? AARCH64 : X86_64;
    }

    /** {@return {@link #rpmName()}} */
    @Override
    public String toString() {
        return rpmName;
    }
}
