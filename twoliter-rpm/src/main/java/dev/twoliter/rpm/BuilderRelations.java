package dev.twoliter.rpm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The relations of a package that is built: those it was given, its own name as a capability, and the features of rpm
 * that reading it needs. Source of the features and their versions: rpm's {@code rpmlibprov.c}.
 */
final class BuilderRelations {
    private static final long RPMLIB = 1 << 24;
    /** As rpmbuild lists them. */
    private static final Comparator<Relation> ORDER = Comparator.comparing(Relation::name, RpmBuilder::compareBytes)
            .thenComparing(BuilderRelations::version)
            .thenComparing(Relation::comparison);

    private final RpmBuilder builder;
    private final List<RpmFile> files;
    private final boolean largeFiles;

    BuilderRelations(RpmBuilder builder, List<RpmFile> files, boolean largeFiles) {
        this.builder = builder;
        this.files = files;
        this.largeFiles = largeFiles;
    }

    void write(HeaderWriter header) {
        for (RelationKind kind : RelationKind.values()) {
            Set<Relation> relations = new TreeSet<>(ORDER);
            relations.addAll(builder.listOf(kind));
            if (kind == RelationKind.PROVIDES) {
                relations.addAll(ownNames());
            } else if (kind == RelationKind.REQUIRES) {
                relations.addAll(features());
            }
            header.strings(
                    kind.nameTag(), relations.stream().map(Relation::name).toList());
            header.int32(
                    kind.flagsTag(),
                    relations.stream().mapToLong(BuilderRelations::flags).toArray());
            header.strings(
                    kind.versionTag(),
                    relations.stream().map(BuilderRelations::version).toList());
        }
    }

    private static long flags(Relation relation) {
        return relation.comparison().bits() | (relation.name().startsWith("rpmlib(") ? RPMLIB : 0);
    }

    private static String version(Relation relation) {
        Evr evr = relation.evr();
        return evr == null ? "" : evr.toString();
    }

    private List<Relation> ownNames() {
        Evr evr = builder.nevra().evr();
        Relation name = Relation.equal(builder.name, evr);
        String isa = switch (builder.arch) {
            case "x86_64" -> "x86-64";
            case "aarch64" -> "aarch-64";
            default -> "";
        };
        return isa.isEmpty() ? List.of(name) : List.of(name, Relation.equal(builder.name + "(" + isa + ")", evr));
    }

    private List<Relation> features() {
        List<Relation> features = new ArrayList<>();
        if (!files.isEmpty()) {
            features.add(feature("CompressedFileNames", "3.0.4-1"));
            features.add(feature("FileDigests", "4.6.0-1"));
        }
        features.add(feature("PayloadFilesHavePrefix", "4.0-1"));
        features.add(feature("PayloadIsZstd", "5.4.18-1"));
        if (largeFiles) {
            features.add(feature("LargeFiles", "4.12.0-1"));
        }
        if (files.stream().anyMatch(file -> !file.capabilities().isEmpty())) {
            features.add(feature("FileCaps", "4.6.1-1"));
        }
        List<Relation> all =
                builder.relations.values().stream().flatMap(List::stream).toList();
        if (all.stream().anyMatch(Relation::isRich)) {
            features.add(feature("RichDependencies", "4.12.0-1"));
        }
        if (inVersions(all, '~')) {
            features.add(feature("TildeInVersions", "4.10.0-1"));
        }
        if (inVersions(all, '^')) {
            features.add(feature("CaretInVersions", "4.15.0-1"));
        }
        return features;
    }

    private boolean inVersions(List<Relation> relations, char sign) {
        return builder.nevra().evr().toString().indexOf(sign) >= 0
                || relations.stream().anyMatch(relation -> version(relation).indexOf(sign) >= 0);
    }

    private static Relation feature(String name, String since) {
        return new Relation("rpmlib(" + name + ")", Relation.Comparison.LE, Evr.parse(since));
    }
}
