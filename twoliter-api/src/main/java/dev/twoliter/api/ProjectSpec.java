package dev.twoliter.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a project's files say: Twoliter.toml, Twoliter.override, Twoliter.trust and the manifests of its
 * packages, kits and variants. Written in Java or read from disk, it is the same model.
 *
 * <pre>{@code
 * ProjectSpec spec = ProjectSpec.builder()
 *         .releaseVersion("1.0.0")
 *         .vendor("acme", "registry.example/os")
 *         .sdk("acme-sdk", "0.50.0", "acme")
 *         .dependsOnKit("base-kit", "2.1.0", "acme")
 *         .addPackage("hello", p -> p.version("1.0").summary("Says hello").license("MIT")
 *                 .script("/usr/bin/hello", "#!/bin/sh\necho hello\n"))
 *         .addKit("app-kit", k -> k.packages("hello"))
 *         .addVariant("metal-demo", v -> v.kits("app-kit", "acme/base-kit").packages("hello", "release"))
 *         .build();
 * }</pre>
 *
 * Immutable, thread-safe. The order of packages, kits and variants is by name.
 */
public final class ProjectSpec {

    /** The project vendor of a file that cannot name one. */
    public static final String DEFAULT_VENDOR = "Bottlerocket";

    private final Dialect dialect;
    private final @Nullable String name;
    private final SemVer releaseVersion;
    private final String projectVendor;
    private final Map<String, String> vendors;
    private final @Nullable ImageDependency sdk;
    private final List<KitDependency> dependencies;
    private final Map<String, TrustSpec> trust;
    private final List<ImageOverride> overrides;
    private final List<PackageSpec> packages;
    private final List<KitSpec> kits;
    private final List<VariantSpec> variants;

    private ProjectSpec(Builder b, SemVer releaseVersion) {
        this.dialect = b.dialect;
        this.name = b.name;
        this.releaseVersion = releaseVersion;
        this.projectVendor = b.projectVendor;
        this.vendors = Collections.unmodifiableMap(new LinkedHashMap<>(b.vendors));
        this.sdk = b.sdk;
        this.dependencies = List.copyOf(b.dependencies);
        this.trust = Collections.unmodifiableMap(new LinkedHashMap<>(b.trust));
        this.overrides = List.copyOf(b.overrides);
        this.packages = b.packages.stream()
                .sorted(java.util.Comparator.comparing(PackageSpec::name))
                .toList();
        this.kits = b.kits.stream()
                .map(this::withVendor)
                .sorted(java.util.Comparator.comparing(KitSpec::name))
                .toList();
        this.variants = b.variants.stream()
                .sorted(java.util.Comparator.comparing(VariantSpec::name))
                .toList();
    }

