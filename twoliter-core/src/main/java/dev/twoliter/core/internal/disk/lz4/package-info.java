/** LZ4 frames, as {@code lz4} writes and reads them (lz4_Frame_format.md, version 1.6.1). */
@NullMarked
package dev.twoliter.core.internal.disk.lz4;

import org.jspecify.annotations.NullMarked;
