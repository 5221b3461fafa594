package dev.twoliter.rpm.internal.repo;

import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.FileFlag;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RpmFile;
import dev.twoliter.rpm.RpmHeader;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.RpmTag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One package in the three metadata files, element by element as createrepo_c writes it. Source: the files that
 * createrepo_c makes, and its {@code xml_dump_*.c} for what it leaves out.
 */
final class PackageXml {
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

    private static final int CHANGELOG_LIMIT = 10;
    // PREREQ, SCRIPT_PRE and SCRIPT_POST of rpmds.h: needed before the scriptlets run.
    private static final long PRE = 1 << 6 | 1 << 9 | 1 << 10;

    private final RpmPackage rpm;
    private final RpmHeader header;
    private final List<RpmFile> files;
    private final String pkgid;
    private final String href;
    private final long size;
    private final long time;

    PackageXml(RpmPackage rpm, String pkgid, String href, long size, long time) {
        this.rpm = rpm;
        this.header = rpm.header();
        this.files = rpm.files();
        this.pkgid = pkgid;
        this.href = href;
        this.size = size;
        this.time = time;
    }

    /** An entry of a list of relations; equal entries are written once. */
    private record Entry(String name, String comparison, String epoch, String version, String release, boolean pre) {}

    String primary() {
        Nevra nevra = rpm.nevra();
        Xml xml = new Xml(0);
        xml.open("package", "type", "rpm");
        xml.text("name", nevra.name());
        xml.text("arch", nevra.arch());
        version(xml, nevra.evr());
        xml.textWith("checksum", pkgid, "type", "sha256", "pkgid", "YES");
        xml.text("summary", rpm.summary());
        xml.text("description", rpm.description());
        xml.text("packager", text(RpmTag.PACKAGER));
        xml.text("url", rpm.url());
        xml.empty("time", "file", time, "build", rpm.buildTime());
        xml.empty("size", "package", size, "installed", rpm.installedSize(), "archive", archiveSize());
        xml.empty("location", "href", href);
        xml.open("format");
        xml.text("rpm:license", rpm.license());
        xml.text("rpm:vendor", rpm.vendor());
        xml.text("rpm:group", text(RpmTag.GROUP));
        xml.text("rpm:buildhost", text(RpmTag.BUILDHOST));
        xml.text("rpm:sourcerpm", rpm.sourceRpm());
        xml.empty("rpm:header-range", "start", rpm.headerStart(), "end", rpm.headerEnd());
        for (RelationKind kind : ORDER) {
            relations(xml, kind);
        }
        for (RpmFile file : files) {
            if (isPrimary(file.path())) {
                file(xml, file);
            }
        }
        xml.close("format");
        xml.close("package");
        return xml.toString();
    }

    String filelists() {
        Xml xml = new Xml(0);
        open(xml);
        for (RpmFile file : files) {
            file(xml, file);
        }
        xml.close("package");
        return xml.toString();
    }

    String other() {
        Xml xml = new Xml(0);
        open(xml);
        long[] times = header.ints(RpmTag.CHANGELOGTIME);
        List<String> authors = header.strings(RpmTag.CHANGELOGNAME);
        List<String> texts = header.strings(RpmTag.CHANGELOGTEXT);
        int known = Math.min(times.length, Math.min(authors.size(), texts.size()));
        // The newest are first in the header and last in the metadata. Equal times are told apart by a second.
        long last = Long.MIN_VALUE;
        for (int i = Math.min(known, CHANGELOG_LIMIT) - 1; i >= 0; i--) {
            last = times[i] <= last ? last + 1 : times[i];
            xml.textWith("changelog", texts.get(i), "author", authors.get(i), "date", last);
        }
        xml.close("package");
        return xml.toString();
    }

    private void open(Xml xml) {
        Nevra nevra = rpm.nevra();
        xml.open("package", "pkgid", pkgid, "name", nevra.name(), "arch", nevra.arch());
        version(xml, nevra.evr());
    }

