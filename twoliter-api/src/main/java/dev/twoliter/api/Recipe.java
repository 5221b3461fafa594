package dev.twoliter.api;

/** How a package becomes RPMs. */
public enum Recipe {
    /** From {@code NAME.spec}, by rpmbuild in the SDK. */
    SPEC,
    /** From {@code package.toml}, in the JVM. */
    DECLARATIVE
}
