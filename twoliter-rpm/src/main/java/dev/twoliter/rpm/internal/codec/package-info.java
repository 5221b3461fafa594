/** Compressors of payloads and metadata, behind streams. */
@NullMarked
package dev.twoliter.rpm.internal.codec;

import org.jspecify.annotations.NullMarked;
