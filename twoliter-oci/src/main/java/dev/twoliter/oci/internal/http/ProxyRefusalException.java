package dev.twoliter.oci.internal.http;

import java.io.IOException;

/** A proxy does not let us through. */
public final class ProxyRefusalException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ProxyRefusalException(String proxy, int status) {
        super("the proxy " + proxy + " answered HTTP " + status);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
