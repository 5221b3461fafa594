package dev.twoliter.rpm.internal.repo;

import static dev.twoliter.rpm.internal.repo.XmlParsing.attribute;

import dev.twoliter.rpm.internal.repo.PackageEntry.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads filelists and other: one list for each package, by the package's digest. */
final class ListEntries {
    private ListEntries() {}

    static Map<String, List<ListedFile>> files(XMLStreamReader reader, String subject) throws XMLStreamException {
        return lists(reader, "file", (first, text) -> new ListedFile(text, ListedFile.Type.ofWord(first.type)));
    }

    static Map<String, List<Change>> changes(XMLStreamReader reader, String subject) throws XMLStreamException {
        return lists(
                reader, "changelog", (first, text) -> new Change(first.author, XmlParsing.number(first.date), text));
    }

    /** The attributes of an element. */
    private record Attributes(String type, String author, String date) {}

    private static <T> Map<String, List<T>> lists(
            XMLStreamReader reader, String item, BiFunction<Attributes, String, T> make) throws XMLStreamException {
        Map<String, List<T>> byId = new HashMap<>();
        var state = new Object() {
            List<T> current = new ArrayList<>();
            Attributes attributes = new Attributes("", "", "");
        };
        XmlParsing.walk(
                reader,
                element -> {
                    if (element.equals("package")) {
                        state.current = new ArrayList<>();
                        byId.put(attribute(reader, "pkgid"), state.current);
                    } else if (element.equals(item)) {
                        state.attributes = new Attributes(
                                attribute(reader, "type"), attribute(reader, "author"), attribute(reader, "date"));
                    }
                },
                (element, text) -> {
                    if (element.equals(item)) {
                        state.current.add(make.apply(state.attributes, text));
                    }
                });
        return byId;
    }
}
