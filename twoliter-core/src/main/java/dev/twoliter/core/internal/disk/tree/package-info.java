/**
 * The tree manifest: a file system to be, with owners, modes, capabilities and labels that the host's file system need
 * not be able to hold; so no step needs root. Glossary: an <em>entry</em> is one path; its <em>origin</em> says who
 * brought it, such as the name of an RPM; an <em>xattr</em> is an extended attribute.
 */
@NullMarked
package dev.twoliter.core.internal.disk.tree;

import org.jspecify.annotations.NullMarked;
