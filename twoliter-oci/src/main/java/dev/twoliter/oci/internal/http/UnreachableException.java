package dev.twoliter.oci.internal.http;

import java.io.IOException;

/** No connection came about: nothing was sent. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, IOException cause) {
        super(message, cause);
    }
}
