/** Key files: PEM, cosign's encrypted form, and what is inside. */
@NullMarked
package dev.twoliter.oci.internal.keys;

import org.jspecify.annotations.NullMarked;
