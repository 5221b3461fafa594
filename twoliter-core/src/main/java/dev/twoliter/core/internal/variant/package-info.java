/**
 * From kits to a bootable image: the kits side by side (the <dfn>composite</dfn>), the packages that the variant needs
 * out of them, their files as one tree, and the tree as a verified root on a partitioned disk. A <dfn>guest</dfn> is
 * a variant whose images are files of another, its <dfn>host</dfn>.
 */
@NullMarked
package dev.twoliter.core.internal.variant;

import org.jspecify.annotations.NullMarked;
