/**
 * Everything that Jib does. <em>Transport</em>: {@code JibRegistry} and {@code JibRepository} speak the OCI distribution
 * protocol over Jib's HTTP client, with credentials from where Docker keeps them. <em>Assembly</em>: {@code
 * JibAssembler} builds small images with Jib's builder. Jib's types do not leave this package.
 */
@NullMarked
package dev.twoliter.oci.internal.jib;

import org.jspecify.annotations.NullMarked;
