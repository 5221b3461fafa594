package dev.twoliter.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A variant: a bootable image made of packages chosen from kits; a directory {@code variants/NAME} with a Cargo.toml.
 * Immutable, thread-safe.
 */
public final class VariantSpec {

    private final String name;
    private final List<String> packages;
    private final List<String> kits;
    private final List<String> buildDependencies;
    private final ImageFormat imageFormat;
    private final ImageLayout imageLayout;
    private final Map<ImageFeature, Boolean> features;
    private final List<String> kernelParameters;
    private final List<Arch> supportedArches;

    private VariantSpec(Builder b) {
        this.name = b.name;
        this.packages = List.copyOf(b.packages);
        this.kits = List.copyOf(b.kits);
        this.buildDependencies = b.buildDependencies == null
                ? b.kits.stream().filter(kit -> !kit.contains("/")).toList()
                : List.copyOf(b.buildDependencies);
        this.imageFormat = b.imageFormat;
        this.imageLayout = b.imageLayout;
        this.features = Collections.unmodifiableMap(new EnumMap<>(b.features));
        this.kernelParameters = List.copyOf(b.kernelParameters);
        this.supportedArches = List.copyOf(b.supportedArches);
    }

    /**
     * Starts a variant.
     *
     * @param name {@code PLATFORM-RUNTIME[-VERSION[-FLAVOR]]}, such as {@code metal-demo}
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return a builder that holds these values} */
    public Builder toBuilder() {
        Builder b = new Builder(name);
        b.packages = new ArrayList<>(packages);
        b.kits = new ArrayList<>(kits);
        b.buildDependencies = new ArrayList<>(buildDependencies);
        b.imageFormat = imageFormat;
        b.imageLayout = imageLayout;
        b.features.putAll(features);
        b.kernelParameters = new ArrayList<>(kernelParameters);
        b.supportedArches = new ArrayList<>(supportedArches);
        return b;
    }

    /** {@return the name, which is that of its directory} */
    public String name() {
        return name;
    }

    /** {@return the name of its Cargo package, which may not hold dots} */
    public String crateName() {
        return PackageSpec.crateName(name);
    }

    /** {@return the first part of the name, such as {@code aws} or {@code metal}} */
    public String platform() {
        return part(0).orElseThrow();
    }

    /** {@return the second part of the name, such as {@code k8s} or {@code dev}} */
    public String runtime() {
        return part(1).orElseThrow();
    }

    /** {@return {@code PLATFORM-RUNTIME}} */
    public String family() {
        return platform() + "-" + runtime();
    }

    /** {@return the third part of the name; empty when there is none} */
    public Optional<String> version() {
        return part(2);
    }

    /** {@return the fourth part of the name; empty when there is none} */
    public Optional<String> flavor() {
        return part(3);
    }

    private Optional<String> part(int index) {
        String[] parts = name.split("-", -1);
        return index < parts.length ? Optional.of(parts[index]) : Optional.empty();
    }

    /** {@return the packages it includes, without the {@code bottlerocket-} prefix; what they need follows} */
    public List<String> packages() {
        return packages;
    }

    /**
     * {@return the kits by priority, highest first: a local kit's name, or {@code VENDOR/NAME}; kits that are left out
     * follow in lock order}
     */
    public List<String> kits() {
        return kits;
    }

    /** {@return the local kits and packages that are built before it} */
    public List<String> buildDependencies() {
        return buildDependencies;
    }

    /** {@return what the disk is written as} */
    public ImageFormat imageFormat() {
        return imageFormat;
    }

    /** {@return the sizes} */
    public ImageLayout imageLayout() {
        return imageLayout;
    }

    /** {@return the features it turns on or off itself} */
    public Map<ImageFeature, Boolean> features() {
        return features;
    }

    /**
     * {@return whether it has a feature, by its own word or by default}
     *
     * @param feature the feature
     */
    public boolean has(ImageFeature feature) {
        return features.getOrDefault(feature, feature.onByDefault());
    }

    /** {@return what the kernel's command line begins with} */
    public List<String> kernelParameters() {
        return kernelParameters;
    }

    /** {@return the architectures it can be built for; empty for all} */
    public List<Arch> supportedArches() {
        return supportedArches;
    }

    private List<Object> key() {
        return List.of(
                name,
                packages,
                kits,
                buildDependencies,
                imageFormat,
                imageLayout,
                features,
                kernelParameters,
                supportedArches);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VariantSpec v && key().equals(v.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return "VariantSpec[" + name + ", " + packages.size() + " packages]";
    }

    /** Collects a {@link VariantSpec}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private List<String> packages = new ArrayList<>();
        private List<String> kits = new ArrayList<>();
        private @Nullable List<String> buildDependencies;
        private ImageFormat imageFormat = ImageFormat.RAW;
        private ImageLayout imageLayout = ImageLayout.DEFAULT;
        private final EnumMap<ImageFeature, Boolean> features = new EnumMap<>(ImageFeature.class);
        private List<String> kernelParameters = new ArrayList<>();
        private List<Arch> supportedArches = new ArrayList<>();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Replaces the included packages. */
        public Builder packages(String... names) {
            this.packages = new ArrayList<>(List.of(names));
            return this;
        }

        /** Replaces the kits, highest priority first: local ones by name, external ones as {@code VENDOR/NAME}. */
        public Builder kits(String... names) {
            this.kits = new ArrayList<>(List.of(names));
            return this;
        }

        /** Takes all local kits of a project and every package in them, and is built after them. */
        public Builder everythingIn(ProjectSpec project) {
            this.buildDependencies = null;
            this.kits =
                    new ArrayList<>(project.kits().stream().map(KitSpec::name).toList());
            this.packages = new ArrayList<>(project.kits().stream()
                    .flatMap(kit -> kit.packages().stream())
                    .distinct()
                    .toList());
            return this;
        }

        /** Replaces what is built before it; default: the local kits among {@link #kits}. */
        public Builder buildDependencies(String... names) {
            this.buildDependencies = new ArrayList<>(List.of(names));
            return this;
        }

        /** Sets what the disk is written as; default raw. */
        public Builder imageFormat(ImageFormat value) {
            this.imageFormat = Objects.requireNonNull(value, "imageFormat");
            return this;
        }

        /** Sets the sizes; default {@link ImageLayout#DEFAULT}. */
        public Builder imageLayout(ImageLayout value) {
            this.imageLayout = Objects.requireNonNull(value, "imageLayout");
            return this;
        }

        /** Changes the sizes. */
        public Builder layout(UnaryOperator<ImageLayout> change) {
            return imageLayout(change.apply(imageLayout));
        }

        /** Turns features on. */
        public Builder with(ImageFeature... values) {
            for (ImageFeature feature : values) {
                features.put(feature, true);
            }
            return this;
        }

        /** Turns features off. */
        public Builder without(ImageFeature... values) {
            for (ImageFeature feature : values) {
                features.put(feature, false);
            }
            return this;
        }

        /** Replaces what the kernel's command line begins with. */
        public Builder kernelParameters(String... values) {
            this.kernelParameters = new ArrayList<>(List.of(values));
            return this;
        }

        /** Restricts the architectures; none means all. */
        public Builder supportedArches(Arch... values) {
            this.supportedArches = new ArrayList<>(List.of(values));
            return this;
        }

        /**
         * Checks the variant and makes it.
         *
         * @return the variant
         * @throws InvalidProjectException with every problem
         */
        public VariantSpec build() {
            VariantSpec spec = new VariantSpec(this);
            SpecRules.check(SpecRules.of(spec));
            return spec;
        }
    }
}
