package dev.twoliter.rpm.internal.repo;

public final class RepodataWriter {
    public RepodataWriter(java.nio.file.Path p, Object v) {}

    public dev.twoliter.rpm.repo.RepoIndex write() {
        throw new UnsupportedOperationException("not yet");
    }
}
