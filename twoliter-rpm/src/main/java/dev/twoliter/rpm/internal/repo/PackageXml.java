package dev.twoliter.rpm.internal.repo;

import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.internal.repo.PackageEntry.Change;
import dev.twoliter.rpm.internal.repo.PackageEntry.Details;
import dev.twoliter.rpm.internal.repo.PackageEntry.Identity;
import java.util.List;
import java.util.Locale;

/**
 * One package in the three metadata files, element by element as createrepo_c writes it. Source: the files that
 * createrepo_c makes.
 *
 * @param primary its element of primary, in UTF-8; likewise the others
 */
record PackageXml(byte[] primary, byte[] filelists, byte[] other) {
    /** The order of the lists of relations in primary. */
    private static final List<RelationKind> ORDER = List.of(
            RelationKind.PROVIDES,
            RelationKind.REQUIRES,
            RelationKind.CONFLICTS,
            RelationKind.OBSOLETES,
            RelationKind.SUGGESTS,
            RelationKind.ENHANCES,
            RelationKind.RECOMMENDS,
            RelationKind.SUPPLEMENTS);

    static PackageXml of(PackageEntry entry) {
        return new PackageXml(primary(entry), filelists(entry), other(entry));
    }

    /** The name of a list of relations in metadata and databases. */
    static String nameOf(RelationKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static byte[] primary(PackageEntry entry) {
        Identity id = entry.id();
        Details details = entry.details();
        Xml xml = new Xml(0);
        xml.open("package", "type", "rpm");
        xml.text("name", id.name());
        xml.text("arch", id.arch());
        version(xml, id);
        xml.textWith("checksum", id.pkgid(), "type", "sha256", "pkgid", "YES");
        xml.text("summary", details.summary());
        xml.text("description", details.description());
        xml.text("packager", details.packager());
        xml.text("url", details.url());
        xml.empty("time", "file", details.fileTime(), "build", details.buildTime());
        xml.empty(
                "size",
                "package",
                details.size(),
                "installed",
                details.installedSize(),
                "archive",
                details.archiveSize());
        xml.empty("location", "href", details.href());
        xml.open("format");
        xml.text("rpm:license", details.license());
        xml.text("rpm:vendor", details.vendor());
        xml.text("rpm:group", details.group());
        xml.text("rpm:buildhost", details.buildHost());
        xml.text("rpm:sourcerpm", details.sourceRpm());
        xml.empty("rpm:header-range", "start", details.headerStart(), "end", details.headerEnd());
        for (RelationKind kind : ORDER) {
            relations(xml, kind, entry.relations().getOrDefault(kind, List.of()));
        }
        for (ListedFile file : entry.files()) {
            if (file.isPrimary()) {
                file(xml, file);
            }
        }
        xml.close("format");
        xml.close("package");
        return xml.toBytes();
    }

    private static byte[] filelists(PackageEntry entry) {
        Xml xml = new Xml(0);
        open(xml, entry.id());
        for (ListedFile file : entry.files()) {
            file(xml, file);
        }
        xml.close("package");
        return xml.toBytes();
    }

    private static byte[] other(PackageEntry entry) {
        Xml xml = new Xml(0);
        open(xml, entry.id());
        for (Change change : entry.changes()) {
            xml.textWith("changelog", change.text(), "author", change.author(), "date", change.date());
        }
        xml.close("package");
        return xml.toBytes();
    }

    private static void open(Xml xml, Identity id) {
        xml.open("package", "pkgid", id.pkgid(), "name", id.name(), "arch", id.arch());
        version(xml, id);
    }

    private static void version(Xml xml, Identity id) {
        xml.empty("version", "epoch", id.epoch(), "ver", id.version(), "rel", id.release());
    }

    private static void file(Xml xml, ListedFile file) {
        if (file.type() == ListedFile.Type.FILE) {
            xml.text("file", file.path());
        } else {
            xml.textWith("file", file.path(), "type", file.type().word());
        }
    }

    private static void relations(Xml xml, RelationKind kind, List<Dependency> dependencies) {
        if (dependencies.isEmpty()) {
            return;
        }
        String element = "rpm:" + nameOf(kind);
        xml.open(element);
        for (Dependency one : dependencies) {
            xml.beginEmpty("rpm:entry");
            xml.attribute("name", one.name());
            if (!one.flags().isEmpty()) {
                xml.attribute("flags", one.flags());
                xml.attribute("epoch", one.epoch());
                xml.attribute("ver", one.version());
                if (!one.release().isEmpty()) {
                    xml.attribute("rel", one.release());
                }
            }
            if (one.pre()) {
                xml.attribute("pre", "1");
            }
            xml.endEmpty();
        }
        xml.close(element);
    }
}
