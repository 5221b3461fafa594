package dev.twoliter.core.internal.variant;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.lz4.Lz4FrameWriter;
import dev.twoliter.core.internal.image.Artefacts;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.PayloadVisitor;
import dev.twoliter.rpm.RpmFile;
import dev.twoliter.rpm.RpmPackage;
import dev.twoliter.rpm.repo.RepoPackage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The programs that carry settings from one version over to another, for the repository of updates (variant-image.md 5):
 * those of every package {@code bottlerocket-migrations…} in the variant's kits, each compressed by itself.
 */
final class Migrations {
    private static final String PACKAGE = "bottlerocket-migrations";
    private static final String DIRECTORY = "/usr/share/migrations/";

    private static final Comparator<RepoPackage> EVR =
            Comparator.comparing(one -> one.nevra().evr());

    private final Work.Variant work;
    private final Path scratch;
    private final Map<String, Path> programs = new TreeMap<>();
    private final Lz4FrameWriter lz4 = new Lz4FrameWriter();

    private Migrations(Work.Variant work, Path scratch) {
        this.work = work;
        this.scratch = scratch;
    }

    /** Writes the archive; it is empty if no kit has such a package. */
    static void write(Work.Variant work, Composite composite, Path scratch, Artefacts artefacts) throws IOException {
        Migrations migrations = new Migrations(work, scratch);
        for (Path rpm : migrations.packages(composite)) {
            migrations.unpack(RpmPackage.open(rpm));
        }
        artefacts.write("-migrations.tar", migrations::archive);
    }

    /** The newest of each name in the first kit that has it, as for packages that are installed. */
    private List<Path> packages(Composite composite) {
        Map<String, Path> files = new TreeMap<>();
        for (Composite.Member member : composite.repositories()) {
            Map<String, RepoPackage> newest = new TreeMap<>();
            for (RepoPackage one : member.repository().packages()) {
                if (isMigrations(one.nevra())) {
                    newest.merge(one.name(), one, (a, b) -> EVR.compare(a, b) >= 0 ? a : b);
                }
            }
            newest.forEach((name, one) -> files.computeIfAbsent(name, known -> {
                Path file = member.repository().fileOf(one);
                Results.requireSame(file, one.sha256(), Hashing.sha256(file));
                return file;
            }));
        }
        return new ArrayList<>(files.values());
    }

    private boolean isMigrations(Nevra nevra) {
        boolean named = nevra.name().equals(PACKAGE) || nevra.name().startsWith(PACKAGE + "-");
        return named
                && !nevra.name().matches(".*-debug(info|source)")
                && (nevra.arch().equals(work.arch().rpmName()) || nevra.arch().equals("noarch"));
    }

    private void unpack(RpmPackage rpm) {
        String origin = rpm.nevra().toString();
        String sysroot = "/" + work.arch() + "-bottlerocket-linux-gnu/sys-root" + DIRECTORY;
        int before = programs.size();
        rpm.unpack(new PayloadVisitor() {
            @Override
            public void visit(RpmFile file, InputStream content) throws IOException {
                Optional<String> name = List.of(sysroot, DIRECTORY).stream()
                        .filter(file.path()::startsWith)
                        .map(directory -> file.path().substring(directory.length()))
                        .findFirst();
                if (name.isPresent() && file.isRegular()) {
                    add(name.get(), content, origin);
                }
            }

            @Override
            public void hardLink(RpmFile file, RpmFile sameAs) {
                throw new FormatException(origin, file.path() + " is a hard link, which a migration must not be");
            }
        });
        if (programs.size() == before) {
            throw new FormatException(origin, "is a package of migrations, but has none in " + DIRECTORY);
        }
    }

    private void add(String name, InputStream content, String origin) throws IOException {
        Path compressed = scratch.resolve("migration-" + programs.size());
        if (name.contains("/") || programs.put(name + ".lz4", compressed) != null) {
            throw new FormatException(
                    origin, "the migration " + name + " is in another package too, or in a directory of its own");
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(compressed))) {
            lz4.write(content, out);
        }
    }

    private void archive(OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        for (Map.Entry<String, Path> program : programs.entrySet()) {
            TarArchiveEntry entry = new TarArchiveEntry(program.getKey());
            entry.setSize(Files.size(program.getValue()));
            entry.setMode(0644);
            entry.setModTime(FileTime.from(work.stamp().epochSeconds(), TimeUnit.SECONDS));
            tar.putArchiveEntry(entry);
            Files.copy(program.getValue(), tar);
            tar.closeArchiveEntry();
        }
        tar.finish();
        tar.flush();
    }
}
