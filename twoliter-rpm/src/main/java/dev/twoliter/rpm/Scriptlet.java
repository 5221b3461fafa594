package dev.twoliter.rpm;

import java.util.List;
import java.util.Objects;

/**
 * A program that rpm runs when it installs or removes a package. This library only shows scriptlets, it never runs one.
 * Immutable, thread-safe.
 *
 * @param event when it runs
 * @param interpreter the program and its arguments, such as {@code /bin/sh} or {@code <lua>}
 * @param body the script; empty when the interpreter alone is run
 */
public record Scriptlet(Event event, List<String> interpreter, String body) {

    /** When a scriptlet runs (rpm's manual, "Scriptlets"). */
    public enum Event {
        /** Before the transaction. */
        PRETRANS(RpmTag.PRETRANS, RpmTag.PRETRANSPROG),
        /** Before installation. */
        PRE(RpmTag.PREIN, RpmTag.PREINPROG),
        /** After installation. */
        POST(RpmTag.POSTIN, RpmTag.POSTINPROG),
        /** Before removal. */
        PREUN(RpmTag.PREUN, RpmTag.PREUNPROG),
        /** After removal. */
        POSTUN(RpmTag.POSTUN, RpmTag.POSTUNPROG),
        /** After the transaction. */
        POSTTRANS(RpmTag.POSTTRANS, RpmTag.POSTTRANSPROG),
        /** Before a transaction that removes it; rpm 4.19 and newer. */
        PREUNTRANS(RpmTag.PREUNTRANS, RpmTag.PREUNTRANSPROG),
        /** After a transaction that removed it; rpm 4.19 and newer. */
        POSTUNTRANS(RpmTag.POSTUNTRANS, RpmTag.POSTUNTRANSPROG),
        /** When the package is verified. */
        VERIFY(RpmTag.VERIFYSCRIPT, RpmTag.VERIFYSCRIPTPROG);

        private final int bodyTag;
        private final int programTag;

        Event(int bodyTag, int programTag) {
            this.bodyTag = bodyTag;
            this.programTag = programTag;
        }

        int bodyTag() {
            return bodyTag;
        }

        int programTag() {
            return programTag;
        }
    }

    public Scriptlet {
        Objects.requireNonNull(event, "event");
        interpreter = List.copyOf(interpreter);
        Objects.requireNonNull(body, "body");
    }
}
