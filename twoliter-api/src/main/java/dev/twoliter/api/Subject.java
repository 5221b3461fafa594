package dev.twoliter.api;

import java.util.Locale;
import java.util.Objects;

/**
 * What a {@link Problem} is about. Immutable, thread-safe.
 *
 * @param kind what it is
 * @param name its name; empty for the project
 */
public record Subject(Kind kind, String name) {

    /** The project as a whole. */
    public static final Subject PROJECT = new Subject(Kind.PROJECT, "");

    /** What a {@link Subject} can be. */
    public enum Kind {
        PROJECT,
        PACKAGE,
        KIT,
        VARIANT
    }

    public Subject {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
    }

    /**
     * Names a package of the project.
     *
     * @param name the package's name
     * @return the subject
     */
    public static Subject ofPackage(String name) {
        return new Subject(Kind.PACKAGE, name);
    }

    /**
     * Names a kit of the project.
     *
     * @param name the kit's name
     * @return the subject
     */
    public static Subject ofKit(String name) {
        return new Subject(Kind.KIT, name);
    }

    /**
     * Names a variant of the project.
     *
     * @param name the variant's name
     * @return the subject
     */
    public static Subject ofVariant(String name) {
        return new Subject(Kind.VARIANT, name);
    }

    /** {@return {@code the project}, or such as {@code kit 'core-kit'}} */
    @Override
    public String toString() {
        return kind == Kind.PROJECT ? "the project" : kind.name().toLowerCase(Locale.ROOT) + " '" + name + "'";
    }
}
