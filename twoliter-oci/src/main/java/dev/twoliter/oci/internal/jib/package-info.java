/** Transport by Jib. */
@NullMarked
package dev.twoliter.oci.internal.jib;

import org.jspecify.annotations.NullMarked;
