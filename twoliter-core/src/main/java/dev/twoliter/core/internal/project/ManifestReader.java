package dev.twoliter.core.internal.project;

import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Subject;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.project.Dependencies.Dependency;
import dev.twoliter.core.internal.project.Manifest.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the tables of packages and kits, and has those of variants read (project-formats.md 4.2 to 4.4). */
final class ManifestReader {

    private static final Set<String> PACKAGE_KEYS = Set.of(
            "package-name",
            "source-groups",
            "external-files",
            "releases-url",
            "recipe",
            "variant-sensitive",
            "package-features");
    private static final Set<String> FILE_KEYS = Set.of(
            "url", "sha512", "path", "force-upstream", "bundle-modules", "bundle-root-path", "bundle-output-path");

    /** Takes the place of an entry that cannot be read, so that the others keep their numbers. */
    private static final ExternalFile UNREADABLE = ExternalFile.of("https://unreadable.invalid/", "0".repeat(128));

    private final Dependencies dependencies;
    private final boolean kitsNeedVendor;
    private final Problems problems;

    /**
     * Reads manifests.
     *
     * @param dependencies all manifests
     * @param kitsNeedVendor whether there is no vendor that kits have by default
     * @param problems receives what is wrong
     */
    ManifestReader(Dependencies dependencies, boolean kitsNeedVendor, Problems problems) {
        this.dependencies = dependencies;
        this.kitsNeedVendor = kitsNeedVendor;
        this.problems = problems;
    }

    /** Reads all manifests and adds them to the project; what is wrong is missing then. */
    void addTo(ProjectSpec.Builder project) {
        for (Manifest m : dependencies.manifests()) {
            switch (m.kind()) {
                case PACKAGE -> readPackage(m).ifPresent(project::addPackage);
                case KIT -> readKit(m).ifPresent(project::addKit);
                case VARIANT -> readVariant(m).ifPresent(project::addVariant);
            }
        }
    }

    private Optional<PackageSpec> readPackage(Manifest m) {
        PackageSpec.Builder b = PackageSpec.builder(m.name());
        TomlView settings = m.settings();
        if (settings != null) {
            settings.onlyKeys(Severity.WARNING, PACKAGE_KEYS);
            for (String refused : List.of("variant-sensitive", "package-features")) {
                if (settings.has(refused)) {
                    settings.error(
                            refused,
                            refused + " is no longer possible: a package is built once for all variants",
                            "use conditional requirements on bottlerocket-image-feature(NAME) instead");
                }
            }
            settings.string("releases-url").ifPresent(b::releasesUrl);
            b.sourceGroups(settings.strings("source-groups").toArray(String[]::new));
            settings.tables("external-files").forEach(f -> b.addExternalFile(externalFile(f)));
        }
        b.buildDependencies(names(m, "build-dependencies", Set.of(Kind.PACKAGE, Kind.KIT)));
        b.dependencies(names(m, "dependencies", Set.of(Kind.PACKAGE)));

        String label = "packages/" + m.directory().getFileName() + "/package.toml";
        Path declaration = m.directory().resolve("package.toml");
        if (isSpec(m, declaration)) {
            return build(b.spec()::build, m.cargo(), m.cargo());
        }
        TomlView.Loaded file = TomlView.read(declaration, label, Subject.ofPackage(m.name()), problems);
        TomlView root = file.root();
        if (root != null) {
            b.declaration(PackageToml.read(root, m.name()));
            return build(b::build, m.cargo() == null ? root : m.cargo(), root);
        }
        if (!file.exists() && !m.broken()) {
            problems.error(
                    label,
                    "package '" + m.name() + "' has no recipe: this file is missing",
                    "write it, or " + m.name() + ".spec beside it");
        }
        // For what the manifest alone says wrong.
        build(b.spec()::build, m.cargo(), null);
        return Optional.empty();
    }

    private boolean isSpec(Manifest m, Path declaration) {
        boolean hasSpec = Files.exists(m.directory().resolve(m.name() + ".spec"));
        TomlView settings = m.settings();
        if (settings == null || !settings.has("recipe")) {
            if (hasSpec && Files.exists(declaration)) {
                problems.warning(
                        m.label(),
                        "package '" + m.name() + "' has " + m.name() + ".spec and package.toml; the first is used",
                        "say recipe = \"spec\" or \"declarative\" in [package.metadata.build-package]");
            }
            return hasSpec;
        }
        switch (settings.string("recipe", "", "spec")) {
            case "spec" -> {
                if (!hasSpec) {
                    settings.warning("recipe", m.name() + ".spec is missing", "it is needed to build");
                }
                return true;
            }
            case "declarative" -> {
                return false;
            }
            default -> {
                String word = settings.string("recipe").orElse("");
                settings.error(
                        "recipe",
                        "'" + word + "' is neither spec nor declarative",
                        Nearest.hint(word, Set.of("spec", "declarative")));
                return true;
            }
        }
    }

