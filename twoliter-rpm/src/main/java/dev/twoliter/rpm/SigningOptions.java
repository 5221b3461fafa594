package dev.twoliter.rpm;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How packages are signed. By default one signature over the header replaces all others, as of the package's build
 * time. Immutable; each method returns a changed copy.
 */
public final class SigningOptions {
    private static final SigningOptions DEFAULTS = new SigningOptions(null, false, false);

    private final @Nullable Instant time;
    private final boolean keepOthers;
    private final boolean withPayload;

    private SigningOptions(@Nullable Instant time, boolean keepOthers, boolean withPayload) {
        this.time = time;
        this.keepOthers = keepOthers;
        this.withPayload = withPayload;
    }

    /** {@return one signature over the header, as of the build time} */
    public static SigningOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the time of the signatures.
     *
     * @param time when; the key's creation time if that is later
     * @return the changed options
     */
    public SigningOptions time(Instant time) {
        return new SigningOptions(Objects.requireNonNull(time, "time"), keepOthers, withPayload);
    }

    /**
     * Adds the signature to those of other keys instead of replacing them. Tags 267 and 268 hold one signature each;
     * when the key's is taken by another key, the signature goes to tag 278, which only rpm 6 reads.
     *
     * @param keep whether to keep them
     * @return the changed options
     */
    public SigningOptions keepOthers(boolean keep) {
        return new SigningOptions(time, keep, withPayload);
    }

    /**
     * Also signs header and payload together (tags 1002 and 1005), which rpm before 4.14 needs. Costs a second reading
     * of the package.
     *
     * @param also whether to make that signature
     * @return the changed options
     */
    public SigningOptions withPayload(boolean also) {
        return new SigningOptions(time, keepOthers, also);
    }

    /** {@return when; empty for each package's build time} */
    public Optional<Instant> time() {
        return Optional.ofNullable(time);
    }

    /** {@return whether signatures by other keys stay} */
    public boolean keepsOthers() {
        return keepOthers;
    }

    /** {@return whether there shall be a signature over header and payload together} */
    public boolean signsPayload() {
        return withPayload;
    }
}
