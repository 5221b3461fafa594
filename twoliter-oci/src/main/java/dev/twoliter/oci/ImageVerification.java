package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.VerificationException;
import java.util.List;
import java.util.Objects;

/**
 * What the signatures of one manifest or index are worth. Immutable, thread-safe.
 *
 * @param reference the repository
 * @param digest what the signatures should be for
 * @param signatures how many were found and looked at, good or not
 * @param signers the good ones by trusted keys, each key once for each form
 */
public record ImageVerification(String reference, Digest digest, int signatures, List<Signer> signers) {

    public ImageVerification {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(digest, "digest");
        signers = List.copyOf(signers);
    }

    /**
     * A trusted key that has signed.
     *
     * @param key the key
     * @param form how the signature is kept
     * @param claim the repository that the signed text names: where the image was when it was signed, which is told but
     *     not checked; empty when it names none
     */
    public record Signer(ImagePublicKey key, SignatureForm form, String claim) {
        public Signer {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(form, "form");
            Objects.requireNonNull(claim, "claim");
        }
    }

    /** {@return whether at least one trusted key has signed} */
    public boolean isGood() {
        return !signers.isEmpty();
    }

    /**
     * Refuses what no trusted key has signed.
     *
     * @param keys the keys that were trusted, for the message
     * @throws VerificationException unless {@link #isGood()}
     */
    void require(List<ImagePublicKey> keys) {
        if (isGood()) {
            return;
        }
        String subject = reference + "@" + digest;
        if (signatures == 0) {
            throw new VerificationException(
                    subject,
                    "it is not signed",
                    "Ask its vendor for a signed image, or change the policy in Twoliter.trust.");
        }
        throw new VerificationException(
                subject,
                "none of its " + signatures + " signatures is a good one by " + keys,
                "The image was tampered with, or its vendor has new keys: get the vendor's keys from a trusted place.");
    }
}
