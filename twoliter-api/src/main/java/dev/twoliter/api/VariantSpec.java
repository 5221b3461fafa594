package dev.twoliter.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
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
    private final Map<VariantAttribute, String> overrides;
    private final @Nullable Integer eifPcieFlags;
    private final @Nullable EifKernelFormat eifKernelFormat;
    private final Map<String, String> guestImages;

    private VariantSpec(Builder b) {
        this.name = b.name;
        this.packages = List.copyOf(b.packages);
        this.kits = List.copyOf(b.kits);
        this.buildDependencies = b.buildDependencies == null
                ? b.kits.stream().filter(kit -> !kit.contains("/")).toList()
                : List.copyOf(b.buildDependencies);
        this.imageFormat = b.imageFormat;
        this.features = Collections.unmodifiableMap(new EnumMap<>(b.features));
        this.imageLayout = b.layout.apply(defaultLayout());
        this.kernelParameters = List.copyOf(b.kernelParameters);
        this.supportedArches = List.copyOf(b.supportedArches);
        this.overrides = Collections.unmodifiableMap(new EnumMap<>(b.overrides));
        this.eifPcieFlags = b.eifPcieFlags;
        this.eifKernelFormat = b.eifKernelFormat;
        this.guestImages = Collections.unmodifiableMap(new LinkedHashMap<>(b.guestImages));
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
        if (!imageLayout.equals(defaultLayout())) {
            b.imageLayout(imageLayout);
        }
        b.features.putAll(features);
        b.kernelParameters = new ArrayList<>(kernelParameters);
        b.supportedArches = new ArrayList<>(supportedArches);
        b.overrides.putAll(overrides);
        b.eifPcieFlags = eifPcieFlags;
        b.eifKernelFormat = eifKernelFormat;
        b.guestImages.putAll(guestImages);
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

    /**
     * {@return a part of the name, or what it was set to}
     *
     * @param attribute which one; only version and flavor can be absent
     */
    public Optional<String> attribute(VariantAttribute attribute) {
        String own = overrides.get(attribute);
        if (own != null) {
            return Optional.of(own);
        }
        return switch (attribute) {
            case PLATFORM -> part(0);
            case RUNTIME -> part(1);
            case FAMILY -> Optional.of(platform() + "-" + runtime());
            case VERSION -> part(2);
            case FLAVOR -> part(3);
        };
    }

    /** {@return what {@link #attribute} says otherwise than the name does} */
    public Map<VariantAttribute, String> overrides() {
        return overrides;
    }

    /** {@return the first part of the name, unless it is set} */
    public String platform() {
        return attribute(VariantAttribute.PLATFORM).orElseThrow();
    }

    /** {@return the second part of the name, unless it is set} */
    public String runtime() {
        return attribute(VariantAttribute.RUNTIME).orElseThrow();
    }

    /** {@return {@code PLATFORM-RUNTIME}, unless it is set} */
    public String family() {
        return attribute(VariantAttribute.FAMILY).orElseThrow();
    }

    /** {@return the third part of the name, unless it is set; empty when there is none} */
    public Optional<String> version() {
        return attribute(VariantAttribute.VERSION);
    }

    /** {@return the fourth part of the name, unless it is set; empty when there is none} */
    public Optional<String> flavor() {
        return attribute(VariantAttribute.FLAVOR);
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
        return features.getOrDefault(
                feature,
                switch (feature) {
                    case STANDALONE_IMAGE -> imageFormat == ImageFormat.EIF;
                    case IN_PLACE_UPDATES, HOST_CONTAINERS -> !isStandalone();
                    default -> feature.onByDefault();
                });
    }

    /** {@return whether the image has no persistent partitions: a standalone one, or one of the format eif} */
    public boolean isStandalone() {
        return imageFormat == ImageFormat.EIF || features.getOrDefault(ImageFeature.STANDALONE_IMAGE, false);
    }

    /** {@return what the kernel's command line begins with} */
    public List<String> kernelParameters() {
        return kernelParameters;
    }

    /** {@return the architectures it can be built for; empty for all} */
    public List<Arch> supportedArches() {
        return supportedArches;
    }

    /** {@return the PCIe flags of an enclave image, 0 to 65535; empty for the tool's own (0x240)} */
    public OptionalInt eifPcieFlags() {
        return eifPcieFlags == null ? OptionalInt.empty() : OptionalInt.of(eifPcieFlags);
    }

    /** {@return how the kernel lies in an enclave image; empty for the tool's own (bzimage)} */
    public Optional<EifKernelFormat> eifKernelFormat() {
        return Optional.ofNullable(eifKernelFormat);
    }

    /** {@return variants whose images lie in this one, with the absolute directory of each; built before it} */
    public Map<String, String> guestImages() {
        return guestImages;
    }

    private ImageLayout defaultLayout() {
        return isStandalone() ? ImageLayout.STANDALONE : ImageLayout.DEFAULT;
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
                supportedArches,
                overrides,
                eifPcieFlags(),
                eifKernelFormat(),
                guestImages);
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
        private UnaryOperator<ImageLayout> layout = UnaryOperator.identity();
        private final EnumMap<ImageFeature, Boolean> features = new EnumMap<>(ImageFeature.class);
        private List<String> kernelParameters = new ArrayList<>();
        private List<Arch> supportedArches = new ArrayList<>();
        private final EnumMap<VariantAttribute, String> overrides = new EnumMap<>(VariantAttribute.class);
        private @Nullable Integer eifPcieFlags;
        private @Nullable EifKernelFormat eifKernelFormat;
        private final Map<String, String> guestImages = new LinkedHashMap<>();

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

        /** Sets the sizes; default {@link ImageLayout#DEFAULT}, or {@link ImageLayout#STANDALONE}. */
        public Builder imageLayout(ImageLayout value) {
            Objects.requireNonNull(value, "imageLayout");
            this.layout = any -> value;
            return this;
        }

        /** Changes the sizes, starting from the default of the image's kind. */
        public Builder layout(UnaryOperator<ImageLayout> change) {
            UnaryOperator<ImageLayout> before = layout;
            this.layout = start -> change.apply(before.apply(start));
            return this;
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

        /** Sets an attribute apart from the name; the others stay, but the family follows platform and runtime. */
        public Builder override(VariantAttribute attribute, String value) {
            overrides.put(attribute, Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Sets the PCIe flags of an enclave image, 0 to 65535. */
        public Builder eifPcieFlags(int value) {
            this.eifPcieFlags = value;
            return this;
        }

        /** Sets how the kernel lies in an enclave image of x86_64. */
        public Builder eifKernelFormat(EifKernelFormat value) {
            this.eifKernelFormat = Objects.requireNonNull(value, "eifKernelFormat");
            return this;
        }

        /** Puts the images of another variant of this project into a directory of this one, an absolute path. */
        public Builder guestImage(String variant, String directory) {
            guestImages.put(Objects.requireNonNull(variant, "variant"), Objects.requireNonNull(directory, "directory"));
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
