package dev.twoliter.core.internal.engine.spec;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.spi.PackageNeeds;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.api.spi.SourceTool;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.resolve.KitTree;
import dev.twoliter.rpm.repo.RepoOptions;
import dev.twoliter.rpm.repo.RepoReader;
import dev.twoliter.rpm.repo.RepoWriter;
import dev.twoliter.rpm.repo.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The private directory of one build: {@code in} holds everything it may see, {@code out} gets what it makes. Deleted
 * when it is closed. Not thread-safe.
 */
public final class BuildRoom implements AutoCloseable {

    /** The name of the repository of this project's packages. */
    public static final String PACKAGES = "repo";

    /** Where the build leaves what the spec asks for, a requirement a line. */
    public static final String REQUIREMENTS = "build-requires";

    private final PackageStep step;
    private final PackageScope scope;
    private final Path root;
    private final Map<String, Repository> repositories = new TreeMap<>();

    private BuildRoom(PackageStep step, PackageScope scope) {
        this.step = step;
        this.scope = scope;
        Path output = scope.output();
        this.root = output.resolveSibling(output.getFileName() + ".room");
    }

    /**
     * Lays everything out.
     *
     * @param step the package
     * @param scope its sources, and whom to tell
     * @param tool makes sources out of others
     * @return the room
     * @throws InterruptedException if the build is cancelled
     */
    public static BuildRoom open(PackageStep step, PackageScope scope, SourceTool tool) throws InterruptedException {
        BuildRoom room = new BuildRoom(step, scope);
        AtomicFiles.deleteTree(room.root);
        try {
            room.fill(tool);
            return room;
        } catch (IOException e) {
            room.close();
            throw StorageException.of("write", room.root, e);
        } catch (RuntimeException | InterruptedException e) {
            room.close();
            throw e;
        }
    }

    /** {@return what the build may see} */
    public Path in() {
        return root.resolve("in");
    }

    /** {@return where the build leaves {@link #REQUIREMENTS} and the directory {@code rpms}} */
    public Path out() {
        return root.resolve("out");
    }

    /** {@return a private directory for what an engine needs} */
    public Path scratch() {
        return root.resolve("scratch");
    }

    /** {@return the spec's file name} */
    public String spec() {
        return step.spec().name() + ".spec";
    }

    /** {@return the directories of the repositories, by name, highest priority first} */
    public Map<String, Path> repositories() {
        Map<String, Path> directories = new java.util.LinkedHashMap<>();
        directories.put(PACKAGES, in().resolve(PACKAGES));
        for (PackageNeeds.Kit kit : step.needs().kits()) {
            directories.put(kit.name(), KitTree.repository(kit.directory()));
        }
        return directories;
    }

    /** {@return what a repository holds} */
    Repository repository(String name) {
        return repositories.computeIfAbsent(
                name,
                key -> RepoReader.read(Objects.requireNonNull(repositories().get(key), "a repository of the room")));
    }

    /** {@return what the spec asks for; empty before the build has said it} */
    public List<String> requirements() {
        Path file = out().resolve(REQUIREMENTS);
        try {
            return Files.isRegularFile(file) ? requirements(Files.readString(file)) : List.of();
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /**
     * {@return what {@code rpmspec -q --buildrequires} printed, without what rpm itself provides}
     *
     * @param text its lines
     */
    public static List<String> requirements(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("rpmlib("))
                .distinct()
                .toList();
    }

    /** Checks what was made and moves it to where the step's results belong. */
    public void collect() {
        BuiltRpms.collect(step, out().resolve("rpms"), scope.output());
    }

    @Override
    public void close() {
        AtomicFiles.deleteTree(root);
    }

    private void fill(SourceTool tool) throws IOException, InterruptedException {
        Path sources = directory(in().resolve("SOURCES"));
        directory(root);
        directory(in());
        directory(out());
        directory(out().resolve("rpms"));
        directory(scratch());
        Path spec = step.directory().resolve(spec());
        if (!Files.isRegularFile(spec)) {
            throw new EngineException(
                    step.label() + " has no file " + step.directory().relativize(spec),
                    "A spec file is called like its package.",
                    null);
        }
        Map<String, Path> present = present(tool);
        SpecSources.requirePresent(step, spec, present.keySet());
        for (Map.Entry<String, Path> file : present.entrySet()) {
            copy(file.getValue(), sources.resolve(file.getKey()));
        }
        copy(spec, in().resolve(spec()));
        AtomicFiles.write(in().resolve("macros"), macros().getBytes(StandardCharsets.UTF_8));
        index(directory(in().resolve(PACKAGES)));
    }

    /** Plain files of the package directory, not hidden (project-formats.md 5.6), then external ones, by name. */
    private Map<String, Path> present(SourceTool tool) throws IOException, InterruptedException {
        Map<String, Path> present = new TreeMap<>();
        try (Stream<Path> files = Files.list(step.directory())) {
            files.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().startsWith("."))
                    .forEach(file -> present.put(file.getFileName().toString(), file));
        }
        // What Cargo.toml names by digest is taken as such, whatever lies about under that name.
        present.putAll(scope.sources(tool));
        return present;
    }

    /** The same inputs shall give the same RPMs: so no clock, no host name. */
    private String macros() {
        return "%_buildhost twoliter\n"
                + "%use_source_date_epoch_as_buildtime 1\n"
                + "%clamp_mtime_to_source_date_epoch 1\n"
                + "%_target_cpu " + step.arch().rpmName() + "\n"
                + "%dist " + step.buildStamp() + "\n";
    }

    private void index(Path repository) throws IOException {
        Map<String, Path> owners = new HashMap<>();
        for (Path directory : step.needs().packages()) {
            for (Path rpm : rpms(directory)) {
                Path other = owners.put(rpm.getFileName().toString(), directory);
                if (other != null) {
                    throw new EngineException(
                            "packages '" + other.getFileName() + "' and '" + directory.getFileName() + "' both make "
                                    + rpm.getFileName(),
                            "Rename the subpackage of one of them, or drop one.",
                            null);
                }
                link(rpm, repository.resolve(rpm.getFileName()));
            }
        }
        RepoWriter.write(
                repository,
                RepoOptions.builder()
                        .timestamp(Instant.ofEpochSecond(step.sourceDateEpoch()))
                        .databases(false)
                        .build());
    }

    private List<Path> rpms(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> rpms = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.sorted()
                    .filter(file -> isNeeded(file.getFileName().toString()))
                    .forEach(rpms::add);
        }
        return rpms;
    }

    private boolean isNeeded(String name) {
        return (name.endsWith("." + step.arch().rpmName() + ".rpm") || name.endsWith(".noarch.rpm"))
                && !name.contains("-debuginfo-")
                && !name.contains("-debugsource-");
    }

    private static Path directory(Path path) throws IOException {
        Files.createDirectories(path);
        // Whoever the build runs as must be able to read it.
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
        Files.setPosixFilePermissions(
                to, PosixFilePermissions.fromString(Files.isExecutable(from) ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static void link(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(from, to);
        }
    }
}
