/**
 * Runs steps inside the SDK image with {@code docker} or {@code podman}: one class over their common command line.
 *
 * <ul>
 *   <li><b>leash</b>: the build's standard input, which stays open while this process lives; when it closes, however that
 *       came about, the container ends itself.
 *   <li><b>stray</b>: a container whose process is gone; removed before the next one is run.
 * </ul>
 */
@NullMarked
package dev.twoliter.core.internal.engine.container;

import org.jspecify.annotations.NullMarked;
