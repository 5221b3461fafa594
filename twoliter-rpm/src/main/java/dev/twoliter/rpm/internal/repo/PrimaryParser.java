package dev.twoliter.rpm.internal.repo;

import static dev.twoliter.rpm.internal.repo.XmlParsing.attribute;
import static dev.twoliter.rpm.internal.repo.XmlParsing.number;

import dev.twoliter.api.Digest;
import dev.twoliter.rpm.Evr;
import dev.twoliter.rpm.Nevra;
import dev.twoliter.rpm.Relation;
import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.repo.RepoPackage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Parses primary. Not thread-safe. */
final class PrimaryParser {
    private static final String XML = "http://www.w3.org/XML/1998/namespace";

    /** A relation of the package that is being read. */
    private record Listed(RelationKind kind, Relation relation) {}

    private final Function<String, Supplier<@Nullable List<String>>> fileLists;
    private final List<RepoPackage> packages = new ArrayList<>();

    // The package that is being read.
    private final Map<String, String> texts = new HashMap<>();
    private final List<Listed> relations = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private @Nullable Evr evr;
    private String checksumType = "";
    private String href = "";
    private long size;
    private long installedSize;
    private long buildTime;
    private @Nullable RelationKind list;

    PrimaryParser(Function<String, Supplier<@Nullable List<String>>> fileLists) {
        this.fileLists = fileLists;
    }

    List<RepoPackage> parse(XMLStreamReader reader, String subject) throws XMLStreamException {
        XmlParsing.walk(reader, element -> open(element, reader), this::close);
        return packages;
    }

    private void open(String element, XMLStreamReader reader) {
        switch (element) {
            case "package" -> {
                texts.clear();
                relations.clear();
                files.clear();
                evr = null;
                href = "";
                list = null;
            }
            case "version" -> evr = evr(reader);
            case "checksum" -> checksumType = attribute(reader, "type");
            case "time" -> buildTime = number(attribute(reader, "build"));
            case "size" -> {
                size = number(attribute(reader, "package"));
                installedSize = number(attribute(reader, "installed"));
            }
            case "location" -> {
                if (!attribute(reader, "base").isEmpty() || reader.getAttributeValue(XML, "base") != null) {
                    throw new IllegalArgumentException("packages outside of the repository are not supported");
                }
                href = XmlParsing.safeHref(attribute(reader, "href"));
            }
            case "entry" -> entry(reader);
            default -> list = XmlParsing.KINDS.getOrDefault(element, list);
        }
    }

    private static Evr evr(XMLStreamReader reader) {
        String epoch = attribute(reader, "epoch");
        return new Evr(epoch.isEmpty() ? 0 : number(epoch), attribute(reader, "ver"), attribute(reader, "rel"));
    }

    private void entry(XMLStreamReader reader) {
        RelationKind kind = list;
        if (kind == null) {
            return; // a list of a kind that we do not know
        }
        String flags = attribute(reader, "flags");
        String name = attribute(reader, "name");
        // An empty version is no version, as for rpm.
        Relation relation = flags.isEmpty() || attribute(reader, "ver").isEmpty()
                ? Relation.of(name)
                : new Relation(name, Relation.Comparison.valueOf(flags), evr(reader));
        relations.add(new Listed(kind, relation));
    }

    private void close(String element, String text) {
        switch (element) {
            case "name", "arch", "checksum", "summary", "license", "sourcerpm" -> texts.put(element, text);
            case "file" -> files.add(text);
            case "package" -> packages.add(build());
            default -> {
                if (XmlParsing.KINDS.get(element) == list) {
                    list = null;
                }
            }
        }
    }

    private RepoPackage build() {
        if (evr == null || href.isEmpty()) {
            throw new IllegalArgumentException("a package lacks its version or its location");
        }
        String id = text("checksum");
        List<String> primary = List.copyOf(files);
        Supplier<@Nullable List<String>> all = fileLists.apply(id);
        RepoPackage.Builder builder = RepoPackage.builder(new Nevra(text("name"), evr, text("arch")))
                .summary(text("summary"))
                .license(text("license"))
                .sourceRpm(text("sourcerpm"))
                .location(href, size, new Digest(checksumType, id.toLowerCase(Locale.ROOT)))
                .installedSize(installedSize)
                .buildTime(buildTime)
                .primaryFiles(primary)
                .files(() -> {
                    List<String> found = all.get();
                    return found == null ? primary : Collections.unmodifiableList(found);
                });
        relations.forEach(listed -> builder.add(listed.kind, listed.relation));
        return builder.build();
    }

    private String text(String element) {
        return texts.getOrDefault(element, "");
    }
}
