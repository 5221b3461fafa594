/** RPM. */
@NullMarked
package dev.twoliter.rpm;

import org.jspecify.annotations.NullMarked;
