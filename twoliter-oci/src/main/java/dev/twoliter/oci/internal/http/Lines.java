package dev.twoliter.oci.internal.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads the lines of a message's head. */
final class Lines {

    static final int MAX = 16 << 10;

    private Lines() {}

    /** {@return a line without its end, which is CR LF or LF alone} */
    static String read(InputStream in, int max) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection was cut");
            }
            if (line.length() > max) {
                throw new ProtocolException("the head of the answer is too long");
            }
            line.append((char) c);
        }
        if (line.length() > 0 && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }
}
