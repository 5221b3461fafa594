package dev.twoliter.oci.internal.http;

/** Hosts that are this machine. */
public final class Loopback {

    private Loopback() {}

    /** {@return whether a host's name or number, without port and brackets, means this machine; no name is looked up} */
    public static boolean is(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
