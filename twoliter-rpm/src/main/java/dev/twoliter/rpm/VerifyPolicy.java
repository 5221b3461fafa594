package dev.twoliter.rpm;

/**
 * Which findings make a package good. Immutable.
 *
 * <p>Two rules hold under every policy: header and payload must each be covered by a good digest, and no digest may be
 * wrong; and once a package is signed, a good signature must cover both, where the payload's digest in a signed header
 * counts.
 *
 * @param acceptsUnsigned whether {@link RpmVerifier#require} takes packages without a signature
 * @param acceptsExpired whether a signature counts that a key made after its end or before its beginning
 * @param acceptsRevoked whether a signature counts whose key is revoked
 */
public record VerifyPolicy(boolean acceptsUnsigned, boolean acceptsExpired, boolean acceptsRevoked) {

    /** Signed, by a key that was valid: the default. */
    public static final VerifyPolicy STRICT = new VerifyPolicy(false, false, false);

    /**
     * What {@code rpm -K} of version 4.18 says: it knows neither the end of a key nor revocations, and takes unsigned
     * packages.
     */
    public static final VerifyPolicy RPM = new VerifyPolicy(true, true, true);

    /** Like {@link #STRICT}, but takes unsigned packages. */
    public static final VerifyPolicy INTACT = new VerifyPolicy(true, false, false);

    /** Whether a signature with that result counts as good. */
    boolean accepts(RpmVerification.Result result) {
        return switch (result) {
            case OK -> true;
            case EXPIRED -> acceptsExpired;
            case REVOKED -> acceptsRevoked;
            case BAD, MISSING_KEY, UNSUPPORTED, ABSENT -> false;
        };
    }
}
