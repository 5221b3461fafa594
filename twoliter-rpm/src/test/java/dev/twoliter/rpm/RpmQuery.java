package dev.twoliter.rpm;

import dev.twoliter.testing.Command;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** All entries of both headers of a package, as rpm shows them and as this library reads them, by name. */
final class RpmQuery {
    /** What rpm calls the entries of the signature header, which it shows among the others. */
    private static final Map<Integer, String> SIGNATURE = Map.ofEntries(
            Map.entry(RpmTag.SIG_SIZE, "sigsize"),
            Map.entry(RpmTag.SIG_LONGSIZE, "longsigsize"),
            Map.entry(RpmTag.SIG_MD5, "sigmd5"),
            Map.entry(RpmTag.SIG_SHA1, "sha1header"),
            Map.entry(RpmTag.SIG_SHA256, "sha256header"),
            Map.entry(RpmTag.SIG_RSA, "rsaheader"),
            Map.entry(RpmTag.SIG_DSA, "dsaheader"),
            Map.entry(RpmTag.SIG_PGP, "sigpgp"),
            Map.entry(RpmTag.SIG_GPG, "siggpg"),
            Map.entry(RpmTag.SIG_PAYLOADSIZE, "archivesize"),
            Map.entry(RpmTag.SIG_LONGARCHIVESIZE, "longarchivesize"));

    private RpmQuery() {}

    /** What {@code rpm -qp --xml} says. */
    static Map<String, List<String>> ofRpm(Path file) throws XMLStreamException {
        String xml = Command.output("rpm", "-qp", "--nosignature", "--nodigest", "--xml", file);
        XMLStreamReader reader = XMLInputFactory.newDefaultFactory()
                .createXMLStreamReader(new StringReader(xml.substring(xml.indexOf("<rpmHeader>"))));
        Map<String, List<String>> tags = new TreeMap<>();
        List<String> values = new ArrayList<>();
        while (reader.hasNext()) {
            if (reader.next() != XMLStreamReader.START_ELEMENT) {
                continue;
            }
            switch (reader.getLocalName()) {
                case "rpmTag" -> {
                    values = new ArrayList<>();
                    tags.put(reader.getAttributeValue(null, "name").toLowerCase(Locale.ROOT), values);
                }
                case "base64" -> values.add(reader.getElementText().replaceAll("\\s", ""));
                case "string", "integer" -> values.add(reader.getElementText());
                default -> {}
            }
        }
        tags.remove("(unknown)"); // what a newer rpm knows
        return tags;
    }

    /** What this library says; entries that this rpm has no name for are left out, as rpm does. */
    static Map<String, List<String>> ofUs(RpmPackage rpm, List<String> known) {
        Map<String, List<String>> tags = new TreeMap<>();
        for (int tag : rpm.header().tags()) {
            String name = RpmTag.name(tag).orElse("tag" + tag).toLowerCase(Locale.ROOT);
            if (known.contains(name)) {
                tags.put(name, values(rpm.header(), tag));
            }
        }
        for (int tag : rpm.signatureHeader().tags()) {
            String name = SIGNATURE.get(tag);
            if (name != null) {
                tags.put(name, values(rpm.signatureHeader(), tag));
            }
        }
        return tags;
    }

    /** The names that this rpm knows. */
    static List<String> known() {
        return Command.output("rpm", "--querytags")
                .toLowerCase(Locale.ROOT)
                .lines()
                .toList();
    }

    private static List<String> values(RpmHeader header, int tag) {
        RpmHeader.Type type = header.type(tag).orElseThrow();
        if (type == RpmHeader.Type.BIN) {
            return List.of(Base64.getEncoder().encodeToString(header.bytes(tag)));
        }
        if (type.isNumeric()) {
            return Arrays.stream(header.ints(tag))
                    .mapToObj(Long::toUnsignedString)
                    .toList();
        }
        return header.strings(tag);
    }
}
