/** What {@code twoliter new} writes: the templates of projects and packages. */
@NullMarked
package dev.twoliter.core.internal.scaffold;

import org.jspecify.annotations.NullMarked;
