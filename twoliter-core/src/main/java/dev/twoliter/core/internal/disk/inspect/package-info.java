/** Looks into disk images of any format, and at the file systems in them. */
@NullMarked
package dev.twoliter.core.internal.disk.inspect;

import org.jspecify.annotations.NullMarked;
