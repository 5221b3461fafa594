/**
 * Runs the tasks of a plan: several at once, one build of a project at a time, each result staged in
 * {@code build/state/scratch} and moved into place as a whole, its record last.
 */
@NullMarked
package dev.twoliter.core.internal.run;

import org.jspecify.annotations.NullMarked;
