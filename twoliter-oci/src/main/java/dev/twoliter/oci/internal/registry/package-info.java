/**
 * Registries that speak the OCI distribution protocol 1.1.
 *
 * <dl>
 *   <dt><dfn>server</dfn>
 *   <dd>A registry or a mirror of one, and how it is reached: {@code Server}.
 *   <dt><dfn>remote</dfn>
 *   <dd>One repository at one server: requests with the authorization that the server wants: {@code Remote}.
 *   <dt><dfn>challenge</dfn>
 *   <dd>What a server wants to be shown, from its answer 401.
 *   <dt><dfn>access</dfn>
 *   <dd>What is asked of a token server: to pull, to push, to take over blobs of another repository.
 *   <dt><dfn>mirror</dfn>
 *   <dd>A server that is asked first for what a digest names. What it sends is verified like everything else.
 * </dl>
 */
@NullMarked
package dev.twoliter.oci.internal.registry;

import org.jspecify.annotations.NullMarked;
