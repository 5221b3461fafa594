/**
 * TOML 1.0.0 (toml.io/en/v1.0.0), read strictly, with the place of every key and value. Stands alone.
 *
 * <p>Own work, because nothing else gives the place of values and reads two hundred small files in a fresh JVM within a
 * few milliseconds; {@code docs/project-files.md} has the measurements.
 */
@NullMarked
package dev.twoliter.core.internal.toml;

import org.jspecify.annotations.NullMarked;
