/** Tar archives: read without trusting them, written so that they depend on nothing but their content. */
@NullMarked
package dev.twoliter.oci.internal.tar;

import org.jspecify.annotations.NullMarked;
