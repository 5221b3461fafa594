/** OCI. */
@NullMarked
package dev.twoliter.oci;

import org.jspecify.annotations.NullMarked;
