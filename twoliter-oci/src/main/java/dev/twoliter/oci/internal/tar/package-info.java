/** Tar archives and gzip: read without trusting them; archives are written so that they depend on nothing but their content. */
@NullMarked
package dev.twoliter.oci.internal.tar;

import org.jspecify.annotations.NullMarked;
