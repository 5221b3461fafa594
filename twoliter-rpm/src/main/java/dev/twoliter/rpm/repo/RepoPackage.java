package dev.twoliter.rpm.repo;

import dev.twoliter.api.Digest;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A package as a repository lists it. Two are equal only when they are the same object. Immutable, thread-safe.
 */
public final class RepoPackage {
    private final Nevra nevra;
    private final String summary;
    private final String license;
    private final String sourceRpm;
    private final String href;
    private final long size;
    private final long installedSize;
    private final long buildTime;
    private final Digest digest;
    private final Map<RelationKind, List<Relation>> relations;
    private final List<String> primaryFiles;
    private final Supplier<List<String>> files;

    private RepoPackage(Builder builder) {
        nevra = builder.nevra;
        summary = builder.summary;
        license = builder.license;
        sourceRpm = builder.sourceRpm;
        href = builder.href;
        size = builder.size;
        installedSize = builder.installedSize;
        buildTime = builder.buildTime;
        digest = builder.digest;
        relations = new EnumMap<>(RelationKind.class);
        builder.relations.forEach((kind, list) -> relations.put(kind, List.copyOf(list)));
        primaryFiles = List.copyOf(builder.primaryFiles);
        files = builder.files == null ? () -> primaryFiles : builder.files;
    }

    /**
     * Starts a package that provides nothing, not even its own name.
     *
     * @param nevra its full name
     * @return the builder
     */
    public static Builder builder(Nevra nevra) {
        return new Builder(nevra);
    }

    /** {@return the full name} */
    public Nevra nevra() {
        return nevra;
    }

    /** {@return the name alone} */
    public String name() {
        return nevra.name();
    }

    /** {@return the one-line summary} */
    public String summary() {
        return summary;
    }

    /** {@return the licence} */
    public String license() {
        return license;
    }

    /** {@return the file name of the source package; empty when unknown} */
    public String sourceRpm() {
        return sourceRpm;
    }

    /** {@return where the package is, relative to the repository; it never leads out of it} */
    public String href() {
        return href;
    }

    /** {@return the size of the package in bytes} */
    public long size() {
        return size;
    }

    /** {@return the bytes its files take when installed} */
    public long installedSize() {
        return installedSize;
    }

    /** {@return when it was built, seconds since 1970} */
    public long buildTime() {
        return buildTime;
    }

    /** {@return the SHA-256 (or SHA-512) of the whole package} */
    public Digest sha256() {
        return digest;
    }

    /** {@return what it requires} */
    public List<Relation> requires() {
        return relations(RelationKind.REQUIRES);
    }

    /** {@return what it provides} */
    public List<Relation> provides() {
        return relations(RelationKind.PROVIDES);
    }

    /** {@return what it conflicts with} */
    public List<Relation> conflicts() {
        return relations(RelationKind.CONFLICTS);
    }

    /** {@return what it obsoletes} */
    public List<Relation> obsoletes() {
        return relations(RelationKind.OBSOLETES);
    }

    /** {@return what it recommends} */
    public List<Relation> recommends() {
        return relations(RelationKind.RECOMMENDS);
    }

    /**
     * {@return its relations of a kind}
     *
     * @param kind which
     */
    public List<Relation> relations(RelationKind kind) {
        return relations.getOrDefault(kind, List.of());
    }

    /** {@return the paths in the primary metadata: those below {@code /etc} and in directories of programs} */
    public List<String> primaryFiles() {
        return primaryFiles;
    }

    /**
     * {@return all paths; the first call for a repository reads its filelists}
     *
     * @throws dev.twoliter.api.FormatException if these are malformed
     * @throws dev.twoliter.api.VerificationException if these have changed since the repository was read
     */
    public List<String> files() {
        return files.get();
    }

    /** {@return the full name} */
    @Override
    public String toString() {
        return nevra.toString();
    }

    /** Collects what a package is; not thread-safe. */
    public static final class Builder {
        private final Nevra nevra;
        private String summary = "";
        private String license = "";
        private String sourceRpm = "";
        private String href = "";
        private long size;
        private long installedSize;
        private long buildTime;
        private Digest digest = Digest.sha256("0".repeat(64));
        private final Map<RelationKind, List<Relation>> relations = new EnumMap<>(RelationKind.class);
        private List<String> primaryFiles = List.of();
        private @org.jspecify.annotations.Nullable Supplier<List<String>> files;

        private Builder(Nevra nevra) {
            this.nevra = Objects.requireNonNull(nevra, "nevra");
        }

        /** Sets the summary. */
        public Builder summary(String text) {
            summary = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Sets the licence. */
        public Builder license(String text) {
            license = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Sets the file name of the source package. */
        public Builder sourceRpm(String fileName) {
            sourceRpm = Objects.requireNonNull(fileName, "fileName");
            return this;
        }

        /** Sets the path relative to the repository, the size and the digest of the package file. */
        public Builder location(String path, long bytes, Digest sha256) {
            href = Objects.requireNonNull(path, "path");
            size = bytes;
            digest = Objects.requireNonNull(sha256, "sha256");
            return this;
        }

        /** Sets the bytes its files take when installed. */
        public Builder installedSize(long bytes) {
            installedSize = bytes;
            return this;
        }

        /** Sets when it was built, seconds since 1970. */
        public Builder buildTime(long seconds) {
            buildTime = seconds;
            return this;
        }

        /** Adds a relation. */
        public Builder add(RelationKind kind, Relation relation) {
            relations.computeIfAbsent(kind, k -> new ArrayList<>()).add(relation);
            return this;
        }

        /** Sets the paths in the primary metadata. */
        public Builder primaryFiles(List<String> paths) {
            primaryFiles = paths;
            return this;
        }

        /** Sets where all paths come from; default: the primary ones are all. It must be thread-safe. */
        public Builder files(Supplier<List<String>> source) {
            files = Objects.requireNonNull(source, "source");
            return this;
        }

        /** {@return the package} */
        public RepoPackage build() {
            return new RepoPackage(this);
        }
    }
}
