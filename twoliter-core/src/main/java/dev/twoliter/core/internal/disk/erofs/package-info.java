/**
 * EROFS, the Linux kernel's read-only file system, uncompressed (Documentation/filesystems/erofs.rst and
 * fs/erofs/erofs_fs.h). Glossary: a <em>nid</em> is an inode's place in units of 32 bytes; a <em>tail</em> is the end of
 * a file that fills no block and lies behind its inode; a <em>shared</em> xattr is stored once for many inodes.
 */
@NullMarked
package dev.twoliter.core.internal.disk.erofs;

import org.jspecify.annotations.NullMarked;
