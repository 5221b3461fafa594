/** OpenPGP keys and signatures; the only user of Bouncy Castle. */
@NullMarked
package dev.twoliter.rpm.internal.pgp;

import org.jspecify.annotations.NullMarked;
