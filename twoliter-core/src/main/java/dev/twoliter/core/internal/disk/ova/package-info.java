/**
 * OVA files: a tar archive of an OVF text, a manifest with digests, and disks (DMTF DSP0243 2.1; variant-image.md section
 * 5).
 */
@NullMarked
package dev.twoliter.core.internal.disk.ova;

import org.jspecify.annotations.NullMarked;
