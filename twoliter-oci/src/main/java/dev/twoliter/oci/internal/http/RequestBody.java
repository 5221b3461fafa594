package dev.twoliter.oci.internal.http;

import java.io.IOException;
import java.io.OutputStream;

/** What a request carries; it can be written as often as needed. */
public interface RequestBody {

    /** {@return how many bytes} */
    long length();

    /**
     * Writes all of them.
     *
     * @throws IOException if the connection fails; a failure to read what is to be sent is a RuntimeException
     */
    void writeTo(OutputStream out) throws IOException;

    /** {@return bytes in memory} */
    static RequestBody of(byte[] bytes) {
        return new RequestBody() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }
        };
    }
}
