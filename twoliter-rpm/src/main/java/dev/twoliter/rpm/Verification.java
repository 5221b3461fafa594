package dev.twoliter.rpm;

import dev.twoliter.rpm.RpmVerification.DigestCheck;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.RpmVerification.SignatureCheck;
import dev.twoliter.rpm.RpmVerification.Verdict;
import dev.twoliter.rpm.internal.pgp.PublicKeys;
import dev.twoliter.rpm.internal.pgp.SignatureChecker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One check of one package, which reads it once. The rules are those of rpm 4.18's {@code rpmvs.c}: header and payload
 * must each be covered by a good digest, nothing may be bad; and once there is a signature, both must be covered by good
 * signatures, where the payload's digest in a signed header counts. Not thread-safe.
 */
final class Verification {
    private static final int CHUNK = 1 << 16;

    private final RpmPackage rpm;
    private final FileChannel payload;
    private final List<Digest> digests = new ArrayList<>();
    private final List<Signature> signatures = new ArrayList<>();

    private Verification(RpmPackage rpm, FileChannel payload) {
        this.rpm = rpm;
        this.payload = payload;
    }

    /**
     * A digest and the values of which one must match: the second is that of an uncompressed payload, for packages whose
     * payload was stored so later.
     */
    private record Digest(
            String name,
            boolean ofHeader,
            boolean ofPayload,
            Optional<String> expected,
            Optional<String> alternative,
            @Nullable MessageDigest function) {

        DigestCheck check() {
            if (expected.isEmpty()) {
                return new DigestCheck(name, Result.ABSENT);
            }
            if (function == null) {
                return new DigestCheck(name, Result.UNSUPPORTED);
            }
            String actual = HexFormat.of().formatHex(function.digest());
            boolean same = isSame(actual, expected) || isSame(actual, alternative);
            return new DigestCheck(name, same ? Result.OK : Result.BAD);
        }

        private static boolean isSame(String actual, Optional<String> value) {
            return value.isPresent() && value.get().toLowerCase(Locale.ROOT).equals(actual);
        }
    }

    /** A signature and the part of the file it covers. */
    private record Signature(String tag, boolean coversPayload, SignatureChecker checker) {}

    /** Reads the headers of a package; the channel is left at the payload. */
    static Verification begin(Path file, FileChannel in) throws IOException {
        InputStream stream = Channels.newInputStream(in);
        RpmPackage rpm = RpmPackage.read(file, stream, in.size());
        rpm.requireCanonicalHeaders();
        return new Verification(rpm, in);
    }

    RpmPackage rpm() {
        return rpm;
    }

    /**
     * Reads the payload and compares.
     *
     * @param keys to check signatures with, null to leave them out
     * @param at when keys must be valid, null for the time of each signature
     * @param copy receives the payload, null for none
     */
    RpmVerification finish(
            @Nullable PublicKeys keys, @Nullable Instant at, VerifyPolicy policy, @Nullable FileChannel copy)
            throws IOException {
        collectDigests();
        if (keys != null) {
            collectSignatures(keys, at);
        }
        byte[] header = rpm.header().blob();
        digests.stream()
                .filter(digest -> digest.ofHeader && digest.function != null)
                .forEach(digest -> digest.function.update(header));
        signatures.forEach(signature -> signature.checker.update(header, 0, header.length));
        readPayload(copy);
        List<DigestCheck> digestResults = digests.stream().map(Digest::check).toList();
        List<SignatureCheck> signatureResults = signatures.stream()
                .map(s -> new SignatureCheck(s.tag, s.checker.keyId(), s.checker.result()))
                .toList();
        return new RpmVerification(
                rpm.file(),
                verdict(digestResults, signatureResults, policy),
                digestResults,
                signatureResults,
                Optional.empty());
    }

