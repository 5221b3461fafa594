package dev.twoliter.core.internal.project;

import dev.twoliter.core.internal.project.Manifest.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the packages, kits and variants that a manifest's {@code [build-dependencies]} and {@code [dependencies]} mean
 * (project-formats.md 4.9): by the path, as Cargo does, and only without one by the name. Not thread-safe.
 */
final class Dependencies {

    /** One entry of a table of dependencies. */
    record Dependency(TomlView table, String key, Manifest target) {}

    private final Map<Path, Manifest> byDirectory = new LinkedHashMap<>();
    private final Map<String, Manifest> byCrate = new LinkedHashMap<>();
    private @Nullable Map<Path, Manifest> byRealDirectory;
    private final Path root;
    private final @Nullable TomlView shared;

    /**
     * Knows all manifests of a project; two of one Cargo name are a problem, as Cargo refuses them.
     *
     * @param root the project directory
     * @param manifests all manifests
     * @param workspace the workspace's manifest, or null
     * @param problems receives clashes of names of manifests that have no file
     */
    Dependencies(Path root, Collection<Manifest> manifests, @Nullable TomlView workspace, Problems problems) {
        this.root = root;
        this.shared = workspace != null && workspace.isTable("workspace")
                ? workspace
                        .table("workspace")
                        .filter(w -> w.isTable("dependencies"))
                        .flatMap(w -> w.table("dependencies"))
                        .orElse(null)
                : null;
        for (Manifest m : manifests) {
            byDirectory.put(m.directory(), m);
            String crate = m.crate();
            Manifest other = crate == null ? null : byCrate.putIfAbsent(crate, m);
            if (other != null) {
                String message = "the Cargo name '" + crate + "' is that of " + other.label() + " too";
                String hint = "give one of them another name";
                TomlView cargo = m.cargo();
                if (cargo != null) {
                    cargo.error("package.name", message, hint);
                } else {
                    problems.error(m.label(), message, hint);
                }
            }
        }
    }

    /** {@return the manifests} */
    Collection<Manifest> manifests() {
        return byDirectory.values();
    }

    /**
     * {@return what a table of dependencies names, each once, in file order}
     *
     * @param m whose table
     * @param table {@code build-dependencies} or {@code dependencies}
     */
    Collection<Dependency> of(Manifest m, String table) {
        Map<String, Dependency> found = new LinkedHashMap<>();
        TomlView cargo = m.cargo();
        if (cargo != null) {
            // Cargo still takes the name with an underscore.
            String old = table.replace('-', '_');
            cargo.table(cargo.has(table) ? table : old).ifPresent(entries -> {
                for (String key : entries.keys()) {
                    Manifest target = target(m, entries, key);
                    if (target != null) {
                        found.putIfAbsent(target.label(), new Dependency(entries, key, target));
                    }
                }
            });
        }
        return found.values();
    }

    private @Nullable Manifest target(Manifest from, TomlView entries, String key) {
        if (entries.isString(key)) {
            return byName(from, entries, key, key);
        }
        Optional<TomlView> table = entries.isTable(key) ? entries.table(key) : Optional.empty();
        if (table.isEmpty()) {
            entries.mistyped(key, "a version or a table");
            return null;
        }
        TomlView entry = table.get();
        String crate = entry.string("package", key, "");
        if (crate.isEmpty()) {
            return null;
        }
        if (entry.has("path")) {
            return entry.string("path")
                    .map(path -> byPath(from.directory(), entries, key, crate, path))
                    .orElse(null);
        }
        if (entry.has("workspace") && shared != null && shared.isTable(key)) {
            TomlView inherited = shared.table(key).orElseThrow();
            String path = inherited.string("path").orElse(null);
            if (path != null) {
                return byPath(root, entries, key, inherited.string("package", key, key), path);
            }
        }
        return byName(from, entries, key, crate);
    }

    /** Without a path, Cargo would look elsewhere; a name of this project is taken for what it most likely means. */
    private @Nullable Manifest byName(Manifest from, TomlView entries, String key, String crate) {
        Manifest target = byCrate.get(crate);
        if (target == null) {
            entries.warning(
                    key,
                    "'" + crate + "' is no package or kit of this project and is ignored",
                    Nearest.hint(crate, byCrate.keySet()));
        } else {
            entries.warning(
                    key,
                    "there is no path, so Cargo would not find the " + target.kind().word + " '" + target.name() + "'",
                    "write " + key + " = { path = \"" + path(from.directory(), target) + "\" }");
        }
        return target;
    }

    private @Nullable Manifest byPath(Path from, TomlView entries, String key, String crate, String path) {
        Path directory;
        try {
            // As Cargo does it: by the words of the path, so that symbolic links keep their names.
            directory = from.resolve(path).normalize();
        } catch (InvalidPathException e) {
            entries.error(key, "the path '" + path + "' is none: " + e.getReason(), "");
            return null;
        }
        Manifest target = byDirectory.get(directory);
        if (target == null) {
            target = elsewhere(directory);
        }
        if (target == null) {
            notOurs(from, entries, key, crate, path, directory);
            return null;
        }
        if (target.crate() != null && !target.crate().equals(crate)) {
            entries.error(
                    key,
                    "the Cargo package in " + path + " is '" + target.crate() + "', not '" + crate + "'",
                    byCrate.containsKey(crate)
                            ? "the path of '" + crate + "' is " + path(from, byCrate.get(crate))
                            : "write " + target.crate() + " = { path = \"" + path + "\" }");
            return null;
        }
        return target;
    }

    /** Finds a manifest whose directory is a symbolic link to this one, or the other way round. */
    private @Nullable Manifest elsewhere(Path directory) {
        Map<Path, Manifest> known = byRealDirectory;
        if (known == null) {
            known = new LinkedHashMap<>();
            for (Manifest m : byDirectory.values()) {
                known.putIfAbsent(real(m.directory()), m);
            }
            byRealDirectory = known;
        }
        return known.get(real(directory));
    }

    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            // Not there, or not to be read: equal to nothing but itself.
            return directory;
        }
    }

    private void notOurs(Path from, TomlView entries, String key, String crate, String path, Path directory) {
        if (Files.isRegularFile(directory.resolve("Cargo.toml"))) {
            entries.warning(key, "'" + crate + "' is no package or kit of this project and is ignored", "");
            return;
        }
        Map<String, Manifest> names = new LinkedHashMap<>();
        byDirectory.forEach((d, m) -> names.put(d.getFileName().toString(), m));
        Path name = directory.getFileName();
        String hint = Nearest.of(name == null ? "" : name.toString(), names.keySet())
                .map(near -> "did you mean '" + path(from, names.get(near)) + "'?")
                .orElse("");
        entries.error(
                key,
                Files.isDirectory(directory) ? "there is no Cargo.toml in " + path : "there is no directory " + path,
                hint);
    }

    private static String path(Path from, @Nullable Manifest target) {
        return target == null ? "" : from.relativize(target.directory()).toString();
    }

    /** {@return the names of the manifests of a kind} */
    List<String> names(Kind kind) {
        List<String> names = new ArrayList<>();
        for (Manifest m : byDirectory.values()) {
            if (m.kind() == kind) {
                names.add(m.name());
            }
        }
        return names;
    }
}
