/** plan. */
@NullMarked
package dev.twoliter.api.plan;

import org.jspecify.annotations.NullMarked;
