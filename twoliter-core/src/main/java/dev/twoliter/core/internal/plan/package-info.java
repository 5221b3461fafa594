/**
 * From the project's files and its lock to the steps of a build.
 *
 * <p>An <dfn>input</dfn> is anything a step's result depends on; all inputs together make the step's
 * <dfn>input hash</dfn>. A <dfn>record</dfn>, kept below {@code build/state}, says from which inputs a step's
 * <dfn>outputs</dfn> were made. A step is up to date when its record has today's inputs and its outputs are as recorded.
 */
@NullMarked
package dev.twoliter.core.internal.plan;

import org.jspecify.annotations.NullMarked;