    private void collectDigests() {
        RpmHeader stored = rpm.signatureHeader();
        RpmHeader header = rpm.header();
        addOfHeader("header-sha256", RpmTag.SIG_SHA256, "SHA-256");
        addOfHeader("header-sha1", RpmTag.SIG_SHA1, "SHA-1");
        if (stored.has(RpmTag.SIG_SHA3_256)) {
            addOfHeader("header-sha3-256", RpmTag.SIG_SHA3_256, "SHA3-256");
        }
        addOfPayload(
                "payload",
                RpmTag.PAYLOADDIGEST,
                RpmTag.PAYLOADDIGESTALT,
                FileDigests.function(header.number(RpmTag.PAYLOADDIGESTALGO).orElse(FileDigests.SHA256)));
        if (header.has(RpmTag.PAYLOADSHA512)) {
            MessageDigest sha512 = SignatureHeader.function("SHA-512");
            addOfPayload("payload-sha512", RpmTag.PAYLOADSHA512, RpmTag.PAYLOADSHA512ALT, sha512);
        }
        if (header.has(RpmTag.PAYLOADSHA3_256)) {
            MessageDigest sha3 = SignatureHeader.function("SHA3-256");
            addOfPayload("payload-sha3-256", RpmTag.PAYLOADSHA3_256, RpmTag.PAYLOADSHA3_256ALT, sha3);
        }
        Optional<String> md5 = stored.has(RpmTag.SIG_MD5) ? Optional.of(stored.hex(RpmTag.SIG_MD5)) : Optional.empty();
        digests.add(new Digest("md5", true, true, md5, Optional.empty(), SignatureHeader.function("MD5")));
    }

    private void addOfHeader(String name, int tag, String function) {
        digests.add(new Digest(
                name,
                true,
                false,
                rpm.signatureHeader().string(tag),
                Optional.empty(),
                SignatureHeader.function(function)));
    }

    private void addOfPayload(String name, int tag, int alternative, @Nullable MessageDigest function) {
        RpmHeader header = rpm.header();
        digests.add(new Digest(name, false, true, header.string(tag), header.string(alternative), function));
    }

    private void collectSignatures(PublicKeys keys, @Nullable Instant at) {
        RpmHeader stored = rpm.signatureHeader();
        for (SignatureTag tag : SignatureTag.values()) {
            for (byte[] packet : tag.packets(stored)) {
                signatures.add(new Signature(tag.name(), tag.coversPayload(), keys.checker(packet, at)));
            }
        }
    }

    private void readPayload(@Nullable FileChannel copy) throws IOException {
        List<MessageDigest> functions = new ArrayList<>();
        for (Digest digest : digests) {
            if (digest.ofPayload && digest.expected.isPresent() && digest.function != null) {
                functions.add(digest.function);
            }
        }
        List<SignatureChecker> checkers = signatures.stream()
                .filter(Signature::coversPayload)
                .map(Signature::checker)
                .toList();
        byte[] chunk = new byte[CHUNK];
        ByteBuffer buffer = ByteBuffer.wrap(chunk);
        for (int n = payload.read(buffer); n >= 0; n = payload.read(buffer.clear())) {
            for (MessageDigest function : functions) {
                function.update(chunk, 0, n);
            }
            for (SignatureChecker checker : checkers) {
                checker.update(chunk, 0, n);
            }
            buffer.flip();
            while (copy != null && buffer.hasRemaining()) {
                copy.write(buffer);
            }
        }
    }

    private Verdict verdict(List<DigestCheck> digestResults, List<SignatureCheck> signed, VerifyPolicy policy) {
        boolean header = false;
        boolean payloadCovered = false;
        boolean payloadInHeader = false;
        for (int i = 0; i < digests.size(); i++) {
            Result result = digestResults.get(i).result();
            if (result != Result.OK && result != Result.ABSENT) {
                return Verdict.BAD;
            }
            Digest digest = digests.get(i);
            header |= digest.ofHeader && result == Result.OK;
            payloadCovered |= digest.ofPayload && result == Result.OK;
            payloadInHeader |= digest.ofPayload && !digest.ofHeader && result == Result.OK;
        }
        if (!header || !payloadCovered) {
            return Verdict.BAD;
        }
        if (signed.isEmpty()) {
            return Verdict.UNSIGNED;
        }
        boolean any = false;
        boolean whole = payloadInHeader;
        for (int i = 0; i < signed.size(); i++) {
            Result result = signed.get(i).result();
            boolean good = policy.accepts(result);
            if (!good && result != Result.MISSING_KEY) {
                return Verdict.BAD;
            }
            any |= good;
            whole |= good && signatures.get(i).coversPayload;
        }
        if (!any) {
            return Verdict.NO_KEY;
        }
        return whole ? Verdict.OK : Verdict.BAD;
    }
}
