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
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
    private static final Set<String> TRUST_KEYS = Set.of("image-keys", "rpm-keys", "policy");
    private static final Set<String> IMAGE_KEYS = Set.of("name", "version", "vendor");

    private final ProjectSpec.Builder builder;
    private final Path directory;
    private final List<Integer> kitRows = new ArrayList<>();
    private final Set<String> vendors = new HashSet<>();
    private boolean vendorsKnown;
    private @Nullable TomlView project;
    private @Nullable TomlView trust;

    /**
     * Reads into a builder.
     *
     * @param builder receives what the files say, and stand-ins for what is wrong in them, so that what refers to it is
     *     not wrong as well
     * @param directory the project directory
     */
    RootFiles(ProjectSpec.Builder builder, Path directory) {
        this.builder = builder;
        this.directory = directory;
    }

    void project(TomlView root) {
        project = root;
        root.onlyKeys(Severity.ERROR, KEYS);
        builder.dialect(dialect(root));
        version(root);
        Optional<TomlView> table = root.table("vendor");
        // A misspelt [vendor] is one problem, not one for each kit.
        vendorsKnown = table.isPresent()
                || (!root.has("vendor")
                        && root.keys().stream()
                                .noneMatch(key -> !KEYS.contains(key)
                                        && Nearest.of(key, Set.of("vendor")).isPresent()));
        table.ifPresent(rows -> rows.keys().forEach(name -> vendor(rows, name)));
        root.table("sdk").flatMap(this::sdk).ifPresent(sdk -> {
            assumeVendor(sdk.vendor());
            builder.sdk(sdk);
        });
        List<TomlView> kits = root.tables("kit");
        for (int i = 0; i < kits.size(); i++) {
            Optional<KitDependency> kit = kit(kits.get(i));
            if (kit.isPresent()) {
                kitRows.add(i);
                assumeVendor(kit.get().vendor());
                builder.dependsOnKit(kit.get());
            }
        }
    }

    private void vendor(TomlView rows, String name) {
        vendors.add(name);
        Optional<TomlView> row = rows.table(name);
        row.ifPresent(vendor -> vendor.onlyKeys(Severity.WARNING, Set.of("registry")));
        builder.vendor(name, row.flatMap(vendor -> vendor.required("registry")).orElse("unreadable.invalid"));
    }

    private void assumeVendor(String name) {
        if (!vendorsKnown && vendors.add(name)) {
            builder.vendor(name, "unreadable.invalid");
        }
    }

    /** {@return whether each kit must name its vendor, because the project does not have exactly one} */
    boolean kitsNeedVendor() {
        return vendorsKnown && vendors.size() != 1;
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
        boolean misspelt = root.keys().stream()
                .anyMatch(key -> !KEYS.contains(key)
                        && Nearest.of(key, Set.of("release-version", "project-version"))
                                .isPresent());
        if (root.has("release-version") || root.has("project-version") || misspelt) {
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
        record Row(int offset, ImageOverride override) {}
        List<Row> rows = new ArrayList<>();
        for (String vendor : root.keys()) {
            root.table(vendor).ifPresent(images -> {
                for (String image : images.keys()) {
                    images.table(image).ifPresent(entry -> {
                        entry.onlyKeys(Severity.WARNING, Set.of("registry", "name"));
                        rows.add(new Row(
                                images.offsetOf(image),
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
        rows.stream().sorted(Comparator.comparingInt(Row::offset)).forEach(row -> builder.addOverride(row.override()));
    }

    void trust(TomlView root) {
        trust = root;
        // Misspelt keys are errors here: ignored ones would turn checks off.
        root.onlyKeys(Severity.ERROR, Set.of("vendor"));
        root.table("vendor").ifPresent(rows -> {
            for (String name : rows.keys()) {
                assumeVendor(name);
                rows.table(name).ifPresent(vendor -> trust(name, vendor));
            }
        });
    }

    private void trust(String name, TomlView vendor) {
        vendor.onlyKeys(Severity.ERROR, TRUST_KEYS);
        List<String> images = vendor.strings("image-keys");
        List<String> rpms = vendor.strings("rpm-keys");
        // A key that is there but wrong has had its problem; that there are no keys is none of its own.
        boolean wrong = (vendor.has("image-keys") && images.isEmpty())
                || (vendor.has("rpm-keys") && rpms.isEmpty())
                || vendor.keys().stream().anyMatch(key -> !TRUST_KEYS.contains(key));
        TrustPolicy byDefault = images.isEmpty() && rpms.isEmpty() ? TrustPolicy.OFF : TrustPolicy.REQUIRE;
        TrustPolicy policy = policy(vendor, byDefault);
        if (policy != TrustPolicy.OFF) {
            checkKeys(vendor, "image-keys", images);
            checkKeys(vendor, "rpm-keys", rpms);
        }
        builder.trust(new TrustSpec(name, images, rpms, wrong ? byDefault : policy));
    }

    private void checkKeys(TomlView vendor, String key, List<String> files) {
        for (int i = 0; i < files.size(); i++) {
            String problem = keyProblem(directory, files.get(i));
            if (!problem.isEmpty()) {
                vendor.error(key + "[" + i + "]", problem, "put the vendor's public key there");
            }
        }
    }

    /** {@return why a file of a vendor's keys cannot be used; empty when it is there} */
    static String keyProblem(Path directory, String file) {
        try {
            return Files.isRegularFile(directory.toAbsolutePath().resolve(file).normalize())
                    ? ""
                    : "the key file " + file + " does not exist";
        } catch (InvalidPathException e) {
            return "the key file '" + file + "' cannot exist: " + e.getReason();
        }
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
        TomlView view = p.file().equals(TRUST) ? trust : project;
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
