/** spi. */
@NullMarked
package dev.twoliter.api.spi;

import org.jspecify.annotations.NullMarked;
