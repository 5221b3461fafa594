package dev.twoliter.rpm.internal.repo;

import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.internal.repo.PackageEntry.Change;
import dev.twoliter.rpm.internal.repo.PackageEntry.Details;
import dev.twoliter.rpm.internal.repo.PackageEntry.Identity;
import dev.twoliter.rpm.internal.sqlite.SqliteTable;
import dev.twoliter.rpm.internal.sqlite.SqliteWriter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The three databases of a repository, for yum and for tools that query an index without parsing it. Source: the files
 * that createrepo_c makes; version 10 of their layout. Not thread-safe.
 */
final class Databases {
    static final int VERSION = 10;

    private static final String DEPENDENCY =
            " (  name TEXT,  flags TEXT,  epoch TEXT,  version TEXT,  release TEXT," + "  pkgKey INTEGER ";
    private static final String PACKAGES = "CREATE TABLE packages (  pkgKey INTEGER PRIMARY KEY,  pkgId TEXT)";
    private static final int KEY_OF_DEPENDENCY = 5;
    /** The order of the tables of relations. */
    private static final List<RelationKind> ORDER = List.of(
            RelationKind.REQUIRES,
            RelationKind.PROVIDES,
            RelationKind.CONFLICTS,
            RelationKind.OBSOLETES,
            RelationKind.SUGGESTS,
            RelationKind.ENHANCES,
            RelationKind.RECOMMENDS,
            RelationKind.SUPPLEMENTS);

    private final Database primary = new Database("primary");
    private final Database filelists = new Database("filelists");
    private final Database other = new Database("other");

    private final SqliteTable packages;
    private final SqliteTable files;
    private final Map<RelationKind, SqliteTable> dependencies = new EnumMap<>(RelationKind.class);
    private final SqliteTable filelistsPackages;
    private final SqliteTable filelist;
    private final SqliteTable otherPackages;
    private final SqliteTable changelog;
    private long count;

    /** One database; the first table tells its version and which metadata file it was made from. */
    static final class Database {
        private final String type;
        private final SqliteWriter writer = new SqliteWriter();
        private final SqliteTable info =
                writer.table("db_info", "CREATE TABLE db_info (dbversion INTEGER, checksum TEXT)");

        private Database(String type) {
            this.type = type;
        }

        String type() {
            return type;
        }

        /** Ends the database. */
        SqliteWriter finish(String sha256OfXml) {
            info.add(VERSION, sha256OfXml);
            return writer;
        }
    }

    Databases() {
        packages = primary.writer
                .table(
                        "packages",
                        "CREATE TABLE packages (  pkgKey INTEGER PRIMARY KEY,  pkgId TEXT,  name TEXT,  arch TEXT,"
                                + "  version TEXT,  epoch TEXT,  release TEXT,  summary TEXT,  description TEXT,"
                                + "  url TEXT,  time_file INTEGER,  time_build INTEGER,  rpm_license TEXT,"
                                + "  rpm_vendor TEXT,  rpm_group TEXT,  rpm_buildhost TEXT,  rpm_sourcerpm TEXT,"
                                + "  rpm_header_start INTEGER,  rpm_header_end INTEGER,  rpm_packager TEXT,"
                                + "  size_package INTEGER,  size_installed INTEGER,  size_archive INTEGER,"
                                + "  location_href TEXT,  location_base TEXT,  checksum_type TEXT)")
                .index("packagename", 2, "CREATE INDEX packagename ON packages (name)")
                .index("packageId", 1, "CREATE INDEX packageId ON packages (pkgId)");
        files = primary.writer
                .table("files", "CREATE TABLE files (  name TEXT,  type TEXT,  pkgKey INTEGER)")
                .index("filenames", 0, "CREATE INDEX filenames ON files (name)")
                .index("pkgfiles", 2, "CREATE INDEX pkgfiles ON files (pkgKey)");
        for (RelationKind kind : ORDER) {
            dependencyTable(kind);
        }
        StringBuilder removals = new StringBuilder("CREATE TRIGGER removals AFTER DELETE ON packages  BEGIN  ");
        removals.append("  DELETE FROM files WHERE pkgKey = old.pkgKey;");
        for (RelationKind kind : ORDER) {
            removals.append("    DELETE FROM ").append(PackageXml.nameOf(kind)).append(" WHERE pkgKey = old.pkgKey;");
        }
        primary.writer.trigger("removals", "packages", removals.append("  END").toString());

        filelistsPackages = packagesOf(filelists);
        filelist = filelists
                .writer
                .table(
                        "filelist",
                        "CREATE TABLE filelist (  pkgKey INTEGER,  dirname TEXT,  filenames TEXT,  filetypes TEXT)")
                .index("keyfile", 0, "CREATE INDEX keyfile ON filelist (pkgKey)")
                .index("dirnames", 1, "CREATE INDEX dirnames ON filelist (dirname)");
        filelists.writer.trigger(
                "remove_filelist",
                "packages",
                "CREATE TRIGGER remove_filelist AFTER DELETE ON packages  BEGIN"
                        + "    DELETE FROM filelist WHERE pkgKey = old.pkgKey;  END");

        otherPackages = packagesOf(other);
        changelog = other.writer
                .table(
                        "changelog",
                        "CREATE TABLE changelog (  pkgKey INTEGER,  author TEXT,  date INTEGER,  changelog TEXT)")
                .index("keychange", 0, "CREATE INDEX keychange ON changelog (pkgKey)");
        other.writer.trigger(
                "remove_changelogs",
                "packages",
                "CREATE TRIGGER remove_changelogs AFTER DELETE ON packages  BEGIN"
                        + "    DELETE FROM changelog WHERE pkgKey = old.pkgKey;  END");
    }

