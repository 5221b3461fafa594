package dev.twoliter.api;

import java.util.Locale;

/** What a new package, or the package of a new project, is made of. */
public enum Template {
    /** A script, a systemd unit and a package.toml: builds in the JVM, without a network and without an SDK's compilers. */
    DECLARATIVE,
    /** A Rust program in {@code sources/}, a systemd unit and a spec file: needs a real SDK to build. */
    SPEC;

    /** {@return the word for it on the command line, such as {@code declarative}} */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
