package dev.twoliter.core.internal.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a package, kit or variant and its Cargo.toml (project-formats.md 4).
 *
 * @param kind which of the three
 * @param directory the directory
 * @param label the manifest's name in messages
 * @param cargo the manifest; null without one (a declarative package) and when it could not be read
 * @param crateName what dependencies call it
 * @param name what the specification calls it
 */
record Manifest(
        Kind kind, Path directory, String label, @Nullable TomlView cargo, String crateName, String name) {

    /** Packages, kits and variants, with the words of their directories and tables. */
    enum Kind {
        PACKAGE("package", "packages", "packages.rs"),
        KIT("kit", "kits", "kit.rs"),
        VARIANT("variant", "variants", "variants.rs");

        final String word;
        final String directory;
        final String library;

        Kind(String word, String directory, String library) {
            this.word = word;
            this.directory = directory;
            this.library = library;
        }

        /** {@return the key below {@code [package.metadata]}, which is also buildsys' command} */
        String table() {
            return "build-" + word;
        }
    }

    /** Reads what identifies a directory; empty when it is none of a package, kit or variant. */
    static Optional<Manifest> of(Kind kind, Path directory, Problems problems) {
        String own = directory.getFileName().toString();
        Path file = directory.resolve("Cargo.toml");
        String label = kind.directory + "/" + own + "/Cargo.toml";
        if (!Files.exists(file)) {
            return kind == Kind.PACKAGE && Files.exists(directory.resolve("package.toml"))
                    ? Optional.of(new Manifest(kind, directory, label, null, own.replace('.', '_'), own))
                    : Optional.empty();
        }
        Optional<TomlView> root = TomlView.read(file, label, problems);
        if (root.isEmpty()) {
            // Under its probable name, so that those that need it are not wrong as well.
            return Optional.of(new Manifest(kind, directory, label, null, own.replace('.', '_'), own));
        }
        TomlView cargo = root.get();
        Optional<TomlView> identity = cargo.table("package");
        if (identity.isEmpty() && !cargo.has("package")) {
            cargo.error("package", "the table [package] is missing", "");
        }
        String crate = identity.flatMap(p -> p.required("name")).orElse(own.replace('.', '_'));
        Optional<TomlView> metadata = metadata(cargo);
        checkKind(kind, cargo, metadata);
        String name = own;
        if (kind == Kind.PACKAGE) {
            name = metadata.flatMap(m -> m.table(kind.table()))
                    .flatMap(m -> m.string("package-name"))
                    .orElse(crate);
            if (!name.equals(own)) {
                cargo.error(
                        "package.metadata.build-package.package-name",
                        "this is the package '" + name + "', but its directory is packages/" + own,
                        own.replace('.', '_').equals(crate)
                                ? "add package-name = \"" + own + "\" to [package.metadata.build-package]"
                                : "rename the directory to packages/" + name);
                // Hostile names must not become paths.
                name = own;
            }
        } else if (kind == Kind.KIT) {
            name = crate;
            if (!name.equals(own)) {
                cargo.warning("package.name", "this is the kit '" + name + "', but its directory is kits/" + own, "");
            }
        }
        return Optional.of(new Manifest(kind, directory, label, cargo, crate, name));
    }

    private static Optional<TomlView> metadata(TomlView cargo) {
        return cargo.table("package").flatMap(p -> p.table("metadata"));
    }

    private static void checkKind(Kind kind, TomlView cargo, Optional<TomlView> metadata) {
        String expected = "package.metadata." + kind.table();
        if (metadata.isPresent() && metadata.get().has(kind.table())) {
            return;
        }
        if (kind == Kind.PACKAGE
                && metadata.map(m -> !m.has("build-kit") && !m.has("build-variant"))
                        .orElse(true)) {
            cargo.warning("package", "[" + expected + "] is missing; taken for a package", "add the table");
        } else {
            cargo.error("package", "[" + expected + "] is missing", "add the table");
        }
    }

    /** {@return its own table below {@code [package.metadata]}} */
    Optional<TomlView> settings() {
        return cargo == null ? Optional.empty() : metadata(cargo).flatMap(m -> m.table(kind.table()));
    }

    /**
     * {@return the packages, kits and variants of the project that a table of dependencies names, each once, in file
     * order}
     *
     * @param table {@code build-dependencies} or {@code dependencies}
     * @param all every manifest by crate name
     */
    Collection<Dependency> dependencies(String table, Map<String, Manifest> all) {
        Map<String, Dependency> found = new LinkedHashMap<>();
        if (cargo != null) {
            cargo.table(table).ifPresent(entries -> {
                for (String key : entries.keys()) {
                    target(entries, key, all)
                            .ifPresent(m -> found.putIfAbsent(m.crateName(), new Dependency(entries, key, m)));
                }
            });
        }
        return found.values();
    }

    /** One entry of a table of dependencies. */
    record Dependency(TomlView table, String key, Manifest target) {}

    private Optional<Manifest> target(TomlView entries, String key, Map<String, Manifest> all) {
        // A plain version is a crate from elsewhere, as Cargo sees it.
        Optional<TomlView> entry = entries.isTable(key) ? entries.table(key) : Optional.empty();
        String crate = entry.flatMap(e -> e.string("package")).orElse(key);
        Manifest target = all.get(crate);
        if (target != null) {
            return Optional.of(target);
        }
        Optional<String> path = entry.flatMap(e -> e.string("path"));
        if (path.isPresent() && insideProject(path.get())) {
            entries.error(
                    key,
                    kind.word + " '" + name + "': there is no package or kit '" + crate + "' in this project",
                    Nearest.hint(crate, all.keySet()));
        } else {
            entries.warning(
                    key,
                    "'" + crate + "' is no package or kit of this project and is ignored",
                    Nearest.hint(crate, all.keySet()));
        }
        return Optional.empty();
    }

    private static boolean insideProject(String path) {
        String[] parts = path.replace('\\', '/').replaceAll("/+$", "").split("/");
        String parent = parts.length < 2 ? ".." : parts[parts.length - 2];
        return parent.equals("..") || Set.of("packages", "kits", "variants").contains(parent);
    }

    /** {@return manifests by crate name; two of one name are a problem, as Cargo refuses them} */
    static Map<String, Manifest> byCrate(Collection<Manifest> manifests, Problems problems) {
        Map<String, Manifest> all = new LinkedHashMap<>();
        for (Manifest m : manifests) {
            Manifest other = all.putIfAbsent(m.crateName(), m);
            if (other != null) {
                String message = "the Cargo name '" + m.crateName() + "' is that of " + other.label() + " too";
                if (m.cargo() != null) {
                    m.cargo().error("package.name", message, "give one of them another name");
                } else {
                    problems.error(m.label(), message, "give one of them another name");
                }
            }
        }
        return all;
    }
}
