package dev.twoliter.oci;

/** What came of the wish to take a blob over from another repository; see {@link Repository#mountBlob}. */
public enum BlobMount {
    /** It was there already. */
    PRESENT,
    /** It has been taken over, without moving its bytes. */
    MOUNTED,
    /** It is not there, and has to be pushed. */
    ABSENT
}
