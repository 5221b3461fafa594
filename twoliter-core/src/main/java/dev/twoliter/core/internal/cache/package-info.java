/**
 * Finished steps in a registry, so that machines share work. A step is an OCI artifact in one repository, tagged with the
 * hash of its inputs; its configuration ({@value dev.twoliter.core.internal.cache.CachedFiles#MEDIA_TYPE}) lists paths,
 * its layers are the files. Whoever may write to the repository decides what is built from: it is trusted as the
 * registry is.
 */
@NullMarked
package dev.twoliter.core.internal.cache;

import org.jspecify.annotations.NullMarked;
