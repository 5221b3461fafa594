package dev.twoliter.core.internal.toml;

import dev.twoliter.core.internal.toml.TomlDocument.Position;

/** A text is not TOML. The message says what is wrong at {@link #position()}. */
public final class TomlSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;
    private final transient Position position;

    TomlSyntaxException(String message, String hint, Position position) {
        // No stack trace: it says nothing about the text.
        super(message, null, false, false);
        this.hint = hint;
        this.position = position;
    }

    /** {@return what to do; empty when there is nothing to add} */
    public String hint() {
        return hint;
    }

    /** {@return the place; line 0 when the whole text is meant} */
    public Position position() {
        return position;
    }
}