    private static SqliteTable packagesOf(Database database) {
        return database.writer.table("packages", PACKAGES).index("pkgId", 1, "CREATE INDEX pkgId ON packages (pkgId)");
    }

    private void dependencyTable(RelationKind kind) {
        String name = PackageXml.nameOf(kind);
        String end = kind == RelationKind.REQUIRES ? ", pre BOOLEAN DEFAULT FALSE)" : ")";
        SqliteTable table = primary.writer
                .table(name, "CREATE TABLE " + name + DEPENDENCY + end)
                .index("pkg" + name, KEY_OF_DEPENDENCY, "CREATE INDEX pkg" + name + " on " + name + " (pkgKey)");
        if (kind == RelationKind.REQUIRES || kind == RelationKind.PROVIDES) {
            table.index(name + "name", 0, "CREATE INDEX " + name + "name ON " + name + " (name)");
        }
        dependencies.put(kind, table);
    }

    Database primary() {
        return primary;
    }

    Database filelists() {
        return filelists;
    }

    Database other() {
        return other;
    }

    void add(PackageEntry entry) {
        count++;
        addPackage(entry.id(), entry.details());
        for (ListedFile file : entry.files()) {
            if (file.isPrimary()) {
                files.add(file.path(), file.type().word(), count);
            }
        }
        entry.relations().forEach(this::addDependencies);
        filelistsPackages.add(null, entry.id().pkgid());
        addFiles(entry);
        otherPackages.add(null, entry.id().pkgid());
        for (Change change : entry.changes()) {
            changelog.add(count, change.author(), change.date(), change.text());
        }
    }

    private void addPackage(Identity id, Details details) {
        packages.add(
                null,
                id.pkgid(),
                id.name(),
                id.arch(),
                id.version(),
                id.epoch(),
                id.release(),
                orNull(details.summary()),
                orNull(details.description()),
                orNull(details.url()),
                details.fileTime(),
                details.buildTime(),
                orNull(details.license()),
                details.vendor(),
                orNull(details.group()),
                orNull(details.buildHost()),
                details.sourceRpm(),
                details.headerStart(),
                details.headerEnd(),
                orNull(details.packager()),
                details.size(),
                details.installedSize(),
                details.archiveSize(),
                details.href(),
                null,
                "sha256");
    }

    private void addDependencies(RelationKind kind, Iterable<Dependency> list) {
        SqliteTable table = Objects.requireNonNull(dependencies.get(kind));
        for (Dependency one : list) {
            Object[] row = {
                one.name(),
                orNull(one.flags()),
                orNull(one.epoch()),
                orNull(one.version()),
                orNull(one.release()),
                count,
                one.pre() ? "TRUE" : "FALSE"
            };
            table.add(kind == RelationKind.REQUIRES ? row : java.util.Arrays.copyOf(row, KEY_OF_DEPENDENCY + 1));
        }
    }

    /** One row for each directory: the names of its files, joined by slashes, and a letter for the type of each. */
    private void addFiles(PackageEntry entry) {
        record Names(StringBuilder names, StringBuilder types) {}
        Map<String, Names> byDirectory = new LinkedHashMap<>();
        for (ListedFile file : entry.files()) {
            Names all = byDirectory.computeIfAbsent(
                    file.directory(), directory -> new Names(new StringBuilder(), new StringBuilder()));
            if (!all.types.isEmpty()) {
                all.names.append('/');
            }
            all.names.append(file.name());
            all.types.append(file.type().letter());
        }
        byDirectory.forEach(
                (directory, all) -> filelist.add(count, directory, all.names.toString(), all.types.toString()));
    }

    /** What createrepo_c has no value for is null. */
    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
