/** Files written so that nothing half-written ever has its final name, and hashed while they are read. */
@NullMarked
package dev.twoliter.core.internal.io;

import org.jspecify.annotations.NullMarked;
