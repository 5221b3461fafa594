package dev.twoliter.rpm;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Feeds the payload of a package whose header is good. */
public final class PayloadFuzzer {
    private static final RpmPackage PACKAGE = open();

    private PayloadFuzzer() {}

    /** Files of every kind, with a set of hard links. */
    static RawRpm raw() {
        byte[] shared = RawRpm.content("shared");
        String digest = RawRpm.sha256(shared);
        return new RawRpm()
                .directory("/d", 0755)
                .file("/d/empty", 0644, "")
                .file("/d/f", 0644, "hello, hello, hello, hello")
                .symlink("/d/l", "f")
                .listed("/x", 0100644, 6, digest, "", 9)
                .record("./x", new byte[0])
                .listed("/y", 0100644, 6, digest, "", 9)
                .record("./y", shared)
                .listed("/z", 0020666, 0, "", "", 11)
                .record("./z", new byte[0]);
    }

    private static RpmPackage open() {
        try {
            Path file = Files.createTempFile("fuzz", ".rpm");
            try {
                return RpmPackage.open(raw().write(file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        try {
            new PayloadReader(PACKAGE).run(new ByteArrayInputStream(data), new PayloadVisitor() {
                @Override
                public void visit(RpmFile file, InputStream content) throws IOException {
                    content.transferTo(OutputStream.nullOutputStream());
                }

                @Override
                public void hardLink(RpmFile file, RpmFile sameAs) {
                    if (!file.digest().equals(sameAs.digest())) {
                        throw new AssertionError(file + " is no link of " + sameAs);
                    }
                }
            });
        } catch (FormatException | VerificationException e) {
            // the two that are promised
        }
    }
}
