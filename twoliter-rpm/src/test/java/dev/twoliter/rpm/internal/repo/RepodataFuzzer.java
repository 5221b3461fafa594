package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.FormatException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Feeds the parsers of repomd.xml, primary, filelists and other; the first byte chooses one. */
public final class RepodataFuzzer {
    private RepodataFuzzer() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        InputStream in = new ByteArrayInputStream(data, 1, data.length - 1);
        try {
            switch (data[0]) {
                case 'r' -> Repomd.parse(in, "fuzz");
                case 'p' -> XmlParsing.parse(in, "fuzz", new PrimaryParser(id -> () -> null)::parse);
                case 'o' -> XmlParsing.parse(in, "fuzz", ListEntries::changes);
                case 'e' -> XmlParsing.parse(in, "fuzz", new PrimaryEntries()::parse);
                default -> XmlParsing.parse(in, "fuzz", ListEntries::files);
            }
        } catch (FormatException e) {
            // the one that is promised
        }
    }
}
