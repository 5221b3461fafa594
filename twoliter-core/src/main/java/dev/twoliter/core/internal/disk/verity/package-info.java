/**
 * dm-verity: a tree of hashes over a read-only device, whose root the kernel is given at boot. Glossary: the <em>hash
 * device</em> holds superblock and tree; the <em>root hash</em> stands for the whole content; the <em>salt</em> goes
 * before every block that is hashed.
 */
@NullMarked
package dev.twoliter.core.internal.disk.verity;

import org.jspecify.annotations.NullMarked;
