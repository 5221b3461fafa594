package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageRef;
import dev.twoliter.oci.Repository;

/**
 * An image that is what the lock pins, and signed as trust demands.
 *
 * @param reference where this machine gets it from
 * @param repository the same, opened
 * @param index the digest of its index
 */
public record PinnedImage(ImageRef reference, Repository repository, Digest index) {}
