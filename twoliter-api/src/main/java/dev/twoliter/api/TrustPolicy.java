package dev.twoliter.api;

/** What happens when something of a vendor is not signed by one of the vendor's keys. */
public enum TrustPolicy {
    /** It is refused. The default for a vendor with keys. */
    REQUIRE,
    /** It is used, and a warning is sent. */
    WARN,
    /** Nothing is checked. The default for a vendor without keys. */
    OFF
}
