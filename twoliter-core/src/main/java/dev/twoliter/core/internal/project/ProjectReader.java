package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.Subject;
import dev.twoliter.core.internal.project.Manifest.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads all files of one project, once. Not thread-safe. */
final class ProjectReader {

    private static final int MAX_DIRECTORIES = 20_000;

    private final Path directory;
    private final Path file;
    private final Problems problems = new Problems();
    private final ProjectSpec.Builder builder = ProjectSpec.builder();
    private final RootFiles root;

    ProjectReader(Path directory, Path file) {
        this.directory = directory;
        this.file = file;
        this.root = new RootFiles(builder, directory);
    }

    ProjectModel read() {
        TomlView.Loaded loaded = TomlView.read(file, file.getFileName().toString(), Subject.PROJECT, problems);
        if (!loaded.exists()) {
            throw StorageException.of("read", file, new NoSuchFileException(file.toString()));
        }
        loaded.view().ifPresent(root::project);
        checkRelease(loaded.view());
        beside(RootFiles.OVERRIDE).view().ifPresent(root::override);
        beside(RootFiles.TRUST).view().ifPresent(root::trust);
        tellOldLock();
        TomlView workspace = workspace();
        // The root files' rules first: the manifests' problems would hide them.
        if (loaded.root() != null) {
            build(List.of());
        }

        List<Manifest> manifests = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Path child : children(directory.resolve(kind.directory))) {
                Manifest.of(kind, child, problems).ifPresent(manifests::add);
            }
        }
        Dependencies dependencies = new Dependencies(directory, manifests, workspace, problems);
        new ManifestReader(dependencies, root.kitsNeedVendor(), problems).addTo(builder);
        problems.check();
        Optional<ProjectSpec> spec = build(manifests);
        problems.check();
        return new ProjectModel(directory, file, spec.orElseThrow(), problems.sorted());
    }

    private Optional<ProjectSpec> build(List<Manifest> manifests) {
        try {
            return Optional.of(builder.build());
        } catch (InvalidProjectException e) {
            e.problems().forEach(p -> locate(p, manifests));
            return Optional.empty();
        }
    }

    private void locate(Problem p, List<Manifest> manifests) {
        for (Manifest m : manifests) {
            TomlView cargo = m.cargo();
            if (cargo != null && p.subject().equals(new Subject(m.kind().subject, m.name()))) {
                cargo.report(p);
                return;
            }
        }
        root.report(p);
    }

    /** Release.toml is what older projects had for the version (project-formats.md 1.3); upstream goes on without it. */
    private void checkRelease(Optional<TomlView> project) {
        String name = "Release.toml";
        Optional<TomlView> read = TomlView.read(
                        directory.resolve(name), name, Subject.PROJECT, problems, Severity.WARNING)
                .view();
        if (read.isEmpty()) {
            return;
        }
        TomlView release = read.get();
        release.warning("", "Release.toml is deprecated", "delete it; Twoliter.toml has the release-version");
        Optional<String> version = release.string("version");
        Optional<String> expected =
                project.flatMap(p -> p.isString("release-version") ? p.string("release-version") : designVersion(p));
        if (version.isPresent() && expected.isPresent() && !version.equals(expected)) {
            release.error(
                    "version",
                    "the version is " + version.get() + ", but the release-version in Twoliter.toml is "
                            + expected.get(),
                    "delete Release.toml");
        }
    }

    private static Optional<String> designVersion(TomlView project) {
        return project.isString("project-version") ? project.string("project-version") : Optional.empty();
    }

    /** A lock of schema 1 is read, but today's twoliter refuses it; a broken one is no matter of opening a project. */
    private void tellOldLock() {
        TomlView lock = TomlView.read(directory.resolve(LockFile.NAME), LockFile.NAME, Subject.PROJECT, new Problems())
                .root();
        if (lock != null && lock.integer("schema-version", 0, Long.MAX_VALUE).orElse(2) == 1) {
            problems.add(lock.problem(
                    Severity.WARNING,
                    "schema-version",
                    "this lock has the old schema 1; it is read, but twoliter 0.12 and newer refuse it",
                    "write it anew with `twoliter update`"));
        }
    }

    /**
     * Cargo's workspace is in the root, or, deprecated, in variants (project-formats.md 4.9). Upstream needs one; nothing
     * here does, so a project of declarative packages may do without.
     */
    private @Nullable TomlView workspace() {
        String old = "variants/Cargo.toml";
        TomlView.Loaded workspace = beside("Cargo.toml");
        TomlView.Loaded deprecated = beside(old);
        if (workspace.exists() && deprecated.exists()) {
            problems.error(old, "there is a workspace in Cargo.toml as well", "keep Cargo.toml alone");
        } else if (deprecated.exists()) {
            problems.warning(
                    old, "a workspace in variants is deprecated", "move it to Cargo.toml beside Twoliter.toml");
        }
        TomlView found = workspace.exists() ? workspace.root() : deprecated.root();
        if (found != null && !found.has("workspace")) {
            found.warning("", "the table [workspace] is missing", "twoliter needs it to build with Cargo");
        }
        if (found != null) {
            found.table("workspace").ifPresent(w -> checkMembers(w, workspace.exists() ? "" : "variants"));
        }
        return found;
    }

    /** Cargo refuses members that do not exist; only patterns may match nothing. */
    private void checkMembers(TomlView workspace, String parent) {
        List<String> members = workspace.strings("members");
        for (int i = 0; i < members.size(); i++) {
            String member = members.get(i);
            if (member.chars().noneMatch(c -> c == '*' || c == '?' || c == '[' || c == 0)
                    && !Files.isDirectory(directory.resolve(parent).resolve(member))) {
                workspace.warning(
                        "members[" + i + "]",
                        "there is no directory " + member + ", so Cargo refuses the workspace",
                        "leave it out");
            }
        }
    }

    private TomlView.Loaded beside(String name) {
        return TomlView.read(directory.resolve(name), name, Subject.PROJECT, problems);
    }

    private static List<Path> children(Path parent) {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(parent)) {
            return found;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent, Files::isDirectory)) {
            for (Path child : stream) {
                found.add(child);
                if (found.size() > MAX_DIRECTORIES) {
                    throw new InvalidProjectException(
                            List.of(Problem.error("", parent + " has more than " + MAX_DIRECTORIES + " directories")));
                }
            }
        } catch (IOException e) {
            throw StorageException.of("list", parent, e);
        } catch (DirectoryIteratorException e) {
            throw StorageException.of("list", parent, Objects.requireNonNull(e.getCause()));
        }
        found.sort(Comparator.comparing(p -> p.getFileName().toString()));
        return found;
    }
}
