/**
 * What every engine for spec packages shares, whatever runs {@code rpmbuild}: the room it builds in, the script, what
 * may come out, and what is said when it fails (project-formats.md 5.6).
 */
@NullMarked
package dev.twoliter.core.internal.engine.spec;

import org.jspecify.annotations.NullMarked;
