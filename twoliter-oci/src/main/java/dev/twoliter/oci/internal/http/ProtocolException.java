package dev.twoliter.oci.internal.http;

import java.io.IOException;

/** The other side does not keep to the protocol. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }
}
