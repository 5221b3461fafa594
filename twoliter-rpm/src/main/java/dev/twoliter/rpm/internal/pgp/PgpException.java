package dev.twoliter.rpm.internal.pgp;

/** OpenPGP data that is malformed or of a kind unknown here. Checked, so that it never leaves unnoticed. */
public final class PgpException extends Exception {
    private static final long serialVersionUID = 1L;

    PgpException(String message) {
        super(message);
    }

    PgpException(String message, Throwable cause) {
        super(message, cause);
    }
}
