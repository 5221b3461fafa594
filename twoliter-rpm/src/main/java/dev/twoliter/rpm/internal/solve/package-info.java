/** The solver. */
@NullMarked
package dev.twoliter.rpm.internal.solve;

import org.jspecify.annotations.NullMarked;
