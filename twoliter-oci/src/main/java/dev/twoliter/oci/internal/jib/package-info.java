/**
 * Everything that Jib does: {@code JibAssembler} builds small images with Jib's builder, {@code CredentialHelper} asks
 * Docker's credential helpers as Jib does. Jib's types do not leave this package.
 */
@NullMarked
package dev.twoliter.oci.internal.jib;

import org.jspecify.annotations.NullMarked;
