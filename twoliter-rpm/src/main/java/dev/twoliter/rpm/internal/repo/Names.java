package dev.twoliter.rpm.internal.repo;

/** The XML name spaces of repodata. */
final class Names {
    static final String COMMON = "http://linux.duke.edu/metadata/common";
    static final String FILELISTS = "http://linux.duke.edu/metadata/filelists";
    static final String OTHER = "http://linux.duke.edu/metadata/other";
    static final String REPO = "http://linux.duke.edu/metadata/repo";
    static final String RPM = "http://linux.duke.edu/metadata/rpm";

    private Names() {}
}
