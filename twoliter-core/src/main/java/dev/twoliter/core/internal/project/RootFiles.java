package dev.twoliter.core.internal.project;

import dev.twoliter.api.Dialect;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.ImageOverride;
import dev.twoliter.api.KitDependency;
import dev.twoliter.api.Problem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads Twoliter.toml (formats.md 1, project-formats.md 1.2, newer-twoliter.md 1), Twoliter.override (project-formats.md
 * 1.5) and Twoliter.trust (formats.md 1) into a builder. Not thread-safe.
 */
final class RootFiles {

    static final String OVERRIDE = "Twoliter.override";
    static final String TRUST = "Twoliter.trust";

    private static final Set<String> KEYS = Set.of(
            "schema-version",
            "release-version",
            "project-vendor",
            "project-name",
            "project-version",
            "vendor",
            "sdk",
            "kit");
    private static final Set<String> IMAGE_KEYS = Set.of("name", "version", "vendor");

    private final ProjectSpec.Builder builder;
    private final List<Integer> kitRows = new ArrayList<>();
    private @Nullable TomlView project;
    private @Nullable TomlView trust;

    RootFiles(ProjectSpec.Builder builder) {
        this.builder = builder;
    }

    void project(TomlView root) {
        project = root;
        root.onlyKeys(Severity.ERROR, KEYS);
        builder.dialect(dialect(root));
        version(root);
        root.table("vendor").ifPresent(vendors -> {
            for (String name : vendors.keys()) {
                vendors.table(name).ifPresent(vendor -> {
                    vendor.onlyKeys(Severity.WARNING, Set.of("registry"));
                    // A vendor without a registry is an error already; those that name it are not wrong as well.
                    builder.vendor(name, vendor.required("registry").orElse("missing"));
                });
            }
        });
        root.table("sdk").flatMap(this::sdk).ifPresent(builder::sdk);
        List<TomlView> kits = root.tables("kit");
        for (int i = 0; i < kits.size(); i++) {
            Optional<KitDependency> kit = kit(kits.get(i));
            if (kit.isPresent()) {
                kitRows.add(i);
                builder.dependsOnKit(kit.get());
            }
        }
    }

    private Dialect dialect(TomlView root) {
        OptionalLong schema = root.integer("schema-version", 0, 0xFFFF_FFFFL);
        boolean design = root.has("project-name") || root.has("project-version");
        if (schema.isPresent() && schema.getAsLong() != 1 && schema.getAsLong() != 2) {
            root.error(
                    "schema-version",
                    "this file has the schema " + schema.getAsLong() + ", but only 1 and 2 are known",
                    "use a newer version of twoliter");
        } else if (design) {
            if (schema.isPresent() && schema.getAsLong() == 2) {
                root.error(
                        root.has("project-name") ? "project-name" : "project-version",
                        "schema 2 has neither a project-name nor a project-version",
                        "write release-version, and leave out project-name");
            }
        } else if (!root.has("schema-version")) {
            root.error("schema-version", "the key 'schema-version' is missing", "add schema-version = 2");
        }
        boolean second = !design && schema.isPresent() && schema.getAsLong() == 2;
        if (second) {
            root.required("project-vendor").ifPresent(builder::projectVendor);
        } else if (root.has("project-vendor") && schema.isPresent() && schema.getAsLong() == 1) {
            root.error("project-vendor", "only schema 2 has a project-vendor", "write schema-version = 2");
        }
        root.string("project-name").ifPresent(builder::name);
        return design ? Dialect.DESIGN : second ? Dialect.SCHEMA_2 : Dialect.SCHEMA_1;
    }

    private void version(TomlView root) {
        Optional<String> release = root.string("release-version");
        Optional<String> version = root.string("project-version");
        if (release.isPresent() && version.isPresent() && !release.equals(version)) {
            root.error(
                    "project-version",
                    "project-version is " + version.get() + ", but release-version is " + release.get(),
                    "leave one of them out");
        }
        if (root.has("release-version") || root.has("project-version")) {
            builder.releaseVersion(release.or(() -> version).orElse("0.0.0"));
        }
    }

