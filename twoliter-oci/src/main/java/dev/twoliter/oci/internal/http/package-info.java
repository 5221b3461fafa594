/**
 * HTTP/1.1 (RFC 9110, RFC 9112) over blocking connections: one request, one answer, connections kept for the next. No
 * redirects, no repetition, no authorization: these are decisions of whoever speaks a protocol on top. The JDK's client
 * has no time limit for a body that stalls, cannot authorise at a proxy unless a property of the whole JVM is changed, and
 * takes four times as long for many small requests (docs/registries.md, "Why not the JDK's client").
 */
@NullMarked
package dev.twoliter.oci.internal.http;

import org.jspecify.annotations.NullMarked;
