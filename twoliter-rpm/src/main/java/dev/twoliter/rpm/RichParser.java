package dev.twoliter.rpm;

import dev.twoliter.rpm.RichDependency.Chain;
import dev.twoliter.rpm.RichDependency.Condition;
import dev.twoliter.rpm.RichDependency.Conditional;
import dev.twoliter.rpm.RichDependency.Operator;
import dev.twoliter.rpm.RichDependency.Simple;
import java.util.ArrayList;
import java.util.List;

/**
 * Recursive descent over one rich dependency. White space and commas separate; a name or a version ends there or at a
 * parenthesis that it has not opened itself, as in {@code (lib(x86-64) and b)}. Operands and operators alternate, so a
 * package may be called {@code or}. Used once.
 */
final class RichParser {
    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;

    RichParser(String text) {
        this.text = text;
    }

    RichDependency parse() {
        RichDependency whole = parenthesised(0);
        if (at != text.length()) {
            throw malformed("goes on after its end");
        }
        RichRules.requireReadable(whole);
        return whole;
    }

    private RichDependency parenthesised(int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed("is nested too deeply");
        }
        at++; // the opening parenthesis
        RichDependency first = operand(depth);
        if (closes()) {
            return first;
        }
        String word = word();
        RichDependency whole = switch (word) {
            case "and" -> chain(Operator.AND, first, depth);
            case "or" -> chain(Operator.OR, first, depth);
            case "with" -> chain(Operator.WITH, first, depth);
            case "without" -> new Chain(Operator.WITHOUT, List.of(first, operand(depth)));
            case "if" -> condition(Conditional.IF, first, depth);
            case "unless" -> condition(Conditional.UNLESS, first, depth);
            default -> throw malformed("has the unknown operator '" + word + "'");
        };
        if (!closes()) {
            throw malformed("mixes operators without parentheses");
        }
        return whole;
    }

    private RichDependency chain(Operator operator, RichDependency first, int depth) {
        List<RichDependency> operands = new ArrayList<>(List.of(first, operand(depth)));
        while (follows(operator.toString())) {
            operands.add(operand(depth));
        }
        return new Chain(operator, operands);
    }

    private RichDependency condition(Conditional operator, RichDependency wanted, int depth) {
        RichDependency condition = operand(depth);
        RichDependency otherwise = follows("else") ? operand(depth) : null;
        return new Condition(operator, wanted, condition, otherwise);
    }

    private RichDependency operand(int depth) {
        skipSeparators();
        return at < text.length() && text.charAt(at) == '(' ? parenthesised(depth + 1) : simple();
    }

    private Simple simple() {
        String name = token();
        if (name.isEmpty()) {
            throw malformed("lacks an operand");
        }
        int afterName = at;
        skipSeparators();
        Relation.Comparison comparison = Relation.Comparison.ofSymbol(token());
        if (comparison == null) {
            at = afterName;
            return new Simple(Relation.of(name));
        }
        skipSeparators();
        try {
            return new Simple(new Relation(name, comparison, Evr.parse(token())));
        } catch (IllegalArgumentException e) {
            throw malformed("has a dependency on '" + name + "' without a version");
        }
    }

    /** Takes a closing parenthesis if it is next. */
    private boolean closes() {
        skipSeparators();
        if (at >= text.length()) {
            throw malformed("lacks a closing parenthesis");
        }
        if (text.charAt(at) != ')') {
            return false;
        }
        at++;
        return true;
    }

    /** Takes an operator if it is next. */
    private boolean follows(String operator) {
        skipSeparators();
        int before = at;
        if (word().equals(operator)) {
            return true;
        }
        at = before;
        return false;
    }

    private String word() {
        int start = at;
        while (at < text.length() && !isSpace(text.charAt(at)) && text.charAt(at) != ')') {
            at++;
        }
        return text.substring(start, at);
    }

    private String token() {
        int start = at;
        int open = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (isSpace(c) || c == ',' || (c == ')' && open == 0)) {
                break;
            }
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c < ' ' || c == 0x7F) {
                throw malformed("holds a control character");
            }
        }
        if (open > 0) {
            throw malformed("has a name or a version with an open parenthesis");
        }
        return text.substring(start, at);
    }

    private void skipSeparators() {
        while (at < text.length() && (isSpace(text.charAt(at)) || text.charAt(at) == ',')) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private IllegalArgumentException malformed(String what) {
        return new IllegalArgumentException("the rich dependency '" + text + "' " + what);
    }
}
