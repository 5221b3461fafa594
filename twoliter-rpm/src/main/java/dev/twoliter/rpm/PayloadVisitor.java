package dev.twoliter.rpm;

import java.io.IOException;
import java.io.InputStream;

/** Receives the files of a payload, in the order of the archive, see {@link RpmPackage#unpack}. */
public interface PayloadVisitor {
    /**
     * Receives one file. Ghosts are not part of a payload and never come here.
     *
     * @param file what the header says about it
     * @param content a regular file's content, empty for other types; valid during the call only; need not be read to
     *     its end. Its last {@code read} throws {@link dev.twoliter.api.VerificationException} when the content is not
     *     what the header says
     * @throws IOException to stop, reported as {@link dev.twoliter.api.StorageException}
     */
    void visit(RpmFile file, InputStream content) throws IOException;

    /**
     * Receives another name of a regular file that {@link #visit} has just received.
     *
     * @param file the other name
     * @param sameAs the file visited
     * @throws IOException to stop, reported as {@link dev.twoliter.api.StorageException}
     */
    void hardLink(RpmFile file, RpmFile sameAs) throws IOException;
}
