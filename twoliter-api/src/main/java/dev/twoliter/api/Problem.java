package dev.twoliter.api;

import java.util.Objects;

/**
 * One thing that is wrong, or suspicious, in a project file or a specification. Immutable, thread-safe.
 *
 * @param severity whether it stops the work
 * @param subject what it is about
 * @param file the file's path as the user would write it; empty when it is in no file
 * @param line 1-based line, 0 when unknown
 * @param column 1-based column in characters (code points), 0 when unknown
 * @param keyPath the key, such as {@code kit[1].version}; empty when none applies
 * @param message what is wrong, one sentence
 * @param hint what to do; empty when there is nothing to add
 */
public record Problem(
        Severity severity,
        Subject subject,
        String file,
        int line,
        int column,
        String keyPath,
        String message,
        String hint) {

    /** Whether a {@link Problem} stops the work. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public Problem {
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(keyPath, "keyPath");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
    }

    /** Makes a problem of the project as a whole; the parameters are those of the record. */
    public Problem(Severity severity, String file, int line, int column, String keyPath, String message, String hint) {
        this(severity, Subject.PROJECT, file, line, column, keyPath, message, hint);
    }

    /**
     * Makes an error that is in no file, as builders report it.
     *
     * @param keyPath see {@link #keyPath()}
     * @param message see {@link #message()}
     * @return the problem, of the project as a whole
     */
    public static Problem error(String keyPath, String message) {
        return new Problem(Severity.ERROR, "", 0, 0, keyPath, message, "");
    }

    /**
     * {@return this problem with a hint}
     *
     * @param text see {@link #hint()}
     */
    public Problem withHint(String text) {
        return new Problem(severity, subject, file, line, column, keyPath, message, text);
    }

    /**
     * {@return this problem with a subject}
     *
     * @param value see {@link #subject()}
     */
    public Problem of(Subject value) {
        return new Problem(severity, value, file, line, column, keyPath, message, hint);
    }

    /**
     * {@return {@code file:line:column: key: subject: message (hint)}, leaving out what is unknown, and the subject where
     * there is a file}
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (!file.isEmpty()) {
            text.append(file);
            if (line > 0) {
                text.append(':').append(line);
                if (column > 0) {
                    text.append(':').append(column);
                }
            }
            text.append(": ");
        }
        if (!keyPath.isEmpty()) {
            text.append(keyPath).append(": ");
        }
        if (file.isEmpty() && subject.kind() != Subject.Kind.PROJECT) {
            text.append(subject).append(": ");
        }
        text.append(message);
        if (!hint.isEmpty()) {
            text.append(" (").append(hint).append(')');
        }
        return text.toString();
    }
}
