/**
 * EROFS, the Linux kernel's read-only file system, with LZ4 or without (Documentation/filesystems/erofs.rst and
 * fs/erofs/erofs_fs.h). Glossary: a <em>nid</em> is an inode's place in units of 32 bytes; a <em>tail</em> is the end of
 * a file that fills no block and lies behind its inode; a <em>shared</em> xattr is stored once for many inodes; a
 * <em>physical cluster</em> is a run of blocks that is decompressed as one, a <em>logical</em> one is a block of a file;
 * a <em>head</em> is the logical cluster in which a physical one begins.
 */
@NullMarked
package dev.twoliter.core.internal.disk.erofs;

import org.jspecify.annotations.NullMarked;
