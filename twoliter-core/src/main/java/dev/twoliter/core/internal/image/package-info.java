/**
 * From a root tree to the files that a variant is published as, and from those to the same with other trust. Glossary: an
 * <dfn>artefact</dfn> is a file with upstream's name and links; a <dfn>finished</dfn> image is one of an earlier build;
 * to <dfn>repack</dfn> is to change what it trusts.
 */
@NullMarked
package dev.twoliter.core.internal.image;

import org.jspecify.annotations.NullMarked;
