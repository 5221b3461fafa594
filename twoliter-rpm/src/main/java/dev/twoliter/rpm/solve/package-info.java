/** RPM. */
@NullMarked
package dev.twoliter.rpm.solve;

import org.jspecify.annotations.NullMarked;
