package dev.twoliter.oci;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.tar.TarEntry;
import dev.twoliter.oci.internal.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;

/** Looks into a layer without unpacking it: a tar, plain or compressed with gzip or zstd, which its first bytes tell. */
public final class LayerReader {

    private LayerReader() {}

    /** Is shown the files of a layer, in order. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Is shown a file.
         *
         * @param name its name as the layer has it, which is not checked: it may lead anywhere
         * @param content its content; need not be read
         * @return whether to go on
         * @throws IOException if the content cannot be put where the visitor wants it
         */
        boolean file(String name, InputStream content) throws IOException;
    }

    /**
     * Shows the plain files of a layer. Unless the visitor ends it, the layer is read to its end, so that a {@link
     * VerifyingStream} comes to its verdict.
     *
     * @param layer the layer; not closed
     * @param subject what it is, for messages
     * @param visitor is shown the files
     * @throws FormatException if the layer is damaged, hostile or too large
     * @throws StorageException if it cannot be read, or the visitor fails
     */
    public static void read(InputStream layer, String subject, Visitor visitor) {
        LayerLimits limits = LayerLimits.DEFAULT;
        try (TarReader tar = new TarReader(
                new LayerStream(layer, subject, limits.maxRatio()), subject, limits.maxBytes(), limits.maxEntries())) {
            for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
                if (entry.kind() == TarEntry.Kind.FILE && !visitor.file(entry.name(), new TarContent(tar))) {
                    return;
                }
            }
        } catch (IOException e) {
            throw StorageException.of("read", subject, e);
        }
    }
}
