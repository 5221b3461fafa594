/** Raw disk images: a partition table and the contents of partitions, in a sparse file. */
@NullMarked
package dev.twoliter.core.internal.disk.raw;

import org.jspecify.annotations.NullMarked;
