package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.FormatException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What {@code repomd.xml} says.
 *
 * @param data by type, such as {@code primary}
 */
record Repomd(String revision, Map<String, Data> data) {

    /** One metadata file; sizes are -1, and the checksum of what is decompressed is empty, when not given. */
    record Data(String href, String algorithm, String checksum, String openChecksum, long size, long openSize) {
        MessageDigest newDigest(String subject) {
            String name = switch (algorithm) {
                case "sha256" -> "SHA-256";
                case "sha512" -> "SHA-512";
                case "sha384" -> "SHA-384";
                case "sha", "sha1" -> "SHA-1";
                default ->
                    throw new FormatException(subject, "its checksum is of the unknown type '" + algorithm + "'");
            };
            try {
                return MessageDigest.getInstance(name);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this JDK lacks " + name, e);
            }
        }
    }

    /** Writes it; every time is the same. */
    static byte[] write(long seconds, List<MetadataFile.Info> files) {
        Xml xml = new Xml(0);
        xml.raw(Xml.HEAD);
        xml.open("repomd", "xmlns", Names.REPO, "xmlns:rpm", Names.RPM);
        xml.text("revision", Long.toString(seconds));
        for (MetadataFile.Info info : files) {
            xml.open("data", "type", info.type());
            xml.textWith("checksum", info.sha256(), "type", "sha256");
            xml.textWith("open-checksum", info.openSha256(), "type", "sha256");
            xml.empty("location", "href", "repodata/" + info.fileName());
            xml.text("timestamp", Long.toString(seconds));
            xml.text("size", Long.toString(info.size()));
            xml.text("open-size", Long.toString(info.openSize()));
            if (info.type().endsWith(MetadataFile.DATABASE)) {
                xml.text("database_version", Integer.toString(Databases.VERSION));
            }
            xml.close("data");
        }
        xml.close("repomd");
        return xml.toBytes();
    }

    static Repomd parse(InputStream in, String subject) {
        return XmlParsing.parse(in, subject, (reader, file) -> new Parser(reader).parse());
    }

    private static final class Parser {
        private final XMLStreamReader reader;
        private final Map<String, Data> data = new LinkedHashMap<>();
        private String revision = "";
        private String type = "";
        private String href = "";
        private String algorithm = "";
        private String checksum = "";
        private String openChecksum = "";
        private long size;
        private long openSize;

        Parser(XMLStreamReader reader) {
            this.reader = reader;
        }

        Repomd parse() throws XMLStreamException {
            XmlParsing.walk(reader, this::open, this::close);
            return new Repomd(revision, data);
        }

        private void open(String element) {
            switch (element) {
                case "data" -> {
                    type = XmlParsing.attribute(reader, "type");
                    href = "";
                    algorithm = "";
                    checksum = "";
                    openChecksum = "";
                    size = -1;
                    openSize = -1;
                }
                case "checksum" -> algorithm = XmlParsing.attribute(reader, "type");
                case "location" -> href = XmlParsing.safeHref(XmlParsing.attribute(reader, "href"));
                default -> {}
            }
        }

        private void close(String element, String text) {
            switch (element) {
                case "revision" -> revision = text.strip();
                case "checksum" -> checksum = text.strip().toLowerCase(Locale.ROOT);
                case "open-checksum" -> openChecksum = text.strip().toLowerCase(Locale.ROOT);
                case "size" -> size = XmlParsing.number(text);
                case "open-size" -> openSize = XmlParsing.number(text);
                case "data" -> {
                    if (href.isEmpty() || checksum.isEmpty()) {
                        throw new IllegalArgumentException(
                                "the metadata '" + type + "' has no location or no checksum");
                    }
                    data.putIfAbsent(type, new Data(href, algorithm, checksum, openChecksum, size, openSize));
                }
                default -> {}
            }
        }
    }
}
