/**
 * Requests, plans and results: <dfn>look, then do</dfn>. A request says what is wanted; a plan shows the steps and has
 * no effect; running it returns a result.
 */
@NullMarked
package dev.twoliter.api.plan;

import org.jspecify.annotations.NullMarked;
