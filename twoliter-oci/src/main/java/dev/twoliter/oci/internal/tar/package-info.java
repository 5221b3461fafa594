/** Reading tar archives that may be hostile. */
@NullMarked
package dev.twoliter.oci.internal.tar;

import org.jspecify.annotations.NullMarked;
