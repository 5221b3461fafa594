/** JSON in and out: hostile on the way in, the same bytes for the same values on the way out. */
@NullMarked
package dev.twoliter.oci.internal.json;

import org.jspecify.annotations.NullMarked;
