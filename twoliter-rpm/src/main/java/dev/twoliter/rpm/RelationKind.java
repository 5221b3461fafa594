package dev.twoliter.rpm;

/** The lists of relations that a package has; each is three parallel header entries. */
public enum RelationKind {
    PROVIDES(RpmTag.PROVIDENAME, RpmTag.PROVIDEFLAGS, RpmTag.PROVIDEVERSION),
    REQUIRES(RpmTag.REQUIRENAME, RpmTag.REQUIREFLAGS, RpmTag.REQUIREVERSION),
    CONFLICTS(RpmTag.CONFLICTNAME, RpmTag.CONFLICTFLAGS, RpmTag.CONFLICTVERSION),
    OBSOLETES(RpmTag.OBSOLETENAME, RpmTag.OBSOLETEFLAGS, RpmTag.OBSOLETEVERSION),
    SUGGESTS(RpmTag.SUGGESTNAME, RpmTag.SUGGESTFLAGS, RpmTag.SUGGESTVERSION),
    ENHANCES(RpmTag.ENHANCENAME, RpmTag.ENHANCEFLAGS, RpmTag.ENHANCEVERSION),
    RECOMMENDS(RpmTag.RECOMMENDNAME, RpmTag.RECOMMENDFLAGS, RpmTag.RECOMMENDVERSION),
    SUPPLEMENTS(RpmTag.SUPPLEMENTNAME, RpmTag.SUPPLEMENTFLAGS, RpmTag.SUPPLEMENTVERSION);

    private final int nameTag;
    private final int flagsTag;
    private final int versionTag;

    RelationKind(int nameTag, int flagsTag, int versionTag) {
        this.nameTag = nameTag;
        this.flagsTag = flagsTag;
        this.versionTag = versionTag;
    }

    /** {@return the tag of the names} */
    public int nameTag() {
        return nameTag;
    }

    /** {@return the tag of the flags, see {@link Relation.Comparison#bits()}} */
    public int flagsTag() {
        return flagsTag;
    }

    /** {@return the tag of the versions; empty texts where there is none} */
    public int versionTag() {
        return versionTag;
    }
}
