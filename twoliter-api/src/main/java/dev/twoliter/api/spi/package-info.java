/**
 * What extensions implement. {@link dev.twoliter.api.spi.BuildEngine} is the seam where a compiler is needed.
 */
@NullMarked
package dev.twoliter.api.spi;

import org.jspecify.annotations.NullMarked;
