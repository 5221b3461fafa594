package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.FormatException;
import dev.twoliter.rpm.RelationKind;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Parses XML that may be hostile: no DTD, no entities but the five, nothing loaded from elsewhere. */
final class XmlParsing {
    /** The lists of relations by the name of their element. */
    static final Map<String, RelationKind> KINDS =
            Stream.of(RelationKind.values()).collect(Collectors.toMap(PackageXml::nameOf, kind -> kind));

    private static final int MAX_DEPTH = 32;

    private XmlParsing() {}

    /** Parses one document. */
    interface Body<T> {
        T parse(XMLStreamReader reader, String subject) throws XMLStreamException;
    }

    private static final Pattern HEADED =
            Pattern.compile("ParseError at \\[row,col]:\\[(\\d+),\\d+]\\s*Message: (.*)", Pattern.DOTALL);

    static <T> T parse(InputStream in, String subject, Body<T> body) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        try {
            // Not the parser's own decoder: that one prints "[Fatal Error]" on standard error.
            XMLStreamReader reader = factory.createXMLStreamReader(new InputStreamReader(
                    in,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)));
            try {
                return body.parse(reader, subject);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | IllegalArgumentException | java.util.NoSuchElementException e) {
            throw new FormatException(subject, "it is not well-formed metadata: " + words(e), "Index it again.", e);
        }
    }

    /** What the JDK's parser says, without the headings that it writes in front. */
    private static String words(Exception problem) {
        String message = String.valueOf(problem.getMessage());
        Matcher headed = HEADED.matcher(message);
        return headed.matches() ? "line " + headed.group(1) + ": " + headed.group(2) : message;
    }

    /** Calls for every element when it opens, and when it closes with the text that came directly before. */
    static void walk(XMLStreamReader reader, java.util.function.Consumer<String> open, BiConsumer<String, String> close)
            throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > MAX_DEPTH) {
                        throw new XMLStreamException("elements are nested too deeply");
                    }
                    text.setLength(0);
                    open.accept(reader.getLocalName());
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    close.accept(reader.getLocalName(), text.toString());
                    text.setLength(0);
                }
                case XMLStreamConstants.ENTITY_REFERENCE, XMLStreamConstants.DTD ->
                    throw new XMLStreamException("entities and document types are not allowed");
                default -> {}
            }
        }
    }

    static String attribute(XMLStreamReader reader, String name) {
        String value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    /** A non-negative number. */
    static long number(String text) {
        long number = Long.parseLong(text.strip());
        if (number < 0) {
            throw new IllegalArgumentException("a negative number: " + text);
        }
        return number;
    }

    /** A path that stays inside of the repository. */
    static String safeHref(String href) {
        boolean safe = !href.isEmpty()
                && !href.startsWith("/")
                && href.indexOf('\0') < 0
                && href.indexOf('\\') < 0
                && !href.contains("://");
        for (String part : href.split("/", -1)) {
            safe &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        }
        if (!safe) {
            throw new IllegalArgumentException("the location '" + href + "' leads out of the repository");
        }
        return href;
    }
}
