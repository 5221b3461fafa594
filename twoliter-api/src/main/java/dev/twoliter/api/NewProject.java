package dev.twoliter.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Twoliter#create(java.nio.file.Path, NewProject)} writes: a small project with the package
 * {@code hello-agent}, the kit {@code hello-dev-kit} and a variant, the tree of the design's {@code twoliter new}.
 *
 * <pre>{@code
 * Project project = Twoliter.create(
 *         Path.of("ootb-variants"),
 *         NewProject.builder("ootb-variants").variant("example-dev").build());
 * }</pre>
 *
 * Immutable, thread-safe.
 */
public final class NewProject {

    private final String name;
    private final String variant;
    private final Template template;

    private NewProject(Builder b) {
        this.name = b.name;
        this.variant = b.variant;
        this.template = b.template;
    }

    /**
     * Starts a project.
     *
     * @param name its name, which becomes the {@code project-vendor}
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return its name} */
    public String name() {
        return name;
    }

    /** {@return the name of its variant} */
    public String variant() {
        return variant;
    }

    /** {@return what its package is made of} */
    public Template template() {
        return template;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NewProject p
                && name.equals(p.name)
                && variant.equals(p.variant)
                && template == p.template;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, variant, template);
    }

    @Override
    public String toString() {
        return "NewProject[" + name + ", " + variant + ", " + template.key() + "]";
    }

    /** Collects a {@link NewProject}. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private String variant = "example-dev";
        private Template template = Template.DECLARATIVE;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Sets the variant's name, {@code PLATFORM-RUNTIME[-VERSION[-FLAVOR]]}; default {@code example-dev}. */
        public Builder variant(String value) {
            this.variant = Objects.requireNonNull(value, "variant");
            return this;
        }

        /** Sets what its package is made of; default {@link Template#DECLARATIVE}. */
        public Builder template(Template value) {
            this.template = Objects.requireNonNull(value, "template");
            return this;
        }

        /**
         * Makes it. The names are checked by {@link Twoliter#create(java.nio.file.Path, NewProject)}.
         *
         * @return the project to write
         */
        public NewProject build() {
            return new NewProject(this);
        }
    }
}
