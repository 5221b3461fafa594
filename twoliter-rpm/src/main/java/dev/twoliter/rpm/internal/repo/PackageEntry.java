package dev.twoliter.rpm.internal.repo;

import dev.twoliter.rpm.RelationKind;
import java.util.List;
import java.util.Map;

/**
 * All that an index says of a package: what is read from an RPM or from an index before, and written to the metadata
 * files and databases. What a package lacks is empty.
 *
 * @param relations without those that say nothing to a solver
 * @param changes the newest ones, the newest last
 */
record PackageEntry(
        Identity id,
        Details details,
        Map<RelationKind, List<Dependency>> relations,
        List<ListedFile> files,
        List<Change> changes) {

    /** What all three metadata files say; {@code pkgid} is the SHA-256 of the file. */
    record Identity(String pkgid, String name, String arch, String epoch, String version, String release) {}

    /** What only primary says. Times are seconds since 1970, sizes bytes. */
    record Details(
            String summary,
            String description,
            String packager,
            String url,
            long fileTime,
            long buildTime,
            long size,
            long installedSize,
            long archiveSize,
            String href,
            String license,
            String vendor,
            String group,
            String buildHost,
            String sourceRpm,
            long headerStart,
            long headerEnd) {}

    /** A change of the package's log. */
    record Change(String author, long date, String text) {}
}