    private KitSpec withVendor(KitSpec kit) {
        return kit.vendor().isEmpty() && vendors.size() == 1
                ? kit.toBuilder().vendor(vendors.keySet().iterator().next()).build()
                : kit;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that holds these values} */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.dialect = dialect;
        b.name = name;
        b.releaseVersion = releaseVersion.toString();
        b.projectVendor = projectVendor;
        b.vendors.putAll(vendors);
        b.sdk = sdk;
        b.dependencies.addAll(dependencies);
        b.trust.putAll(trust);
        b.overrides.addAll(overrides);
        b.packages.addAll(packages);
        b.kits.addAll(kits);
        b.variants.addAll(variants);
        return b;
    }

    /** {@return the form of its Twoliter.toml} */
    public Dialect dialect() {
        return dialect;
    }

    /** {@return the project's name, which only {@link Dialect#DESIGN} has; see {@link Project#name()}} */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** {@return the version of its kits and variants} */
    public SemVer releaseVersion() {
        return releaseVersion;
    }

    /** {@return the name of whoever makes the system, for the lock and os-release} */
    public String projectVendor() {
        return projectVendor;
    }

    /** {@return registries by vendor, in file order} */
    public Map<String, String> vendors() {
        return vendors;
    }

    /** {@return the SDK it names itself; otherwise its kits say which} */
    public Optional<ImageDependency> sdk() {
        return Optional.ofNullable(sdk);
    }

    /** {@return the external kits it names itself, in file order} */
    public List<KitDependency> dependencies() {
        return dependencies;
    }

    /** {@return the keys that vendors sign with, by vendor, in file order} */
    public Map<String, TrustSpec> trust() {
        return trust;
    }

    /** {@return where this machine gets images from instead} */
    public List<ImageOverride> overrides() {
        return overrides;
    }

    /** {@return the packages, by name} */
    public List<PackageSpec> packages() {
        return packages;
    }

    /** {@return the local kits, by name} */
    public List<KitSpec> kits() {
        return kits;
    }

    /** {@return the variants, by name} */
    public List<VariantSpec> variants() {
        return variants;
    }

    private List<Object> key() {
        return List.of(
                dialect,
                name(),
                releaseVersion,
                projectVendor,
                vendors,
                sdk(),
                dependencies,
                trust,
                overrides,
                packages,
                kits,
                variants);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ProjectSpec p && key().equals(p.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return "ProjectSpec[" + releaseVersion + ", " + packages.size() + " packages, " + kits.size() + " kits, "
                + variants.size() + " variants]";
    }

    /** Collects a {@link ProjectSpec}. Not thread-safe. */
    public static final class Builder {
        private Dialect dialect = Dialect.SCHEMA_2;
        private @Nullable String name;
        private String releaseVersion = "";
        private String projectVendor = DEFAULT_VENDOR;
        private final Map<String, String> vendors = new LinkedHashMap<>();
        private @Nullable ImageDependency sdk;
        private final List<KitDependency> dependencies = new ArrayList<>();
        private final Map<String, TrustSpec> trust = new LinkedHashMap<>();
        private final List<ImageOverride> overrides = new ArrayList<>();
        private final List<PackageSpec> packages = new ArrayList<>();
        private final List<KitSpec> kits = new ArrayList<>();
        private final List<VariantSpec> variants = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        private Builder() {}

        /** Sets the form of Twoliter.toml; default {@link Dialect#SCHEMA_2}. */
        public Builder dialect(Dialect value) {
            this.dialect = Objects.requireNonNull(value, "dialect");
            return this;
        }

        /** Sets the project's name, which only {@link Dialect#DESIGN} has. */
        public Builder name(String value) {
            this.name = Objects.requireNonNull(value, "name");
            return this;
        }

        /** Sets the version of kits and variants, a semantic version; required. */
        public Builder releaseVersion(String value) {
            this.releaseVersion = Objects.requireNonNull(value, "releaseVersion");
            return this;
        }

        /** Sets the name of whoever makes the system; default {@link ProjectSpec#DEFAULT_VENDOR}. */
        public Builder projectVendor(String value) {
            this.projectVendor = Objects.requireNonNull(value, "projectVendor");
            return this;
        }

        /**
         * Adds a vendor, or gives it another registry.
         *
         * @param vendor its name
         * @param registry {@code host[:port]/path}, or {@code oci:DIR} relative to the project
         */
        public Builder vendor(String vendor, String registry) {
            vendors.put(Objects.requireNonNull(vendor, "vendor"), Objects.requireNonNull(registry, "registry"));
            return this;
        }

        /** Names the SDK, by one exact version. */
        public Builder sdk(String sdkName, String version, String vendor) {
            return parse("sdk", sdkName, () -> sdk(new ImageDependency(sdkName, SemVer.parse(version), vendor)));
        }

        /** Names the SDK. */
        public Builder sdk(ImageDependency value) {
            this.sdk = Objects.requireNonNull(value, "sdk");
            return this;
        }

        /**
         * Adds an external kit.
         *
         * @param kitName its name
         * @param version one version, or a requirement such as {@code ^3.1}; see {@link VersionRequirement}
         * @param vendor who publishes it
         */
        public Builder dependsOnKit(String kitName, String version, String vendor) {
            return parse(
                    "kit[" + dependencies.size() + "]",
                    kitName,
                    () -> dependsOnKit(new KitDependency(kitName, VersionRequirement.parse(version), vendor)));
        }

        /** Adds an external kit. */
        public Builder dependsOnKit(KitDependency kit) {
            dependencies.add(Objects.requireNonNull(kit, "kit"));
            return this;
        }

        private Builder parse(String key, String image, Runnable addition) {
            try {
                addition.run();
            } catch (IllegalArgumentException e) {
                problems.add(Problem.error(key + ".version", "'" + image + "': " + e.getMessage()));
            }
            return this;
        }

        /** Sets the keys that a vendor signs with. */
        public Builder trust(TrustSpec value) {
            trust.put(value.vendor(), value);
            return this;
        }

        /** Adds a place where this machine gets an image from instead. */
        public Builder addOverride(ImageOverride value) {
            overrides.add(Objects.requireNonNull(value, "override"));
            return this;
        }

        /** Adds a package. */
        public Builder addPackage(String packageName, UnaryOperator<PackageSpec.Builder> change) {
            return collect(() ->
                    addPackage(change.apply(PackageSpec.builder(packageName)).build()));
        }

        /** Adds a package. */
        public Builder addPackage(PackageSpec value) {
            packages.add(Objects.requireNonNull(value, "package"));
            return this;
        }

        /** Adds a local kit. */
        public Builder addKit(String kitName, UnaryOperator<KitSpec.Builder> change) {
            return collect(() -> addKit(change.apply(KitSpec.builder(kitName)).build()));
        }

        /** Adds a local kit. */
        public Builder addKit(KitSpec value) {
            kits.add(Objects.requireNonNull(value, "kit"));
            return this;
        }

        /** Adds a variant. */
        public Builder addVariant(String variantName, UnaryOperator<VariantSpec.Builder> change) {
            return collect(() ->
                    addVariant(change.apply(VariantSpec.builder(variantName)).build()));
        }

        /** Adds a variant. */
        public Builder addVariant(VariantSpec value) {
            variants.add(Objects.requireNonNull(value, "variant"));
            return this;
        }

        private Builder collect(Runnable addition) {
            try {
                addition.run();
            } catch (InvalidProjectException e) {
                problems.addAll(e.problems());
            }
            return this;
        }

        /**
         * Checks everything and makes the specification.
         *
         * @return the specification
         * @throws InvalidProjectException with every problem
         */
        public ProjectSpec build() {
            List<Problem> found = new ArrayList<>(problems);
            SemVer version = new SemVer(0, 0, 0, "", "");
            try {
                version = SemVer.parse(releaseVersion);
            } catch (IllegalArgumentException e) {
                found.add(Problem.error(
                        dialect == Dialect.DESIGN ? "project-version" : "release-version",
                        releaseVersion.isEmpty() ? "the release version is missing" : String.valueOf(e.getMessage())));
            }
            ProjectSpec spec = new ProjectSpec(this, version);
            if (problems.isEmpty()) {
                // With parts missing, what refers to them would be reported as well.
                found.addAll(SpecRules.of(spec));
            }
            SpecRules.check(found);
            return spec;
        }
    }
}
