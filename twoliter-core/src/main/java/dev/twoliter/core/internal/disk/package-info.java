/**
 * What a disk image is made of: one package a format, each standing alone and usable from a channel. Glossary: a
 * <em>tree</em> is the manifest of a file system to be; a <em>plan</em> is the arithmetic of a disk's partitions; a
 * <em>seed</em> is the text from which everything that native tools draw at random (identifiers, salts) is derived, so
 * that the same inputs give the same bytes.
 */
@NullMarked
package dev.twoliter.core.internal.disk;

import org.jspecify.annotations.NullMarked;
