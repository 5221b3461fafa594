package dev.twoliter.rpm;

import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Makes a binary RPM. The same calls give the same bytes: there is no clock and no host name in it. Not thread-safe.
 *
 * <pre>{@code
 * RpmBuilder.builder("hello-agent", "0.1.0", "1")
 *         .arch("x86_64")
 *         .summary("Greets the machine at boot")
 *         .license("Apache-2.0 OR MIT")
 *         .addRequires(Relation.parse("bottlerocket-release"))
 *         .add(RpmEntry.file("/usr/bin/hello-agent", Path.of("hello-agent.sh")).mode(0755))
 *         .writeTo(Path.of("hello-agent-0.1.0-1.x86_64.rpm"));
 * }</pre>
 */
public final class RpmBuilder {
    private static final long MAX_UINT32 = 0xFFFF_FFFFL;

    final String name;
    final String version;
    final String release;
    long epoch;
    String arch = "noarch";
    String summary = "";
    String description = "";
    String license = "";
    String url = "";
    String vendor = "";
    String packager = "";
    String group = "Unspecified";
    String sourceRpm;
    String buildHost = "localhost";
    long buildTime;
    final Map<RelationKind, List<Relation>> relations = new EnumMap<>(RelationKind.class);
    final TreeMap<String, RpmEntry> entries = new TreeMap<>(RpmBuilder::compareBytes);

    private RpmBuilder(String name, String version, String release) {
        this.name = name;
        this.version = version;
        this.release = release;
        this.sourceRpm = name + "-" + version + "-" + release + ".src.rpm";
        for (RelationKind kind : RelationKind.values()) {
            relations.put(kind, new ArrayList<>());
        }
    }

    /**
     * Starts a package, {@code noarch} and empty.
     *
     * @param name letters, digits and {@code ._+-}
     * @param version letters, digits and {@code ._+~^}
     * @param release as the version
     * @return the builder
     * @throws IllegalArgumentException if one of them has other characters
     */
    public static RpmBuilder builder(String name, String version, String release) {
        return new RpmBuilder(
                requireWord("name", name, "[A-Za-z0-9._+-]+"),
                requireWord("version", version, "[A-Za-z0-9._+~^]+"),
                requireWord("release", release, "[A-Za-z0-9._+~^]+"));
    }

    private static String requireWord(String what, String text, String pattern) {
        if (!text.matches(pattern)) {
            throw new IllegalArgumentException("the " + what + " of a package has only the characters " + pattern
                    + ", but this is '" + text + "'");
        }
        return text;
    }

