package dev.twoliter.api;

import java.util.List;

/** Kits, SDKs or packages contradict each other, or something that is needed is nowhere to be found. */
public final class ResolutionException extends TwoliterException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> chains;

    /**
     * Reports a contradiction.
     *
     * @param message the sentence
     * @param hint what to do
     * @param chains how each side was reached, such as {@code Twoliter.toml > app-kit 1.0.0 > base-kit 2.0.0}
     */
    public ResolutionException(String message, String hint, List<String> chains) {
        super("resolution", message, hint, null);
        this.chains = List.copyOf(chains);
    }

    /** {@return how each side of the contradiction was reached; may be empty} */
    public List<String> chains() {
        return chains;
    }
}
