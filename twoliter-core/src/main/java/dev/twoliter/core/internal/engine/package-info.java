/** Builds packages. {@code embedded} needs nothing but the JVM and does declarative packages. */
@NullMarked
package dev.twoliter.core.internal.engine;

import org.jspecify.annotations.NullMarked;
