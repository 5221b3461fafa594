/**
 * What happens during a build, as one sealed type of records, told to one listener.
 */
@NullMarked
package dev.twoliter.api.event;

import org.jspecify.annotations.NullMarked;
