/** OCI image layouts on disk (OCI image specification 1.1, "Image Layout"): as directories and as tar archives. */
@NullMarked
package dev.twoliter.oci.internal.layout;

import org.jspecify.annotations.NullMarked;