    private static String requireText(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the " + what + " must not hold a NUL character");
        }
        return text;
    }

    static long requireSeconds(String what, Instant time) {
        long seconds = time.getEpochSecond();
        if (seconds < 0 || seconds > MAX_UINT32) {
            throw new IllegalArgumentException("the " + what + " must lie between 1970 and 2106, but is " + time);
        }
        return seconds;
    }

    /** Sets the epoch, 0 to 4,294,967,295; default none, which is 0. */
    public RpmBuilder epoch(long number) {
        if (number < 0 || number > MAX_UINT32) {
            throw new IllegalArgumentException("the epoch must lie between 0 and 4294967295, but is " + number);
        }
        epoch = number;
        return this;
    }

    /** Sets the architecture, such as {@code x86_64}; default {@code noarch}. */
    public RpmBuilder arch(String rpmName) {
        arch = requireWord("architecture", rpmName, "[a-z0-9_]+");
        return this;
    }

    /** Sets the one-line summary. */
    public RpmBuilder summary(String text) {
        summary = requireText("summary", text);
        return this;
    }

    /** Sets the description; default the summary. */
    public RpmBuilder description(String text) {
        description = requireText("description", text);
        return this;
    }

    /** Sets the licence, an SPDX expression by convention. */
    public RpmBuilder license(String expression) {
        license = requireText("license", expression);
        return this;
    }

    /** Sets the address of the project's home page. */
    public RpmBuilder url(String address) {
        url = requireText("url", address);
        return this;
    }

    /** Sets the vendor. */
    public RpmBuilder vendor(String text) {
        vendor = requireText("vendor", text);
        return this;
    }

    /** Sets the packager. */
    public RpmBuilder packager(String text) {
        packager = requireText("packager", text);
        return this;
    }

    /** Sets the group, a category of old; default {@code Unspecified}. */
    public RpmBuilder group(String text) {
        group = requireText("group", text);
        return this;
    }

    /** Sets the file name of the source package; default {@code name-version-release.src.rpm}. */
    public RpmBuilder sourceRpm(String fileName) {
        sourceRpm = requireText("source package", fileName);
        return this;
    }

    /** Sets the name of the machine that builds; default {@code localhost}. */
    public RpmBuilder buildHost(String text) {
        buildHost = requireText("build host", text);
        return this;
    }

    /** Sets the build time, which is also the files' default modification time; default 1970-01-01T00:00:00Z. */
    public RpmBuilder buildTime(Instant time) {
        buildTime = requireSeconds("build time", time);
        return this;
    }

    /** Sets what it requires; {@code rpmlib()} features are added by themselves. */
    public RpmBuilder requires(Collection<Relation> list) {
        return replace(RelationKind.REQUIRES, list);
    }

    /** Adds something it requires. */
    public RpmBuilder addRequires(Relation relation) {
        return addRelation(RelationKind.REQUIRES, relation);
    }

    /** Sets what it provides; its own name and {@code name(isa)} are added by themselves. */
    public RpmBuilder provides(Collection<Relation> list) {
        return replace(RelationKind.PROVIDES, list);
    }

    /** Adds something it provides. */
    public RpmBuilder addProvides(Relation relation) {
        return addRelation(RelationKind.PROVIDES, relation);
    }

    /** Sets what it conflicts with. */
    public RpmBuilder conflicts(Collection<Relation> list) {
        return replace(RelationKind.CONFLICTS, list);
    }

    /** Sets what it obsoletes. */
    public RpmBuilder obsoletes(Collection<Relation> list) {
        return replace(RelationKind.OBSOLETES, list);
    }

    /** Sets what it recommends. */
    public RpmBuilder recommends(Collection<Relation> list) {
        return replace(RelationKind.RECOMMENDS, list);
    }

    /** Sets what it suggests. */
    public RpmBuilder suggests(Collection<Relation> list) {
        return replace(RelationKind.SUGGESTS, list);
    }

    /**
     * Adds a relation of any kind.
     *
     * @param kind which list
     * @param relation the relation; what a package provides or obsoletes cannot be rich
     * @return this
     * @throws IllegalArgumentException if a rich dependency is malformed or makes no sense in this list
     */
    public RpmBuilder addRelation(RelationKind kind, Relation relation) {
        if (relation.isRich()) {
            if (kind == RelationKind.PROVIDES || kind == RelationKind.OBSOLETES) {
                throw new IllegalArgumentException("a package cannot have the rich dependency " + relation
                        + " among its " + kind.name().toLowerCase(java.util.Locale.ROOT));
            }
            RichDependency.of(relation).requireAllowedIn(kind);
        }
        requireText(kind.name(), relation.toString());
        listOf(kind).add(relation);
        return this;
    }

    private RpmBuilder replace(RelationKind kind, Collection<Relation> list) {
        listOf(kind).clear();
        list.forEach(relation -> addRelation(kind, relation));
        return this;
    }

    List<Relation> listOf(RelationKind kind) {
        return Objects.requireNonNull(relations.get(kind));
    }

    /**
     * Adds a file.
     *
     * @param entry the file
     * @return this
     * @throws IllegalArgumentException if its path is taken already
     */
    public RpmBuilder add(RpmEntry entry) {
        if (entries.putIfAbsent(entry.path(), entry) != null) {
            throw new IllegalArgumentException("the package " + name + " has two files " + entry.path());
        }
        return this;
    }

    /** {@return the full name the package will have} */
    public Nevra nevra() {
        return new Nevra(name, new Evr(epoch, version, release), arch);
    }

    /**
     * Writes the package, with a zstd payload of level 1. The file appears under its name when it is complete; an
     * existing one is replaced. Memory does not grow with the files.
     *
     * @param target the file
     * @return what was written
     * @throws StorageException if a file cannot be read or written, or changes while it is read
     */
    public RpmPackageInfo writeTo(Path target) {
        return writeTo(target, RpmWriter.FOUR_GIB);
    }

    RpmPackageInfo writeTo(Path target, long large) {
        try {
            return new RpmWriter(this, large).write(target);
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
    }

    /** Orders as rpm does: by the bytes of UTF-8, which is by code points. */
    static int compareBytes(String a, String b) {
        return java.util.Arrays.compareUnsigned(
                a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                b.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
