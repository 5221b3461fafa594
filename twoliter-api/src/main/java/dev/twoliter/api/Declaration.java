package dev.twoliter.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code package.toml} says: a package that needs no compiler (formats.md, section 3). Immutable, thread-safe.
 */
public final class Declaration {

    /** What Bottlerocket's own packages begin with, so that kits can be mixed. */
    public static final String DEFAULT_PREFIX = "bottlerocket-";

    private final String prefix;
    private final String version;
    private final String release;
    private final long epoch;
    private final @Nullable String arch;
    private final String summary;
    private final String description;
    private final String license;
    private final String homepage;
    private final List<String> requires;
    private final List<String> provides;
    private final List<String> conflicts;
    private final List<String> obsoletes;
    private final List<String> recommends;
    private final List<String> suggests;
    private final List<Content> contents;

    private Declaration(Builder b) {
        this.prefix = b.prefix;
        this.version = b.version;
        this.release = b.release;
        this.epoch = b.epoch;
        this.arch = b.arch;
        this.summary = b.summary;
        this.description = b.description;
        this.license = b.license;
        this.homepage = b.homepage;
        this.requires = List.copyOf(b.requires);
        this.provides = List.copyOf(b.provides);
        this.conflicts = List.copyOf(b.conflicts);
        this.obsoletes = List.copyOf(b.obsoletes);
        this.recommends = List.copyOf(b.recommends);
        this.suggests = List.copyOf(b.suggests);
        this.contents = List.copyOf(b.contents);
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that holds these values} */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.prefix = prefix;
        b.version = version;
        b.release = release;
        b.epoch = epoch;
        b.arch = arch;
        b.summary = summary;
        b.description = description;
        b.license = license;
        b.homepage = homepage;
        b.requires = new ArrayList<>(requires);
        b.provides = new ArrayList<>(provides);
        b.conflicts = new ArrayList<>(conflicts);
        b.obsoletes = new ArrayList<>(obsoletes);
        b.recommends = new ArrayList<>(recommends);
        b.suggests = new ArrayList<>(suggests);
        b.contents = new ArrayList<>(contents);
        return b;
    }

    /** {@return what precedes the package's name in the RPM's name; may be empty} */
    public String prefix() {
        return prefix;
    }

    /** {@return the RPM's version} */
    public String version() {
        return version;
    }

    /** {@return the RPM's release, to which the build stamp is appended} */
    public String release() {
        return release;
    }

    /** {@return the RPM's epoch, 0 or more} */
    public long epoch() {
        return epoch;
    }

    /** {@return {@code x86_64}, {@code aarch64} or {@code noarch}; empty for the build's} */
    public Optional<String> arch() {
        return Optional.ofNullable(arch);
    }

    /** {@return one line that says what the package is for} */
    public String summary() {
        return summary;
    }

    /** {@return a longer text; the summary where none was given} */
    public String description() {
        return description.isEmpty() ? summary : description;
    }

    /** {@return an SPDX licence expression} */
    public String license() {
        return license;
    }

    /** {@return a URL; may be empty} */
    public String homepage() {
        return homepage;
    }

    /** {@return RPM requirements, such as {@code foo >= 1} or {@code (a if b)}} */
    public List<String> requires() {
        return requires;
    }

    /** {@return capabilities beyond the package's own name} */
    public List<String> provides() {
        return provides;
    }

    /** {@return RPM conflicts} */
    public List<String> conflicts() {
        return conflicts;
    }

    /** {@return what this package replaces} */
    public List<String> obsoletes() {
        return obsoletes;
    }

    /** {@return weak requirements} */
    public List<String> recommends() {
        return recommends;
    }

    /** {@return hints} */
    public List<String> suggests() {
        return suggests;
    }

    /** {@return what the RPM holds} */
    public List<Content> contents() {
        return contents;
    }

    private List<Object> key() {
        return List.of(
                prefix,
                version,
                release,
                epoch,
                arch(),
                summary,
                description(),
                license,
                homepage,
                requires,
                provides,
                conflicts,
                obsoletes,
                recommends,
                suggests,
                contents);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Declaration d && key().equals(d.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return "Declaration[" + version + "-" + release + ", " + contents.size() + " contents]";
    }

    /** Collects a {@link Declaration}. Not thread-safe. */
    public static final class Builder {
        private String prefix = DEFAULT_PREFIX;
        private String version = "";
        private String release = "1";
        private long epoch;
        private @Nullable String arch;
        private String summary = "";
        private String description = "";
        private String license = "";
        private String homepage = "";
        private List<String> requires = new ArrayList<>();
        private List<String> provides = new ArrayList<>();
        private List<String> conflicts = new ArrayList<>();
        private List<String> obsoletes = new ArrayList<>();
        private List<String> recommends = new ArrayList<>();
        private List<String> suggests = new ArrayList<>();
        private List<Content> contents = new ArrayList<>();

        private Builder() {}

        /** Sets what precedes the name in the RPM's name; empty for nothing. */
        public Builder prefix(String value) {
            this.prefix = Objects.requireNonNull(value, "prefix");
            return this;
        }

        /** Sets the version: letters, digits, {@code . _ + ~ ^}; required. */
        public Builder version(String value) {
            this.version = Objects.requireNonNull(value, "version");
            return this;
        }

        /** Sets the release; default {@code 1}. */
        public Builder release(String value) {
            this.release = Objects.requireNonNull(value, "release");
            return this;
        }

        /** Sets the epoch; default 0. */
        public Builder epoch(long value) {
            this.epoch = value;
            return this;
        }

        /** Sets the architecture: {@code x86_64}, {@code aarch64} or {@code noarch}; default the build's. */
        public Builder arch(String value) {
            this.arch = Objects.requireNonNull(value, "arch");
            return this;
        }

        /** Sets the summary: one line; required. */
        public Builder summary(String value) {
            this.summary = Objects.requireNonNull(value, "summary");
            return this;
        }

        /** Sets the description; default the summary. */
        public Builder description(String value) {
            this.description = Objects.requireNonNull(value, "description");
            return this;
        }

        /** Sets the licence, an SPDX expression; required. */
        public Builder license(String value) {
            this.license = Objects.requireNonNull(value, "license");
            return this;
        }

        /** Sets the home page. */
        public Builder homepage(String value) {
            this.homepage = Objects.requireNonNull(value, "homepage");
            return this;
        }

        /** Replaces the requirements. */
        public Builder requires(String... values) {
            this.requires = new ArrayList<>(List.of(values));
            return this;
        }

        /** Replaces the additional capabilities. */
        public Builder provides(String... values) {
            this.provides = new ArrayList<>(List.of(values));
            return this;
        }

        /** Replaces the conflicts. */
        public Builder conflicts(String... values) {
            this.conflicts = new ArrayList<>(List.of(values));
            return this;
        }

        /** Replaces what the package obsoletes. */
        public Builder obsoletes(String... values) {
            this.obsoletes = new ArrayList<>(List.of(values));
            return this;
        }

        /** Replaces the weak requirements. */
        public Builder recommends(String... values) {
            this.recommends = new ArrayList<>(List.of(values));
            return this;
        }

        /** Replaces the hints. */
        public Builder suggests(String... values) {
            this.suggests = new ArrayList<>(List.of(values));
            return this;
        }

        /** Adds an entry to the contents. */
        public Builder addContent(Content content) {
            contents.add(Objects.requireNonNull(content, "content"));
            return this;
        }

        /**
         * {@return the declaration; its rules are checked with the package it belongs to}
         */
        public Declaration build() {
            return new Declaration(this);
        }
    }
}
