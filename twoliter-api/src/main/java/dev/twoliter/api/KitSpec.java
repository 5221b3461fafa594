package dev.twoliter.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A local kit: a directory {@code kits/NAME} whose Cargo.toml lists the packages in it. Immutable, thread-safe.
 */
public final class KitSpec {

    private final String name;
    private final String vendor;
    private final List<String> packages;
    private final List<String> kits;

    private KitSpec(Builder b) {
        this.name = b.name;
        this.vendor = b.vendor;
        this.packages = List.copyOf(b.packages);
        this.kits = List.copyOf(b.kits);
    }

    /**
     * Starts a kit.
     *
     * @param name letters, digits, {@code _} and {@code -}
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return a builder that holds these values} */
    public Builder toBuilder() {
        Builder b = new Builder(name);
        b.vendor = vendor;
        b.packages = new ArrayList<>(packages);
        b.kits = new ArrayList<>(kits);
        return b;
    }

    /** {@return the kit's name} */
    public String name() {
        return name;
    }

    /** {@return the vendor recorded for it in the labels of kits that need it} */
    public String vendor() {
        return vendor;
    }

    /** {@return the packages of this project that it holds} */
    public List<String> packages() {
        return packages;
    }

    /** {@return the kits of this project that it needs} */
    public List<String> kits() {
        return kits;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KitSpec k
                && name.equals(k.name)
                && vendor.equals(k.vendor)
                && packages.equals(k.packages)
                && kits.equals(k.kits);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, vendor, packages, kits);
    }

    @Override
    public String toString() {
        return "KitSpec[" + name + ", " + packages.size() + " packages]";
    }

    /** Collects a {@link KitSpec}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private String vendor = "";
        private List<String> packages = new ArrayList<>();
        private List<String> kits = new ArrayList<>();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Sets the vendor; where a project has just one vendor, that one is the default. */
        public Builder vendor(String value) {
            this.vendor = Objects.requireNonNull(value, "vendor");
            return this;
        }

        /** Replaces the packages. */
        public Builder packages(String... names) {
            this.packages = new ArrayList<>(List.of(names));
            return this;
        }

        /** Replaces the kits of this project that it needs. */
        public Builder requires(String... names) {
            this.kits = new ArrayList<>(List.of(names));
            return this;
        }

        /**
         * Checks the kit and makes it.
         *
         * @return the kit
         * @throws InvalidProjectException with every problem
         */
        public KitSpec build() {
            KitSpec spec = new KitSpec(this);
            SpecRules.check(SpecRules.of(spec));
            return spec;
        }
    }
}