    private static void version(Xml xml, Evr evr) {
        xml.empty("version", "epoch", evr.epoch(), "ver", evr.version(), "rel", evr.release());
    }

    private String text(int tag) {
        return header.string(tag).orElse("");
    }

    private long archiveSize() {
        RpmHeader stored = rpm.signatureHeader();
        return stored.number(RpmTag.SIG_LONGARCHIVESIZE)
                .orElse(stored.number(RpmTag.SIG_PAYLOADSIZE)
                        .orElse(header.number(RpmTag.ARCHIVESIZE).orElse(0)));
    }

    private static void file(Xml xml, RpmFile file) {
        if (file.isDirectory()) {
            xml.textWith("file", file.path(), "type", "dir");
        } else if (file.has(FileFlag.GHOST)) {
            xml.textWith("file", file.path(), "type", "ghost");
        } else {
            xml.text("file", file.path());
        }
    }

    /** Files that dnf wants to know without reading filelists. */
    static boolean isPrimary(String path) {
        return path.startsWith("/etc/") || path.equals("/usr/lib/sendmail") || path.contains("bin/");
    }

    private void relations(Xml xml, RelationKind kind) {
        List<Entry> entries = entries(kind);
        if (kind == RelationKind.REQUIRES) {
            entries = withoutNeedless(entries);
        }
        if (entries.isEmpty()) {
            return;
        }
        String element = "rpm:" + kind.name().toLowerCase(Locale.ROOT);
        xml.open(element);
        for (Entry e : entries) {
            List<Object> attributes = new ArrayList<>(List.of("name", e.name));
            if (!e.comparison.isEmpty()) {
                attributes.addAll(List.of("flags", e.comparison, "epoch", e.epoch, "ver", e.version));
                if (!e.release.isEmpty()) {
                    attributes.addAll(List.of("rel", e.release));
                }
            }
            if (e.pre) {
                attributes.addAll(List.of("pre", "1"));
            }
            xml.empty("rpm:entry", attributes.toArray());
        }
        xml.close(element);
    }

    private List<Entry> entries(RelationKind kind) {
        var relations = rpm.relations(kind);
        long[] flags = header.ints(kind.flagsTag());
        List<Entry> entries = new ArrayList<>(relations.size());
        for (int i = 0; i < relations.size(); i++) {
            var relation = relations.get(i);
            Evr evr = relation.evr();
            boolean pre = kind == RelationKind.REQUIRES && i < flags.length && (flags[i] & PRE) != 0;
            entries.add(
                    evr == null
                            ? new Entry(relation.name(), "", "", "", "", pre)
                            : new Entry(
                                    relation.name(),
                                    relation.comparison().name(),
                                    Long.toString(evr.epoch()),
                                    evr.version(),
                                    evr.release(),
                                    pre));
        }
        return entries;
    }

    /**
     * Requirements that say nothing to a solver are left out: rpm's own features, what the package has itself, exact
     * repetitions, and all symbol versions of libc but the highest.
     */
    private List<Entry> withoutNeedless(List<Entry> requires) {
        Set<String> ownFiles = new HashSet<>();
        files.stream().map(RpmFile::path).filter(PackageXml::isPrimary).forEach(ownFiles::add);
        Set<Entry> provides = new HashSet<>(entries(RelationKind.PROVIDES));
        String libc = "";
        for (Entry e : requires) {
            if (e.name.startsWith("libc.so.6(") && (libc.isEmpty() || Evr.compareSegments(e.name, libc) > 0)) {
                libc = e.name;
            }
        }
        Set<Entry> kept = new LinkedHashSet<>();
        for (Entry e : requires) {
            boolean needless = e.name.startsWith("rpmlib(")
                    || (e.name.startsWith("/") && ownFiles.contains(e.name))
                    || provides.contains(new Entry(e.name, e.comparison, e.epoch, e.version, e.release, false))
                    || (e.name.startsWith("libc.so.6(") && !e.name.equals(libc));
            if (!needless) {
                kept.add(e);
            }
        }
        return List.copyOf(kept);
    }
}
