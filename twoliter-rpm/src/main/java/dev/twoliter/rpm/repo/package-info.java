/** RPM. */
@NullMarked
package dev.twoliter.rpm.repo;

import org.jspecify.annotations.NullMarked;
