/**
 * How Bottlerocket divides its disks, in the arithmetic and the names of the upstream image builder. Glossary: the
 * <em>OS image</em> is the disk with the operating system; the <em>data image</em> is a second disk that only the split
 * plan has; a <em>bank</em> is one of the two sets of partitions between which in-place updates alternate.
 */
@NullMarked
package dev.twoliter.core.internal.disk.layout;

import org.jspecify.annotations.NullMarked;
