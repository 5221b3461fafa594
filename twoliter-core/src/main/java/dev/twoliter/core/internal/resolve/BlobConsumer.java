package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.VerifyingStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Makes something of content that is not verified before its end: nothing of it may be seen until then.
 *
 * @param <T> what is made
 */
@FunctionalInterface
interface BlobConsumer<T> {

    /**
     * Reads the content, to its end or not.
     *
     * @param content the content
     * @return what was made of it
     */
    T consume(InputStream content);

    /**
     * Consumes content and reads what is left of it.
     *
     * @param content the content
     * @return what was made of it
     * @throws VerificationException if the content is not what it should be, whatever the consumer says of it
     * @throws FormatException if it is, and the consumer cannot take it
     */
    default T judge(VerifyingStream content) throws IOException {
        T result;
        try {
            result = consume(content);
        } catch (FormatException e) {
            content.transferTo(OutputStream.nullOutputStream());
            throw e;
        }
        content.transferTo(OutputStream.nullOutputStream());
        return result;
    }
}
