package dev.twoliter.rpm;

final class Verification {
    Verification(java.nio.file.Path b, Object k) {}

    RpmVerification run() {
        throw new UnsupportedOperationException("not yet");
    }
}
