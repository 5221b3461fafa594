/** Pushes what has been built: kits as signed images, one for each architecture and an index over them. */
@NullMarked
package dev.twoliter.core.internal.publish;

import org.jspecify.annotations.NullMarked;
