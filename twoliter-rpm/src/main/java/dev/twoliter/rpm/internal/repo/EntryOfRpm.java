package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.FormatException;
import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.FileFlag;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.RpmHeader;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.RpmTag;
import dev.twoliter.rpm.internal.repo.PackageEntry.Change;
import dev.twoliter.rpm.internal.repo.PackageEntry.Details;
import dev.twoliter.rpm.internal.repo.PackageEntry.Identity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads from an RPM's header what an index says of it. Only the tags that are needed are read. Source: the files that
 * createrepo_c makes, and its {@code parsehdr.c} for what it leaves out.
 */
final class EntryOfRpm {
    private static final int CHANGELOG_LIMIT = 10;
    // PREREQ, SCRIPT_PRE and SCRIPT_POST of rpmds.h: needed before the scriptlets run.
    private static final long PRE = 1 << 6 | 1 << 9 | 1 << 10;
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_DIRECTORY = 0040000;

    private final RpmPackage rpm;
    private final RpmHeader header;

    private EntryOfRpm(RpmPackage rpm) {
        this.rpm = rpm;
        this.header = rpm.header();
    }

    /**
     * Reads an entry.
     *
     * @param href where the package is, relative to the repository
     * @param time the modification time to list
     */
    static PackageEntry read(HashedPackage hashed, String href, long time) {
        RpmPackage rpm = hashed.rpm();
        EntryOfRpm reading = new EntryOfRpm(rpm);
        Nevra nevra = rpm.nevra();
        Evr evr = nevra.evr();
        List<ListedFile> files = reading.files();
        return new PackageEntry(
                new Identity(
                        hashed.sha256(),
                        nevra.name(),
                        nevra.arch(),
                        Long.toString(evr.epoch()),
                        evr.version(),
                        evr.release()),
                reading.details(hashed, href, time),
                reading.relations(files),
                files,
                reading.changes());
    }

    private Details details(HashedPackage hashed, String href, long time) {
        return new Details(
                rpm.summary(),
                rpm.description(),
                text(RpmTag.PACKAGER),
                rpm.url(),
                time,
                rpm.buildTime(),
                hashed.size(),
                rpm.installedSize(),
                archiveSize(),
                href,
                rpm.license(),
                rpm.vendor(),
                text(RpmTag.GROUP),
                text(RpmTag.BUILDHOST),
                rpm.sourceRpm(),
                rpm.headerStart(),
                rpm.headerEnd());
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

    private List<ListedFile> files() {
        List<String> names = header.strings(RpmTag.BASENAMES);
        List<String> directories = header.strings(RpmTag.DIRNAMES);
        if (names.isEmpty()) {
            names = header.strings(RpmTag.OLDFILENAMES);
            directories = List.of("");
        }
        int n = names.size();
        long[] indexes = numbers(RpmTag.DIRINDEXES, n);
        long[] modes = numbers(RpmTag.FILEMODES, n);
        long[] flags = numbers(RpmTag.FILEFLAGS, n);
        List<ListedFile> files = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            if (indexes[i] >= directories.size()) {
                throw malformed(names.get(i) + " lies in a directory that is not listed");
            }
            ListedFile.Type type = (modes[i] & TYPE_MASK) == TYPE_DIRECTORY
                    ? ListedFile.Type.DIRECTORY
                    : (flags[i] & FileFlag.GHOST.bit()) != 0 ? ListedFile.Type.GHOST : ListedFile.Type.FILE;
            files.add(new ListedFile(directories.get((int) indexes[i]) + names.get(i), type));
        }
        return files;
    }

    private long[] numbers(int tag, int n) {
        long[] numbers = header.has(tag) ? header.ints(tag) : new long[n];
        if (numbers.length != n) {
            throw malformed("header entry " + tag + " has " + numbers.length + " elements for " + n + " files");
        }
        return numbers;
    }

    private FormatException malformed(String message) {
        return new FormatException(rpm.file().toString(), message);
    }

    private Map<RelationKind, List<Dependency>> relations(List<ListedFile> files) {
        Map<RelationKind, List<Dependency>> relations = new EnumMap<>(RelationKind.class);
        for (RelationKind kind : RelationKind.values()) {
            relations.put(kind, dependencies(kind));
        }
        relations.put(
                RelationKind.REQUIRES,
                withoutNeedless(
                        relations.getOrDefault(RelationKind.REQUIRES, List.of()),
                        relations.getOrDefault(RelationKind.PROVIDES, List.of()),
                        files));
        return relations;
    }

    private List<Dependency> dependencies(RelationKind kind) {
        if (!header.has(kind.nameTag())) {
            return List.of();
        }
        List<Relation> relations = rpm.relations(kind);
        long[] flags = kind == RelationKind.REQUIRES ? header.ints(kind.flagsTag()) : new long[0];
        List<Dependency> dependencies = new ArrayList<>(relations.size());
        for (int i = 0; i < relations.size(); i++) {
            dependencies.add(Dependency.of(relations.get(i), i < flags.length && (flags[i] & PRE) != 0));
        }
        return dependencies;
    }

    /**
     * Requirements that say nothing to a solver are left out: rpm's own features, what the package has itself, exact
     * repetitions, and all symbol versions of libc but the highest.
     */
    private static List<Dependency> withoutNeedless(
            List<Dependency> requires, List<Dependency> provides, List<ListedFile> files) {
        Set<Dependency> own = new HashSet<>(provides);
        Set<String> ownFiles = new HashSet<>();
        if (requires.stream().anyMatch(required -> required.name().startsWith("/"))) {
            files.stream().filter(ListedFile::isPrimary).forEach(file -> ownFiles.add(file.path()));
        }
        Dependency libc = null;
        Set<Dependency> kept = new LinkedHashSet<>();
        for (Dependency required : requires) {
            if (required.name().startsWith("libc.so.6(")) {
                libc = libc == null || symbols(required).compareTo(symbols(libc)) > 0 ? required : libc;
            } else if (!required.name().startsWith("rpmlib(")
                    && !ownFiles.contains(required.name())
                    && !own.contains(required.withoutPre())) {
                kept.add(required);
            }
        }
        if (libc != null) {
            kept.add(libc); // the last, as createrepo_c does
        }
        return List.copyOf(kept);
    }

    /** Of {@code libc.so.6(GLIBC_2.34)(64bit)} the version, which is empty for plain {@code libc.so.6()(64bit)}. */
    private static Evr symbols(Dependency libc) {
        String name = libc.name();
        int start = name.indexOf("GLIBC_");
        int end = name.indexOf(')', Math.max(start, 0));
        return new Evr(0, "0", start < 0 || end < 0 ? "" : name.substring(start, end));
    }

    /** The newest are first in the header and last in the metadata. Equal times are told apart by a second. */
    private List<Change> changes() {
        long[] times = header.ints(RpmTag.CHANGELOGTIME);
        List<String> authors = header.strings(RpmTag.CHANGELOGNAME, CHANGELOG_LIMIT);
        List<String> texts = header.strings(RpmTag.CHANGELOGTEXT, CHANGELOG_LIMIT);
        int known = Math.min(times.length, Math.min(authors.size(), texts.size()));
        List<Change> changes = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (int i = known - 1; i >= 0; i--) {
            last = times[i] <= last ? last + 1 : times[i];
            changes.add(new Change(authors.get(i), last, texts.get(i)));
        }
        return changes;
    }
}
