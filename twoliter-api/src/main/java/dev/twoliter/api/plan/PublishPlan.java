package dev.twoliter.api.plan;

import dev.twoliter.api.ImageRef;
import dev.twoliter.api.PublishException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** What would be pushed where: look at it, then {@link #run()}. Not for implementing by users. Thread-safe. */
public interface PublishPlan {

    /**
     * One thing that would be pushed. Immutable, thread-safe.
     *
     * @param what in words, such as {@code image for x86_64, signed}
     * @param reference where, with the digest; that of an index changes when the registry has images for architectures
     *     that were not built here
     */
    record Push(String what, ImageRef reference) {
        public Push {
            Objects.requireNonNull(what, "what");
            Objects.requireNonNull(reference, "reference");
        }

        /** {@return such as {@code image for x86_64, signed: HOST/kit:v1.0.0-0123abcd-x86_64@sha256:HEX}} */
        @Override
        public String toString() {
            return what + ": " + reference;
        }
    }

    /** {@return what would be pushed, in order; no registry is asked} */
    List<Push> steps();

    /**
     * Pushes what the registry does not have, signs it, and reads the digests back. A tag is set when everything that it
     * needs is there and signed; so a run that was cut short is completed by the next.
     *
     * <p>The index takes up the images of the same version that other machines have published, if they were made from the
     * same lock, and signed with the same key. Two publications at once end with one index over the images of both.
     *
     * @return what was published
     * @throws PublishException if no key was given, or a tag is released with other content
     * @throws RegistryException if the registry cannot be asked
     * @throws VerificationException if the registry does not keep what it is given
     */
    default PublishResult run() {
        return run(options -> options);
    }

    /**
     * Like {@link #run()}, with options.
     *
     * @param options fills in the listener and the number of jobs
     * @return what was published
     */
    PublishResult run(UnaryOperator<RunOptions.Builder> options);
}
