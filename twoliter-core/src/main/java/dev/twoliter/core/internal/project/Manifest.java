package dev.twoliter.core.internal.project;

import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a package, kit or variant and its Cargo.toml (project-formats.md 4).
 *
 * @param kind which of the three
 * @param directory the directory
 * @param label the manifest's name in messages
 * @param broken whether there is a Cargo.toml that is no TOML
 * @param cargo the manifest; null without one (a declarative package) and when it is broken
 * @param settings its own table below {@code [package.metadata]}; null without one
 * @param crate what Cargo calls it; null when the manifest does not say, which is then a problem
 * @param name what the specification calls it
 */
record Manifest(
        Kind kind,
        Path directory,
        String label,
        boolean broken,
        @Nullable TomlView cargo,
        @Nullable TomlView settings,
        @Nullable String crate,
        String name) {

    /** Packages, kits and variants, with the words of their directories and tables. */
    enum Kind {
        PACKAGE(Subject.Kind.PACKAGE, "package", "packages", "packages.rs"),
        KIT(Subject.Kind.KIT, "kit", "kits", "kit.rs"),
        VARIANT(Subject.Kind.VARIANT, "variant", "variants", "variants.rs");

        final Subject.Kind subject;
        final String word;
        final String directory;
        final String library;

        Kind(Subject.Kind subject, String word, String directory, String library) {
            this.subject = subject;
            this.word = word;
            this.directory = directory;
            this.library = library;
        }

        /** {@return the key below {@code [package.metadata]}, which is also buildsys' command} */
        String table() {
            return "build-" + word;
        }
    }

    /** What Cargo knows at the root of a manifest; it warns of other keys itself. */
    private static final Set<String> CARGO_KEYS = Set.of(
            "package",
            "lib",
            "bin",
            "example",
            "test",
            "bench",
            "dependencies",
            "dev-dependencies",
            "build-dependencies",
            "dev_dependencies",
            "build_dependencies",
            "target",
            "features",
            "badges",
            "lints",
            "hints",
            "patch",
            "profile",
            "replace",
            "workspace",
            "cargo-features");

    /** Reads what identifies a directory; empty when it is none of a package, kit or variant. */
    static Optional<Manifest> of(Kind kind, Path directory, Problems problems) {
        String own = directory.getFileName().toString();
        String label = kind.directory + "/" + own + "/Cargo.toml";
        TomlView.Loaded file =
                TomlView.read(directory.resolve("Cargo.toml"), label, new Subject(kind.subject, own), problems);
        TomlView cargo = file.root();
        if (cargo != null) {
            return Optional.of(read(kind, directory, label, cargo));
        }
        if (file.exists()) {
            return Optional.of(new Manifest(kind, directory, label, true, null, null, null, own));
        }
        if (kind == Kind.PACKAGE) {
            if (Files.exists(directory.resolve("package.toml"))) {
                return Optional.of(new Manifest(kind, directory, label, false, null, null, own.replace('.', '_'), own));
            }
            if (Files.exists(directory.resolve(own + ".spec"))) {
                problems.warning(
                        kind.directory + "/" + own + "/" + own + ".spec",
                        "there is no Cargo.toml beside it, so this directory is no package and is ignored",
                        "write the Cargo.toml, or remove the directory");
            }
        }
        return Optional.empty();
    }

    private static Manifest read(Kind kind, Path directory, String label, TomlView cargo) {
        String own = directory.getFileName().toString();
        cargo.onlyKeys(Severity.WARNING, CARGO_KEYS);
        if (!cargo.has("package")) {
            cargo.error("package", "the table [package] is missing", "");
        }
        Optional<TomlView> identity = cargo.table("package");
        String crate = identity.flatMap(p -> p.required("name")).orElse(null);
        TomlView settings = identity.map(p -> settings(kind, cargo, p)).orElse(null);
        String name = own;
        if (kind == Kind.PACKAGE) {
            checkPackageName(cargo, settings, crate, own);
        } else if (kind == Kind.KIT && crate != null) {
            name = crate;
            if (!name.equals(own)) {
                cargo.warning("package.name", "this is the kit '" + name + "', but its directory is kits/" + own, "");
            }
        }
        return new Manifest(kind, directory, label, false, cargo, settings, crate, name);
    }

    /** A package has the name of its directory; hostile names must not become paths. */
    private static void checkPackageName(
            TomlView cargo, @Nullable TomlView settings, @Nullable String crate, String own) {
        boolean named = settings != null && settings.has("package-name");
        String name =
                named && settings != null ? settings.string("package-name").orElse(own) : crate;
        if (name != null && !name.equals(own)) {
            cargo.error(
                    named ? "package.metadata.build-package.package-name" : "package.name",
                    "this is the package '" + name + "', but its directory is packages/" + own,
                    own.replace('.', '_').equals(crate)
                            ? "add package-name = \"" + own + "\" to [package.metadata.build-package]"
                            : "rename the directory to packages/" + name);
        }
    }

    /** Finds the table that makes it a package, kit or variant; without one, says what is wrong, once. */
    private static @Nullable TomlView settings(Kind kind, TomlView cargo, TomlView identity) {
        String table = kind.table();
        String missing = "[package.metadata." + table + "] is missing";
        if (!identity.has("metadata")) {
            for (String key : identity.keys()) {
                if (Nearest.of(key, Set.of("metadata")).isPresent() && identity.isTable(key)) {
                    identity.error(key, missing + "; there is [package." + key + "]", "did you mean 'metadata'?");
                    return null;
                }
            }
        }
        Optional<TomlView> metadata = identity.table("metadata");
        if (identity.has("metadata") && metadata.isEmpty()) {
            return null;
        }
        if (metadata.isPresent()) {
            TomlView m = metadata.get();
            if (m.has(table)) {
                return m.table(table).orElse(null);
            }
            List<Kind> others =
                    Arrays.stream(Kind.values()).filter(k -> m.has(k.table())).toList();
            if (!others.isEmpty()) {
                Kind other = others.get(0);
                m.error(
                        other.table(),
                        "this is a " + other.word + ", but it lies in " + kind.directory + "/",
                        "move it to " + other.directory + "/");
                return null;
            }
            for (String key : m.keys()) {
                if (Nearest.of(key, Set.of(table)).isPresent()) {
                    m.error(
                            key,
                            missing + "; there is [package.metadata." + key + "]",
                            "did you mean '" + table + "'?");
                    return null;
                }
            }
        }
        if (kind == Kind.PACKAGE) {
            cargo.warning("package", missing + "; taken for a package", "add the table");
        } else {
            cargo.error("package", missing, "add the table");
        }
        return null;
    }
}
