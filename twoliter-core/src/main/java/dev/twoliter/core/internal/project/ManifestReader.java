package dev.twoliter.core.internal.project;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.ImageLayout.PartitionPlan;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.project.Manifest.Dependency;
import dev.twoliter.core.internal.project.Manifest.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Reads the tables of packages, kits and variants (project-formats.md 4.2 to 4.7, newer-twoliter.md 4). */
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
    private static final Set<String> VARIANT_KEYS = Set.of(
            "included-packages",
            "kits",
            "image-format",
            "image-layout",
            "image-features",
            "kernel-parameters",
            "supported-arches");

    /** What upstream knows and this library does not use. */
    private static final Set<String> UNUSED_VARIANT_KEYS = Set.of(
            "platform",
            "runtime",
            "family",
            "version",
            "flavor",
            "eif-pcie-flags",
            "eif-kernel-format",
            "guest-images");

    private static final Set<String> LAYOUT_KEYS =
            Set.of("os-image-size-gib", "data-image-size-gib", "publish-image-size-hint-gib", "partition-plan");

    private final Map<String, Manifest> all;

    ManifestReader(Map<String, Manifest> byCrate) {
        this.all = byCrate;
    }

    /** Reads all manifests and adds them to the project, unless something is wrong. */
    void addTo(ProjectSpec.Builder project, Collection<Manifest> manifests, Problems problems) {
        List<Runnable> additions = new ArrayList<>();
        for (Manifest m : manifests) {
            switch (m.kind()) {
                case PACKAGE ->
                    readPackage(m, problems).ifPresent(spec -> additions.add(() -> project.addPackage(spec)));
                case KIT -> readKit(m).ifPresent(spec -> additions.add(() -> project.addKit(spec)));
                case VARIANT -> readVariant(m).ifPresent(spec -> additions.add(() -> project.addVariant(spec)));
            }
        }
        if (!problems.hasErrors()) {
            // Incomplete, what refers to the missing parts would be reported as well.
            additions.forEach(Runnable::run);
        }
    }

    private Optional<PackageSpec> readPackage(Manifest m, Problems problems) {
        PackageSpec.Builder b = PackageSpec.builder(m.name());
        m.settings().ifPresent(settings -> {
            settings.onlyKeys(Severity.WARNING, PACKAGE_KEYS);
            for (String refused : List.of("variant-sensitive", "package-features")) {
                if (settings.has(refused)) {
                    settings.error(
                            refused,
                            refused + " is no longer possible: a package is built once for all variants",
                            "use conditional requirements on bottlerocket-image-feature(NAME) instead");
                }
            }
            b.sourceGroups(settings.strings("source-groups").toArray(String[]::new));
            settings.tables("external-files").forEach(f -> externalFile(f).ifPresent(b::addExternalFile));
        });
        b.buildDependencies(names(m, "build-dependencies", Kind.PACKAGE, Kind.KIT));
        b.dependencies(names(m, "dependencies", Kind.PACKAGE));

        String label = "packages/" + m.directory().getFileName() + "/package.toml";
        Path declaration = m.directory().resolve("package.toml");
        if (isSpec(m, Files.exists(m.directory().resolve(m.name() + ".spec")), Files.exists(declaration), problems)) {
            return m.cargo() == null ? Optional.empty() : build(b.spec()::build, m.cargo(), m.cargo());
        }
        if (!Files.exists(declaration)) {
            problems.error(
                    label,
                    "package '" + m.name() + "' has no recipe: this file is missing",
                    "write it, or " + m.name() + ".spec beside it");
            return Optional.empty();
        }
        Optional<TomlView> root = TomlView.read(declaration, label, problems);
        if (root.isEmpty()) {
            return Optional.empty();
        }
        b.declaration(PackageToml.read(root.get(), m.name()));
        return build(b::build, m.cargo() == null ? root.get() : m.cargo(), root.get());
    }

    private static boolean isSpec(Manifest m, boolean hasSpec, boolean hasDeclaration, Problems problems) {
        Optional<TomlView> settings = m.settings();
        Optional<String> recipe = settings.flatMap(s -> s.string("recipe"));
        if (recipe.isEmpty()) {
            if (hasSpec && hasDeclaration) {
                problems.warning(
                        m.label(),
                        "package '" + m.name() + "' has " + m.name() + ".spec and package.toml; the first is used",
                        "say recipe = \"spec\" or \"declarative\" in [package.metadata.build-package]");
            }
            return hasSpec;
        }
        switch (recipe.get()) {
            case "spec" -> {
                if (!hasSpec) {
                    settings.get().warning("recipe", m.name() + ".spec is missing", "it is needed to build");
                }
                return true;
            }
            case "declarative" -> {
                return false;
            }
            default -> {
                settings.get()
                        .error(
                                "recipe",
                                "'" + recipe.get() + "' is neither spec nor declarative",
                                Nearest.hint(recipe.get(), Set.of("spec", "declarative")));
                return hasSpec;
            }
        }
    }

    private static Optional<ExternalFile> externalFile(TomlView f) {
        f.onlyKeys(Severity.WARNING, FILE_KEYS);
        Optional<String> url = f.required("url");
        Optional<String> sha512 = f.required("sha512");
        if (url.isEmpty() || sha512.isEmpty()) {
            return Optional.empty();
        }
        ExternalFile file = new ExternalFile(
                url.get(),
                sha512.get(),
                f.string("path").orElse(null),
                f.bool("force-upstream").orElse(false),
                f.strings("bundle-modules"),
                f.string("bundle-root-path").orElse(null),
                f.string("bundle-output-path").orElse(null));
        ExternalFileRules.of(file).forEach(f::report);
        return Optional.of(file);
    }

    private Optional<KitSpec> readKit(Manifest m) {
        KitSpec.Builder b = KitSpec.builder(m.name());
        m.settings().ifPresent(settings -> {
            settings.onlyKeys(Severity.WARNING, Set.of("vendor", "kit-name"));
            settings.string("vendor").ifPresent(b::vendor);
            if (settings.string("kit-name").filter(n -> !n.equals(m.name())).isPresent()) {
                settings.warning("kit-name", "kit-name is ignored: the kit's name is that of its Cargo package", "");
            }
        });
        b.packages(names(m, "build-dependencies", Set.of(Kind.KIT), Kind.PACKAGE));
        b.requires(names(m, "build-dependencies", Set.of(Kind.PACKAGE), Kind.KIT));
        return m.cargo() == null ? Optional.empty() : build(b::build, m.cargo(), m.cargo());
    }

    private Optional<VariantSpec> readVariant(Manifest m) {
        VariantSpec.Builder b = VariantSpec.builder(m.name());
        m.settings().ifPresent(settings -> {
            for (String key : settings.keys()) {
                if (UNUSED_VARIANT_KEYS.contains(key)) {
                    settings.warning(key, "the key '" + key + "' is not supported yet and is ignored", "");
                } else if (!VARIANT_KEYS.contains(key)) {
                    settings.warning(
                            key,
                            "the key '" + key + "' means nothing here and is ignored",
                            Nearest.hint(key, VARIANT_KEYS));
                }
            }
            b.packages(settings.strings("included-packages").toArray(String[]::new));
            b.kits(kits(settings, m));
            word(
                            settings,
                            "image-format",
                            Arrays.stream(ImageFormat.values())
                                    .map(ImageFormat::key)
                                    .toList())
                    .flatMap(ImageFormat::of)
                    .ifPresent(b::imageFormat);
            b.kernelParameters(settings.strings("kernel-parameters").toArray(String[]::new));
            features(settings, b);
            b.supportedArches(arches(settings));
            settings.table("image-layout").ifPresent(layout -> b.imageLayout(layout(layout)));
        });
        b.buildDependencies(names(m, "build-dependencies", Set.of(Kind.VARIANT), Kind.PACKAGE, Kind.KIT));
        return m.cargo() == null ? Optional.empty() : build(b::build, m.cargo(), m.cargo());
    }

    private String[] kits(TomlView settings, Manifest m) {
        List<String> kits = settings.strings("kits");
        List<String> local = all.values().stream()
                .filter(other -> other.kind() == Kind.KIT)
                .map(Manifest::name)
                .toList();
        for (int i = 0; i < kits.size(); i++) {
            String kit = kits.get(i);
            if (!kit.contains("/") && !local.contains(kit)) {
                String near = Nearest.hint(kit, local);
                settings.error(
                        "kits",
                        "variant '" + m.name() + "': there is no kit '" + kit + "' in this project",
                        near.isEmpty() ? "an external kit is written VENDOR/NAME" : near);
            }
        }
        return kits.toArray(String[]::new);
    }

    private static void features(TomlView settings, VariantSpec.Builder b) {
        settings.table("image-features").ifPresent(table -> {
            for (String key : table.keys()) {
                Optional<ImageFeature> feature = ImageFeature.of(key);
                if (feature.isEmpty()) {
                    table.error(
                            key,
                            "there is no image feature '" + key + "'",
                            Nearest.hint(
                                    key,
                                    Arrays.stream(ImageFeature.values())
                                            .map(ImageFeature::key)
                                            .toList()));
                    continue;
                }
                if (feature.get() == ImageFeature.GRUB_SET_PRIVATE_VAR
                        || feature.get() == ImageFeature.SYSTEMD_NETWORKD) {
                    table.warning(key, "the image feature '" + key + "' is deprecated", "");
                }
                table.bool(key).ifPresent(on -> {
                    if (on) {
                        b.with(feature.get());
                    } else {
                        b.without(feature.get());
                    }
                });
            }
        });
    }

    private static Arch[] arches(TomlView settings) {
        List<Arch> arches = new ArrayList<>();
        for (String name : settings.strings("supported-arches")) {
            Optional<Arch> arch = Arrays.stream(Arch.values())
                    .filter(a -> a.rpmName().equals(name))
                    .findFirst();
            if (arch.isEmpty()) {
                settings.error("supported-arches", "'" + name + "' is neither x86_64 nor aarch64", "");
            }
            arch.ifPresent(arches::add);
        }
        return arches.toArray(Arch[]::new);
    }

    private static ImageLayout layout(TomlView table) {
        table.onlyKeys(Severity.WARNING, LAYOUT_KEYS);
        ImageLayout d = ImageLayout.DEFAULT;
        return new ImageLayout(
                size(table, "os-image-size-gib", d.osImageSizeGib()),
                size(table, "data-image-size-gib", d.dataImageSizeGib()),
                size(table, "publish-image-size-hint-gib", d.publishImageSizeHintGib()),
                word(table, "partition-plan", List.of("split", "unified"))
                        .flatMap(PartitionPlan::of)
                        .orElse(d.partitionPlan()));
    }

    private static int size(TomlView table, String key, int byDefault) {
        return (int) table.integer(key, 0, 65535).orElse(byDefault);
    }

    private static Optional<String> word(TomlView table, String key, List<String> words) {
        return table.string(key).filter(word -> {
            if (!words.contains(word)) {
                table.error(key, "'" + word + "' is none of " + String.join(", ", words), Nearest.hint(word, words));
            }
            return words.contains(word);
        });
    }

    private String[] names(Manifest m, String table, Kind... kinds) {
        return names(m, table, Set.of(), kinds);
    }

    /** Names the dependencies of some kinds; those of other kinds are passed over, or wrong. */
    private String[] names(Manifest m, String table, Set<Kind> passedOver, Kind... kinds) {
        List<String> names = new ArrayList<>();
        for (Dependency d : m.dependencies(table, all)) {
            Kind kind = d.target().kind();
            if (Arrays.asList(kinds).contains(kind)) {
                names.add(d.target().name());
            } else if (kind == Kind.VARIANT && passedOver.contains(kind)) {
                d.table().warning(d.key(), "variants inside variants are not supported yet; this is ignored", "");
            } else if (!passedOver.contains(kind)) {
                d.table()
                        .error(
                                d.key(),
                                m.kind().word + " '" + m.name() + "' cannot have the " + kind.word + " '"
                                        + d.target().name() + "' in [" + table + "]",
                                kind == Kind.KIT ? "move it to [build-dependencies]" : "leave it out");
            }
        }
        return names.toArray(String[]::new);
    }

    /** Makes a part; its problems go to the file that holds the key. */
    private static <T> Optional<T> build(Supplier<T> maker, TomlView cargo, TomlView other) {
        try {
            return Optional.of(maker.get());
        } catch (InvalidProjectException e) {
            for (Problem p : e.problems()) {
                (p.keyPath().startsWith("package.") ? cargo : other).report(p);
            }
            return Optional.empty();
        }
    }
}
