/**
 * The external files of spec packages (project-formats.md 4.3, 5.2): downloaded from lookaside caches or upstream, held
 * against their SHA-512, kept in a cache that all projects share, and bundled with the modules that they need (5.3).
 * Enter by {@link dev.twoliter.core.internal.sources.SourceFetcher}.
 */
@NullMarked
package dev.twoliter.core.internal.sources;

import org.jspecify.annotations.NullMarked;
