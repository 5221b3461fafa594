/**
 * Which packages a request needs: what {@code dnf install} would choose from the same repositories for an empty
 * system.
 */
@NullMarked
package dev.twoliter.rpm.solve;

import org.jspecify.annotations.NullMarked;
