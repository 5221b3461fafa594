package dev.twoliter.rpm;

import java.io.IOException;
import java.nio.file.Path;

final class RpmWriter {
    RpmWriter(RpmBuilder b) {}

    RpmPackageInfo write(Path t) throws IOException {
        throw new UnsupportedOperationException("not yet");
    }
}
