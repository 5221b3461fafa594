package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.TwoliterException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Feeds lead and headers of a package; every answer but a {@link FormatException} is a mistake. */
public final class HeaderFuzzer {
    private HeaderFuzzer() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        RpmPackage rpm;
        try {
            rpm = RpmPackage.read(Path.of("fuzz"), new ByteArrayInputStream(data), data.length);
        } catch (FormatException e) {
            return;
        }
        for (RelationKind kind : RelationKind.values()) {
            attempt(() -> rpm.relations(kind));
        }
        attempt(rpm::changelog);
        attempt(rpm::scriptlets);
        attempt(() -> TreeManifest.of(rpm));
        attempt(rpm::archiveSize);
        attempt(rpm::installedSize);
        attempt(rpm::isSigned);
        for (RpmHeader header : List.of(rpm.header(), rpm.signatureHeader())) {
            for (int tag : header.tags()) {
                attempt(() -> header.translations(tag));
                attempt(() -> header.ints(tag));
                attempt(() -> header.bytes(tag));
            }
        }
    }

    private static void attempt(Runnable reading) {
        try {
            reading.run();
        } catch (TwoliterException e) {
            if (!(e instanceof FormatException)) {
                throw e;
            }
        }
    }
}
