/** event. */
@NullMarked
package dev.twoliter.api.event;

import org.jspecify.annotations.NullMarked;