    private Optional<ImageDependency> sdk(TomlView table) {
        return image(
                table,
                Versions.of(table, "version"),
                (name, version, vendor) -> new ImageDependency(name, version, vendor));
    }

    private Optional<KitDependency> kit(TomlView table) {
        return image(
                table,
                Versions.requirement(table, "version"),
                (name, version, vendor) -> new KitDependency(name, version, vendor));
    }

    private interface Maker<V, T> {
        T make(String name, V version, String vendor);
    }

    private static <V, T> Optional<T> image(TomlView table, Optional<V> version, Maker<V, T> maker) {
        table.onlyKeys(Severity.WARNING, IMAGE_KEYS);
        Optional<String> name = table.required("name");
        Optional<String> vendor = table.required("vendor");
        return name.isPresent() && version.isPresent() && vendor.isPresent()
                ? Optional.of(maker.make(name.get(), version.get(), vendor.get()))
                : Optional.empty();
    }

    void override(TomlView root) {
        record Row(int line, ImageOverride override) {}
        List<Row> rows = new ArrayList<>();
        for (String vendor : root.keys()) {
            root.table(vendor).ifPresent(images -> {
                for (String image : images.keys()) {
                    images.table(image).ifPresent(entry -> {
                        entry.onlyKeys(Severity.WARNING, Set.of("registry", "name"));
                        rows.add(new Row(
                                images.lineOf(image),
                                new ImageOverride(
                                        vendor,
                                        image,
                                        entry.string("registry").orElse(null),
                                        entry.string("name").orElse(null))));
                    });
                }
            });
        }
        // The parser groups tables by vendor; the file need not.
        rows.stream().sorted(Comparator.comparingInt(Row::line)).forEach(row -> builder.addOverride(row.override()));
    }

    void trust(TomlView root) {
        trust = root;
        // Misspelt keys are errors here: ignored ones would turn checks off.
        root.onlyKeys(Severity.ERROR, Set.of("vendor"));
        root.table("vendor").ifPresent(vendors -> {
            for (String name : vendors.keys()) {
                vendors.table(name).ifPresent(vendor -> {
                    vendor.onlyKeys(Severity.ERROR, Set.of("image-keys", "rpm-keys", "policy"));
                    List<String> images = vendor.strings("image-keys");
                    List<String> rpms = vendor.strings("rpm-keys");
                    TrustPolicy policy = images.isEmpty() && rpms.isEmpty() ? TrustPolicy.OFF : TrustPolicy.REQUIRE;
                    builder.trust(new TrustSpec(name, images, rpms, policy(vendor, policy)));
                });
            }
        });
    }

    private static TrustPolicy policy(TomlView vendor, TrustPolicy byDefault) {
        Optional<String> word = vendor.string("policy");
        if (word.isEmpty()) {
            return byDefault;
        }
        for (TrustPolicy policy : TrustPolicy.values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(word.get())) {
                return policy;
            }
        }
        vendor.error(
                "policy",
                "'" + word.get() + "' is none of require, warn and off",
                Nearest.hint(word.get(), Set.of("require", "warn", "off")));
        return byDefault;
    }

    /** Adds a problem that the builder reported, at its place in one of the files. */
    void report(Problem p) {
        TomlView view = p.message().startsWith(TRUST) && trust != null ? trust : project;
        if (view != null) {
            String key = p.keyPath();
            if (key.startsWith("kit[")) {
                // The builder counts what could be read; the file counts all.
                int close = key.indexOf(']');
                key = "kit[" + kitRows.get(Integer.parseInt(key.substring(4, close))) + key.substring(close);
            }
            view.report(Problem.error(key, p.message()).withHint(p.hint()));
        }
    }
}
