/** Builds spec packages with the rpmbuild of this machine, for those who have no containers. */
@NullMarked
package dev.twoliter.core.internal.engine.host;

import org.jspecify.annotations.NullMarked;