    private static ExternalFile externalFile(TomlView f) {
        f.onlyKeys(Severity.WARNING, FILE_KEYS);
        Optional<String> url = f.required("url");
        Optional<String> sha512 = f.required("sha512");
        List<String> modules = f.strings("bundle-modules");
        for (int i = 0; i < modules.size(); i++) {
            if (!modules.get(i).equals("go")) {
                f.warning(
                        "bundle-modules[" + i + "]",
                        "only the modules of go are known, not '" + modules.get(i) + "'",
                        "");
            }
        }
        return new ExternalFile(
                url.orElse(UNREADABLE.url()),
                sha512.orElse(UNREADABLE.sha512()),
                f.string("path").orElse(null),
                f.bool("force-upstream").orElse(false),
                modules,
                f.string("bundle-root-path").orElse(null),
                f.string("bundle-output-path").orElse(null));
    }

    private Optional<KitSpec> readKit(Manifest m) {
        KitSpec.Builder b = KitSpec.builder(m.name());
        TomlView settings = m.settings();
        if (settings != null) {
            settings.onlyKeys(Severity.WARNING, Set.of("vendor", "kit-name"));
            if (kitsNeedVendor && !settings.has("vendor")) {
                settings.error("vendor", "the key 'vendor' is missing", "name one of the vendors of Twoliter.toml");
            }
            settings.string("vendor").ifPresent(b::vendor);
            if (settings.string("kit-name").filter(n -> !n.equals(m.name())).isPresent()) {
                settings.warning("kit-name", "kit-name is ignored: the kit's name is that of its Cargo package", "");
            }
        }
        List<String> packages = new ArrayList<>();
        List<String> kits = new ArrayList<>();
        for (Dependency d : dependencies.of(m, "build-dependencies")) {
            switch (d.target().kind()) {
                case PACKAGE -> packages.add(d.target().name());
                case KIT -> kits.add(d.target().name());
                case VARIANT -> misplaced(m, d, "build-dependencies");
            }
        }
        b.packages(packages.toArray(String[]::new)).requires(kits.toArray(String[]::new));
        return build(b::build, m.cargo(), m.cargo());
    }

    private Optional<VariantSpec> readVariant(Manifest m) {
        VariantSpec.Builder b = VariantSpec.builder(m.name());
        List<Dependency> guests = new ArrayList<>();
        List<String> needed = new ArrayList<>();
        for (Dependency d : dependencies.of(m, "build-dependencies")) {
            if (d.target().kind() == Kind.VARIANT) {
                guests.add(d);
            } else {
                needed.add(d.target().name());
            }
        }
        b.buildDependencies(needed.toArray(String[]::new));
        TomlView settings = m.settings();
        boolean complete =
                settings == null || new VariantReader(settings, b).read(dependencies.names(Kind.KIT), guests);
        TomlView cargo = m.cargo();
        if (cargo == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(b.build());
        } catch (InvalidProjectException e) {
            for (Problem p : e.problems()) {
                // What contradicts a value that could not be read is no problem of its own.
                if (complete || !p.keyPath().matches(".*\\.(image-features\\..*|partition-plan)")) {
                    cargo.report(p);
                }
            }
            return Optional.empty();
        }
    }

    /** Names the dependencies of some kinds; others are wrong. */
    private String[] names(Manifest m, String table, Set<Kind> kinds) {
        List<String> names = new ArrayList<>();
        for (Dependency d : dependencies.of(m, table)) {
            if (kinds.contains(d.target().kind())) {
                names.add(d.target().name());
            } else {
                misplaced(m, d, table);
            }
        }
        return names.toArray(String[]::new);
    }

    private static void misplaced(Manifest m, Dependency d, String table) {
        Kind kind = d.target().kind();
        d.table()
                .error(
                        d.key(),
                        "a " + m.kind().word + " cannot have the " + kind.word + " '"
                                + d.target().name() + "' in [" + table + "]",
                        kind == Kind.KIT ? "move it to [build-dependencies]" : "leave it out");
    }

    /** Makes a part; its problems go to the file that holds the key. A broken manifest has had its problem. */
    private static <T> Optional<T> build(Supplier<T> maker, @Nullable TomlView cargo, @Nullable TomlView other) {
        try {
            return Optional.of(maker.get());
        } catch (InvalidProjectException e) {
            for (Problem p : e.problems()) {
                TomlView file = p.keyPath().startsWith("package.") ? cargo : other;
                if (file != null) {
                    file.report(p);
                }
            }
            return Optional.empty();
        }
    }
}
