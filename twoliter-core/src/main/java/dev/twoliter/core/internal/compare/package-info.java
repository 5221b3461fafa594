/** Says what is different between kits, from the little of their images that tells it. */
@NullMarked
package dev.twoliter.core.internal.compare;

import org.jspecify.annotations.NullMarked;
