package dev.twoliter.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A package of a project: a directory {@code packages/NAME} with a Cargo.toml and either a spec file or a package.toml.
 *
 * <pre>{@code
 * PackageSpec agent = PackageSpec.builder("hello-agent")
 *         .version("0.1.0")
 *         .summary("Greets the machine at boot")
 *         .license("Apache-2.0 OR MIT")
 *         .script("/usr/bin/hello-agent", "#!/bin/sh\necho hello\n")
 *         .build();
 * }</pre>
 *
 * Immutable, thread-safe. Two specs are equal when their manifests say the same; {@link #sources()} and
 * {@link #groupSources()}, which are only written, never read, do not count.
 */
public final class PackageSpec {

    private final String name;
    private final Recipe recipe;
    private final @Nullable Declaration declaration;
    private final List<String> buildDependencies;
    private final List<String> dependencies;
    private final List<String> sourceGroups;
    private final List<ExternalFile> externalFiles;
    private final String releasesUrl;
    private final Map<String, byte[]> sources;
    private final Map<String, byte[]> groupSources;

    private PackageSpec(Builder b) {
        this.name = b.name;
        this.recipe = b.recipe;
        this.declaration = b.recipe == Recipe.DECLARATIVE ? b.declaration.build() : null;
        this.buildDependencies = List.copyOf(b.buildDependencies);
        this.dependencies = List.copyOf(b.dependencies);
        this.sourceGroups = List.copyOf(b.sourceGroups);
        this.externalFiles = List.copyOf(b.externalFiles);
        this.releasesUrl = b.releasesUrl;
        this.sources = new LinkedHashMap<>(b.sources);
        this.groupSources = new LinkedHashMap<>(b.groupSources);
    }

    /**
     * Starts a package.
     *
     * @param name the package's name: letters, digits, {@code . _ + -}
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** {@return a builder that holds these values} */
    public Builder toBuilder() {
        Builder b = new Builder(name);
        b.recipe = recipe;
        if (declaration != null) {
            b.declaration = declaration.toBuilder();
        }
        b.buildDependencies = new ArrayList<>(buildDependencies);
        b.dependencies = new ArrayList<>(dependencies);
        b.sourceGroups = new ArrayList<>(sourceGroups);
        b.externalFiles = new ArrayList<>(externalFiles);
        b.releasesUrl = releasesUrl;
        b.sources.putAll(sources);
        b.groupSources.putAll(groupSources);
        return b;
    }

    /** {@return the name of the directory and, after the prefix, of the RPM} */
    public String name() {
        return name;
    }

    /** {@return the name of its Cargo package, which may not hold dots} */
    public String crateName() {
        return crateName(name);
    }

    static String crateName(String name) {
        return name.replace('.', '_');
    }

    /** {@return how it becomes RPMs} */
    public Recipe recipe() {
        return recipe;
    }

    /** {@return what its package.toml says; empty for a spec package} */
    public Optional<Declaration> declaration() {
        return Optional.ofNullable(declaration);
    }

    /** {@return packages and kits of the project that are needed to build it} */
    public List<String> buildDependencies() {
        return buildDependencies;
    }

    /** {@return packages of the project that it needs at run time} */
    public List<String> dependencies() {
        return dependencies;
    }

    /** {@return directories below {@code sources/} that it is built from} */
    public List<String> sourceGroups() {
        return sourceGroups;
    }

    /** {@return archives it is built from} */
    public List<ExternalFile> externalFiles() {
        return externalFiles;
    }

    /** {@return where people find new releases of it; empty when it does not say, and nothing but a note} */
    public String releasesUrl() {
        return releasesUrl;
    }

    /**
     * {@return files that {@link Twoliter#create} and {@link Project#addPackage} write into the package directory, by
     * relative path; not part of the manifests, so empty in an opened project}
     */
    public Map<String, byte[]> sources() {
        return copy(sources);
    }

    /**
     * {@return files of its source groups that are written with it, by path below {@code sources/}; empty in an opened
     * project}
     */
    public Map<String, byte[]> groupSources() {
        return copy(groupSources);
    }

    private static Map<String, byte[]> copy(Map<String, byte[]> files) {
        Map<String, byte[]> copy = new LinkedHashMap<>();
        files.forEach((path, bytes) -> copy.put(path, bytes.clone()));
        return copy;
    }

    private List<Object> key() {
        return List.of(
                name, recipe, declaration(), buildDependencies, dependencies, sourceGroups, externalFiles, releasesUrl);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PackageSpec p && key().equals(p.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return "PackageSpec[" + name + ", " + recipe + "]";
    }

    /**
     * Collects a {@link PackageSpec}: declarative unless {@link #specFile} is called. Not thread-safe.
     */
    public static final class Builder {
        private final String name;
        private Recipe recipe = Recipe.DECLARATIVE;
        private Declaration.Builder declaration = Declaration.builder();
        private List<String> buildDependencies = new ArrayList<>();
        private List<String> dependencies = new ArrayList<>();
        private List<String> sourceGroups = new ArrayList<>();
        private List<ExternalFile> externalFiles = new ArrayList<>();
        private String releasesUrl = "";
        private final Map<String, byte[]> sources = new LinkedHashMap<>();
        private final Map<String, byte[]> groupSources = new LinkedHashMap<>();

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Sets what package.toml says, all at once. */
        public Builder declaration(Declaration value) {
            this.recipe = Recipe.DECLARATIVE;
            this.declaration = value.toBuilder();
            return this;
        }

        /** Changes what package.toml says. */
        public Builder declare(UnaryOperator<Declaration.Builder> change) {
            this.recipe = Recipe.DECLARATIVE;
            this.declaration = change.apply(declaration);
            return this;
        }

        /** Makes it a spec package; the text becomes {@code NAME.spec}. */
        public Builder specFile(String text) {
            spec();
            sources.put(name + ".spec", text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        /** Makes it a spec package whose {@code NAME.spec} is in place already. */
        public Builder spec() {
            this.recipe = Recipe.SPEC;
            return this;
        }

        /** Sets the version; required for a declarative package. */
        public Builder version(String value) {
            return declare(d -> d.version(value));
        }

        /** Sets the summary; required for a declarative package. */
        public Builder summary(String value) {
            return declare(d -> d.summary(value));
        }

        /** Sets the licence, an SPDX expression; required for a declarative package. */
        public Builder license(String value) {
            return declare(d -> d.license(value));
        }

        /** Replaces the RPM requirements. */
        public Builder requires(String... values) {
            return declare(d -> d.requires(values));
        }

        /** Replaces the RPM capabilities beyond the package's name. */
        public Builder provides(String... values) {
            return declare(d -> d.provides(values));
        }

        /** Adds an entry to the contents; its source is in the package directory or added by {@link #source}. */
        public Builder addContent(Content content) {
            return declare(d -> d.addContent(content));
        }

        /** Adds a file with mode 0644 whose text is given here. */
        public Builder file(String dst, String text) {
            return inline(ContentType.FILE, dst, text, 0644);
        }

        /** Adds an executable file (mode 0755) whose text is given here. */
        public Builder script(String dst, String text) {
            return inline(ContentType.FILE, dst, text, 0755);
        }

        /** Adds a configuration file with mode 0644 whose text is given here. */
        public Builder config(String dst, String text) {
            return inline(ContentType.CONFIG, dst, text, 0644);
        }

        /** Adds a licence text at {@code /usr/share/licenses/NAME/FILE}. */
        public Builder licenseFile(String file, String text) {
            return inline(ContentType.LICENSE, "/usr/share/licenses/" + name + "/" + file, text, 0644);
        }

        /** Adds a symbolic link. */
        public Builder symlink(String dst, String target) {
            return addContent(Content.of(ContentType.SYMLINK, target, dst));
        }

        /** Adds an empty directory with mode 0755. */
        public Builder directory(String dst) {
            return addContent(Content.of(ContentType.DIR, "", dst).withMode(0755));
        }

        private Builder inline(ContentType type, String dst, String text, int mode) {
            String source = dst.substring(dst.lastIndexOf('/') + 1);
            if (sources.containsKey(source)) {
                // Two files of one name: the destination, flattened, is unique.
                source = dst.substring(1).replace('/', '-');
            }
            sources.put(source, text.getBytes(StandardCharsets.UTF_8));
            return addContent(Content.of(type, source, dst).withMode(mode));
        }

        /** Adds a file that is written into the package directory. */
        public Builder source(String path, byte[] bytes) {
            sources.put(path, bytes.clone());
            return this;
        }

        /** Replaces the packages and kits needed to build it. */
        public Builder buildDependencies(String... names) {
            this.buildDependencies = new ArrayList<>(List.of(names));
            return this;
        }

        /** Replaces the packages needed at run time. */
        public Builder dependencies(String... names) {
            this.dependencies = new ArrayList<>(List.of(names));
            return this;
        }

        /** Replaces the source groups. */
        public Builder sourceGroups(String... paths) {
            this.sourceGroups = new ArrayList<>(List.of(paths));
            return this;
        }

        /** Says where people find new releases of it. */
        public Builder releasesUrl(String value) {
            this.releasesUrl = Objects.requireNonNull(value, "releasesUrl");
            return this;
        }

        /**
         * Adds a source group whose files are given here. One with a Cargo.toml is a member of the workspace
         * {@code sources/Cargo.toml}, which is written, or edited, with it.
         *
         * @param group its directory below {@code sources/}
         * @param files its files, by path below that directory
         */
        public Builder sourceGroup(String group, Map<String, byte[]> files) {
            sourceGroups.add(Objects.requireNonNull(group, "group"));
            files.forEach((path, bytes) -> groupSources.put(group + "/" + path, bytes.clone()));
            return this;
        }

        /** Adds an archive. */
        public Builder addExternalFile(ExternalFile file) {
            externalFiles.add(Objects.requireNonNull(file, "file"));
            return this;
        }

        /**
         * Checks the package and makes it.
         *
         * @return the package
         * @throws InvalidProjectException with every problem
         */
        public PackageSpec build() {
            PackageSpec spec = new PackageSpec(this);
            SpecRules.check(SpecRules.of(spec));
            return spec;
        }
    }
}
