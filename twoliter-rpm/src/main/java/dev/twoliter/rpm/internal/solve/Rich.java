package dev.twoliter.rpm.internal.solve;

import dev.twoliter.rpm.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A dependency as a tree. Operators, from rpm's manual, "Boolean dependencies": {@code and}, {@code or} and
 * {@code with} chain; {@code if} and {@code unless} may have an {@code else}; anything nested stands in parentheses.
 */
sealed interface Rich {

    record Atom(Relation relation) implements Rich {
        @Override
        public String toString() {
            return relation.toString();
        }
    }

    /** {@code and}, {@code or}, {@code with}, {@code without}. */
    record Chain(String operator, List<Rich> parts) implements Rich {}

    /** {@code wanted if condition else otherwise}. */
    record If(Rich wanted, Rich condition, @Nullable Rich otherwise) implements Rich {}

    /** Something this solver does not do. */
    final class UnsupportedDependencyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnsupportedDependencyException(String message) {
            super(message);
        }
    }

    static Rich of(Relation relation) {
        return relation.isRich() ? new Parser(relation.name()).parse() : new Atom(relation);
    }

    /** Recursive descent over the words of one dependency. */
    final class Parser {
        private static final Pattern WORD = Pattern.compile("[()]|[^\\s()]+(?:\\([^\\s()]*\\)[^\\s()]*)*");
        private static final int MAX_DEPTH = 50;

        private final String text;
        private final List<String> words = new ArrayList<>();
        private int at;

        Parser(String text) {
            this.text = text;
            Matcher matcher = WORD.matcher(text);
            while (matcher.find()) {
                words.add(matcher.group());
            }
        }

        Rich parse() {
            Rich rich = term(0);
            if (at != words.size()) {
                throw malformed();
            }
            return rich;
        }

        private Rich term(int depth) {
            if (depth > MAX_DEPTH) {
                throw malformed();
            }
            if (!peek().equals("(")) {
                return atom();
            }
            at++;
            Rich first = term(depth + 1);
            Rich whole = switch (peek()) {
                case ")" -> first;
                case "and", "or", "with" -> chain(first, depth);
                case "without" -> {
                    at++;
                    yield new Chain("without", List.of(first, term(depth + 1)));
                }
                case "if" -> {
                    at++;
                    Rich condition = term(depth + 1);
                    yield new If(first, condition, otherwise(depth));
                }
                case "unless" -> throw new UnsupportedDependencyException("'unless' is not supported: " + text);
                default -> throw malformed();
            };
            expect(")");
            return whole;
        }

        private Rich chain(Rich first, int depth) {
            String operator = peek();
            List<Rich> parts = new ArrayList<>(List.of(first));
            while (peek().equals(operator)) {
                at++;
                parts.add(term(depth + 1));
            }
            return new Chain(operator, List.copyOf(parts));
        }

        private @Nullable Rich otherwise(int depth) {
            if (!peek().equals("else")) {
                return null;
            }
            at++;
            return term(depth + 1);
        }

        private Rich atom() {
            String name = next();
            if (name.equals(")")) {
                throw malformed();
            }
            if (peek().matches("[<>=]+")) {
                name += " " + next() + " " + next();
            }
            try {
                return new Atom(Relation.parse(name));
            } catch (IllegalArgumentException e) {
                throw malformed();
            }
        }

        private String peek() {
            return at < words.size() ? words.get(at) : "";
        }

        private String next() {
            if (at >= words.size()) {
                throw malformed();
            }
            return words.get(at++);
        }

        private void expect(String word) {
            if (!next().equals(word)) {
                throw malformed();
            }
        }

        private UnsupportedDependencyException malformed() {
            return new UnsupportedDependencyException("the rich dependency '" + text + "' is malformed");
        }
    }
}
