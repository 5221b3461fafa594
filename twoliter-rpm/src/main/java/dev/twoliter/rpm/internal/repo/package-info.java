/** Repodata, read and written. */
@NullMarked
package dev.twoliter.rpm.internal.repo;

import org.jspecify.annotations.NullMarked;
