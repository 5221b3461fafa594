package dev.twoliter.rpm.internal.repo;

import static dev.twoliter.rpm.internal.repo.XmlParsing.attribute;
import static dev.twoliter.rpm.internal.repo.XmlParsing.number;

import dev.twoliter.rpm.RelationKind;
import dev.twoliter.rpm.internal.repo.PackageEntry.Details;
import dev.twoliter.rpm.internal.repo.PackageEntry.Identity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Reads all that primary says, by the location of the packages; files are left to filelists. Not thread-safe. */
final class PrimaryEntries {
    private final Map<String, PackageEntry> byHref = new LinkedHashMap<>();

    // The package that is being read: its texts by element, and its attributes by element and name.
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, String> attributes = new HashMap<>();
    private Map<RelationKind, List<Dependency>> relations = new EnumMap<>(RelationKind.class);
    private @Nullable RelationKind list;

    Map<String, PackageEntry> parse(XMLStreamReader reader, String subject) throws XMLStreamException {
        XmlParsing.walk(reader, element -> open(element, reader), this::close);
        return byHref;
    }

    private void open(String element, XMLStreamReader reader) {
        switch (element) {
            case "package" -> {
                texts.clear();
                attributes.clear();
                relations = new EnumMap<>(RelationKind.class);
                list = null;
            }
            case "entry" -> dependency(reader);
            case "version", "checksum", "time", "size", "location", "header-range" -> {
                for (int i = 0; i < reader.getAttributeCount(); i++) {
                    attributes.put(element + " " + reader.getAttributeLocalName(i), reader.getAttributeValue(i));
                }
            }
            default -> {
                RelationKind kind = XmlParsing.KINDS.get(element);
                if (kind != null) {
                    list = kind;
                    relations.put(kind, new ArrayList<>());
                }
            }
        }
    }

    private void dependency(XMLStreamReader reader) {
        List<Dependency> open = list == null ? null : relations.get(list);
        if (open != null) {
            open.add(new Dependency(
                    attribute(reader, "name"),
                    attribute(reader, "flags"),
                    attribute(reader, "epoch"),
                    attribute(reader, "ver"),
                    attribute(reader, "rel"),
                    attribute(reader, "pre").equals("1")));
        }
    }

    private void close(String element, String text) {
        if (element.equals("package")) {
            add();
        } else if (list != null && XmlParsing.KINDS.get(element) == list) {
            list = null;
        } else if (!element.equals("file") && !element.equals("entry")) {
            texts.put(element, text);
        }
    }

    /** Packages that we would list otherwise are left out, and so read again. */
    private void add() {
        if (!attributeOf("checksum type").equals("sha256") || attributes.containsKey("location base")) {
            return;
        }
        String href = attributeOf("location href");
        Identity id = new Identity(
                text("checksum"),
                text("name"),
                text("arch"),
                attributeOf("version epoch"),
                attributeOf("version ver"),
                attributeOf("version rel"));
        Details details = new Details(
                text("summary"),
                text("description"),
                text("packager"),
                text("url"),
                number(attributeOf("time file")),
                number(attributeOf("time build")),
                number(attributeOf("size package")),
                number(attributeOf("size installed")),
                number(attributeOf("size archive")),
                href,
                text("license"),
                text("vendor"),
                text("group"),
                text("buildhost"),
                text("sourcerpm"),
                number(attributeOf("header-range start")),
                number(attributeOf("header-range end")));
        byHref.put(href, new PackageEntry(id, details, relations, List.of(), List.of()));
    }

    private String text(String element) {
        return texts.getOrDefault(element, "");
    }

    private String attributeOf(String elementAndName) {
        return attributes.getOrDefault(elementAndName, "");
    }
}
