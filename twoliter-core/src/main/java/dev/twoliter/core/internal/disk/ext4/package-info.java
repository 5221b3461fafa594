/**
 * ext4, the Linux kernel's journalling file system, as a new file system that holds a tree
 * (Documentation/filesystems/ext4 and fs/ext4/ext4.h). Glossary: a <em>group</em> is a run of blocks that one block of
 * bitmap covers; an <em>extent</em> is a run of a file's blocks; a <em>leaf</em> is a block of extents that do not fit
 * into the inode; the <em>seed</em> of checksums is the file system's identifier.
 */
@NullMarked
package dev.twoliter.core.internal.disk.ext4;

import org.jspecify.annotations.NullMarked;
