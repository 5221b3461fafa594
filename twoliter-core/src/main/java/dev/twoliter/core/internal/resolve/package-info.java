/**
 * From the images that a project names to the lock, and from the lock to unpacked kits.
 *
 * <p>An image's <dfn>source</dfn> is where its vendor publishes it, and what the lock names. Its <dfn>location</dfn> is
 * where this machine gets it from; Twoliter.override can make the two differ.
 */
@NullMarked
package dev.twoliter.core.internal.resolve;

import org.jspecify.annotations.NullMarked;
