package dev.twoliter.rpm.internal.repo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Parses filelists: the paths of every package, by the digest of the package. */
final class FilelistsParser {
    private FilelistsParser() {}

    static Map<String, List<String>> parse(XMLStreamReader reader, String subject) throws XMLStreamException {
        Map<String, List<String>> byId = new HashMap<>();
        List<List<String>> current = new ArrayList<>();
        XmlParsing.walk(
                reader,
                element -> {
                    if (element.equals("package")) {
                        List<String> paths = new ArrayList<>();
                        byId.put(XmlParsing.attribute(reader, "pkgid"), paths);
                        current.clear();
                        current.add(paths);
                    }
                },
                (element, text) -> {
                    if (element.equals("file") && !current.isEmpty()) {
                        current.get(0).add(text);
                    }
                });
        return byId;
    }
}
