/** From RPMs to a kit: a signed yum repository, and a container image that holds it. */
@NullMarked
package dev.twoliter.core.internal.kit;

import org.jspecify.annotations.NullMarked;
