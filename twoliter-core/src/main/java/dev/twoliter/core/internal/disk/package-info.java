/** Disk formats, each standing alone. */
@NullMarked
package dev.twoliter.core.internal.disk;

import org.jspecify.annotations.NullMarked;
