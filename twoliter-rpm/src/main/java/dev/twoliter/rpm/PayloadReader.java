package dev.twoliter.rpm;

final class PayloadReader {
    PayloadReader(RpmPackage b) {}

    void run(PayloadVisitor t) {
        throw new UnsupportedOperationException("not yet");
    }
}
