package dev.twoliter.rpm.internal.repo;

import org.jspecify.annotations.Nullable;

public final class RepodataReader {
    public RepodataReader(java.nio.file.Path p, dev.twoliter.rpm.@Nullable RpmVerifier v) {}

    public dev.twoliter.rpm.repo.Repository read() {
        throw new UnsupportedOperationException("not yet");
    }
}
