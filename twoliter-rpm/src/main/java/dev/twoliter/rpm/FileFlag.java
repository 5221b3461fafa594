package dev.twoliter.rpm;

/** What a package says about one of its files (tag 1037, FILEFLAGS; rpm's {@code rpmfiles.h}). */
public enum FileFlag {
    /** A configuration file. */
    CONFIG(1),
    /** Documentation. */
    DOC(1 << 1),
    /** It may be absent from the installed system. */
    MISSING_OK(1 << 3),
    /** A changed configuration file is kept on upgrade. */
    NO_REPLACE(1 << 4),
    /** Owned, but not part of the payload. */
    GHOST(1 << 6),
    /** A licence text. */
    LICENSE(1 << 7),
    /** A read-me. */
    README(1 << 8),
    /** Made by the build, of no interest to users. */
    ARTIFACT(1 << 12);

    private final int bit;

    FileFlag(int bit) {
        this.bit = bit;
    }

    /** {@return the bit in FILEFLAGS} */
    public int bit() {
        return bit;
    }
}
