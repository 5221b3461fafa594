package dev.twoliter.rpm;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A dependency or a capability: {@code foo}, {@code foo >= 1.2}, {@code /usr/bin/sh}, or a rich dependency such as
 * {@code (a if b)}, which is kept as it is written in {@link #name()}. Immutable, thread-safe.
 *
 * @param name the capability, or the whole text of a rich dependency
 * @param comparison {@link Comparison#NONE} when any version will do
 * @param evr the version; null exactly when there is no comparison
 */
public record Relation(
        String name, Comparison comparison, @Nullable Evr evr) {

    /** Of ASCII only, as rpm has it: other spaces may stand in a name. */
    private static final Pattern SURROUNDING_SPACE = Pattern.compile("^\\s+|\\s+$");

    /** How a version is compared; {@link #bits()} are the flags LESS, GREATER and EQUAL of an RPM header. */
    public enum Comparison {
        NONE("", 0),
        LT("<", 2),
        LE("<=", 10),
        EQ("=", 8),
        GE(">=", 12),
        GT(">", 4);

        static final int LESS = 2;
        static final int GREATER = 4;
        static final int EQUAL = 8;

        private final String symbol;
        private final int bits;

        Comparison(String symbol, int bits) {
            this.symbol = symbol;
            this.bits = bits;
        }

        /** {@return {@code <}, {@code <=}, {@code =}, {@code >=}, {@code >} or nothing} */
        public String symbol() {
            return symbol;
        }

        /** {@return the bits in an RPM header: LESS 2, GREATER 4, EQUAL 8} */
        public int bits() {
            return bits;
        }

        /**
         * Reads the flags of an RPM header; bits that say nothing about versions are ignored.
         *
         * @param flags an element of {@code REQUIREFLAGS} and its like
         * @return the comparison; {@link #NONE} also for the meaningless "less or greater"
         */
        public static Comparison ofBits(long flags) {
            for (Comparison comparison : values()) {
                if (comparison.bits == (flags & (LESS | GREATER | EQUAL))) {
                    return comparison;
                }
            }
            return NONE;
        }

        static @Nullable Comparison ofSymbol(String symbol) {
            String canonical = switch (symbol) {
                case "==" -> "=";
                case "=<" -> "<=";
                case "=>" -> ">=";
                default -> symbol;
            };
            for (Comparison comparison : values()) {
                if (comparison != NONE && comparison.symbol.equals(canonical)) {
                    return comparison;
                }
            }
            return null;
        }
    }

    public Relation {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(comparison, "comparison");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of a dependency must not be empty");
        }
        if ((evr == null) != (comparison == Comparison.NONE)) {
            throw new IllegalArgumentException("dependency " + name + ": a comparison and a version come together");
        }
    }

    /**
     * Makes a relation without a version.
     *
     * @param name the capability
     * @return the relation
     */
    public static Relation of(String name) {
        return new Relation(name, Comparison.NONE, null);
    }

    /**
     * Makes {@code name = evr}, the usual form of a provided capability.
     *
     * @param name the capability
     * @param evr its version
     * @return the relation
     */
    public static Relation equal(String name, Evr evr) {
        return new Relation(name, Comparison.EQ, evr);
    }

    /**
     * Reads {@code name}, {@code name OP [epoch:]version[-release]} or a rich dependency in parentheses, of which
     * separators and parentheses without a meaning are dropped.
     *
     * @param text the relation as a spec file writes it
     * @return the relation
     * @throws IllegalArgumentException if it is none of these
     */
    public static Relation parse(String text) {
        String trimmed = SURROUNDING_SPACE.matcher(text).replaceAll("");
        if (trimmed.chars().anyMatch(c -> (c < ' ' && (c < '\t' || c > '\r')) || c == 0x7F)) {
            throw new IllegalArgumentException("a dependency must not hold control characters");
        }
        if (trimmed.startsWith("(")) {
            RichDependency tree = RichDependency.of(of(trimmed));
            return tree instanceof RichDependency.Simple simple ? simple.relation() : of(tree.toString());
        }
        String[] words = trimmed.split("\\s+");
        if (words.length == 1 && !trimmed.isEmpty()) {
            return of(trimmed);
        }
        Comparison comparison = words.length == 3 ? Comparison.ofSymbol(words[1]) : null;
        if (comparison == null) {
            throw new IllegalArgumentException(
                    "a dependency is written 'name' or 'name >= version', but this is '" + text + "'");
        }
        return new Relation(words[0], comparison, Evr.parse(words[2]));
    }

    /** {@return whether this is a rich (boolean) dependency} */
    public boolean isRich() {
        return name.startsWith("(");
    }

    /**
     * Tells whether a provided capability satisfies this dependency: same name, and the two ranges of versions have
     * something in common (rpm's {@code rpmdsCompare}). A side without a version matches every version; releases
     * count only when both sides have one. Rich dependencies match nothing here.
     *
     * @param provide the capability
     * @return whether it satisfies this
     */
    public boolean matches(Relation provide) {
        if (isRich() || !name.equals(provide.name)) {
            return false;
        }
        Evr ours = evr;
        Evr theirs = provide.evr;
        if (ours == null || theirs == null) {
            return true;
        }
        int order = Long.compare(ours.epoch(), theirs.epoch());
        if (order == 0) {
            order = Evr.compareSegments(ours.version(), theirs.version());
        }
        if (order == 0 && !ours.release().isEmpty() && !theirs.release().isEmpty()) {
            order = Evr.compareSegments(ours.release(), theirs.release());
        }
        int a = comparison.bits;
        int b = provide.comparison.bits;
        if (order < 0) {
            return (a & Comparison.GREATER) != 0 || (b & Comparison.LESS) != 0;
        }
        if (order > 0) {
            return (a & Comparison.LESS) != 0 || (b & Comparison.GREATER) != 0;
        }
        return (a & b) != 0;
    }

    /** {@return what {@link #parse} reads} */
    @Override
    public String toString() {
        return evr == null ? name : name + " " + comparison.symbol + " " + evr;
    }
}
