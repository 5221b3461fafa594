package dev.twoliter.oci.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A proxy.
 *
 * @param address where it is
 * @param userInfo {@code user:password} for it; empty when it wants none
 */
record Proxy(Address address, String userInfo) {

    Headers authorization() {
        Headers headers = new Headers();
        return userInfo.isEmpty()
                ? headers
                : headers.add(
                        "Proxy-Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return address.authority();
    }
}
