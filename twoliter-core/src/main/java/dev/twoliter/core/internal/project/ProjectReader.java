package dev.twoliter.core.internal.project;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.project.Manifest.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads all files of one project, once. Not thread-safe. */
final class ProjectReader {

    private static final int MAX_DIRECTORIES = 20_000;
    private static final Pattern WHO = Pattern.compile("(package|kit|variant) '([^']*)'.*", Pattern.DOTALL);

    private final Path directory;
    private final Path file;
    private final Problems problems = new Problems();
    private final ProjectSpec.Builder builder = ProjectSpec.builder();
    private final RootFiles root = new RootFiles(builder);

    ProjectReader(Path directory, Path file) {
        this.directory = directory;
        this.file = file;
    }

    ProjectModel read() {
        Optional<TomlView> project = TomlView.read(file, file.getFileName().toString(), problems);
        project.ifPresent(root::project);
        beside("Release.toml").ifPresent(release -> checkRelease(release, project));
        beside(RootFiles.OVERRIDE).ifPresent(root::override);
        beside(RootFiles.TRUST).ifPresent(root::trust);
        checkWorkspace();

        List<Manifest> manifests = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Path child : children(directory.resolve(kind.directory))) {
                Manifest.of(kind, child, problems).ifPresent(manifests::add);
            }
        }
        new ManifestReader(Manifest.byCrate(manifests, problems)).addTo(builder, manifests, problems);
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
        Matcher who = WHO.matcher(p.message());
        if (who.matches()) {
            for (Manifest m : manifests) {
                if (m.kind().word.equals(who.group(1)) && m.name().equals(who.group(2)) && m.cargo() != null) {
                    m.cargo().report(p);
                    return;
                }
            }
        }
        root.report(p);
    }

    /** Release.toml is what older projects had for the version (project-formats.md 1.3). */
    private void checkRelease(TomlView release, Optional<TomlView> project) {
        release.warning("", "Release.toml is deprecated", "delete it; Twoliter.toml has the release-version");
        Optional<String> version = release.string("version");
        Optional<String> expected =
                project.flatMap(p -> p.string("release-version").or(() -> p.string("project-version")));
        if (version.isPresent() && expected.isPresent() && !version.equals(expected)) {
            release.error(
                    "version",
                    "the version is " + version.get() + ", but the release-version in Twoliter.toml is "
                            + expected.get(),
                    "delete Release.toml");
        }
    }

    /** Cargo's workspace is in the root, or, deprecated, in variants (project-formats.md 4.9); nothing else needs it. */
    private void checkWorkspace() {
        String old = "variants/Cargo.toml";
        Optional<TomlView> workspace = beside("Cargo.toml");
        Optional<TomlView> deprecated = beside(old);
        if (workspace.isPresent() && deprecated.isPresent()) {
            problems.error(old, "there is a workspace in Cargo.toml as well", "keep Cargo.toml alone");
        } else if (deprecated.isPresent()) {
            problems.warning(
                    old, "a workspace in variants is deprecated", "move it to Cargo.toml beside Twoliter.toml");
        }
        workspace.or(() -> deprecated).ifPresent(w -> {
            if (!w.has("workspace")) {
                w.warning("workspace", "the table [workspace] is missing", "twoliter needs it to build with Cargo");
            }
        });
    }

    private Optional<TomlView> beside(String name) {
        Path path = directory.resolve(name);
        return Files.exists(path) ? TomlView.read(path, name, problems) : Optional.empty();
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
