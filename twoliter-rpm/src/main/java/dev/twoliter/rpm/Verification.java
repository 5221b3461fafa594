package dev.twoliter.rpm;

import dev.twoliter.api.StorageException;
import dev.twoliter.rpm.RpmVerification.DigestCheck;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.RpmVerification.SignatureCheck;
import dev.twoliter.rpm.RpmVerification.Verdict;
import dev.twoliter.rpm.internal.pgp.PublicKeys;
import dev.twoliter.rpm.internal.pgp.SignatureChecker;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One check of one package, in one pass. The rules are those of rpm 4.18's {@code rpmvs.c}: header and payload must
 * each be covered by a good digest, nothing may be bad; and once there is a signature, both must be covered by good
 * signatures, where the payload's digest in a signed header counts. Not thread-safe.
 */
final class Verification {
    private final Path file;
    private final PublicKeys keys;

    Verification(Path file, PublicKeys keys) {
        this.file = file;
        this.keys = keys;
    }

    /** A signature and the part of the file it covers. */
    private record Signature(String tag, boolean coversPayload, SignatureChecker checker) {}

    RpmVerification run() {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return run(RpmPackage.read(file, in, Files.size(file)), in);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private RpmVerification run(RpmPackage rpm, InputStream payload) throws IOException {
        rpm.requireCanonicalHeaders();
        RpmHeader stored = rpm.signatureHeader();
        byte[] header = rpm.header().blob();
        List<DigestCheck> digests = new ArrayList<>();
        List<Signature> signatures = signatures(stored);

        stored.string(RpmTag.SIG_SHA256)
                .ifPresent(hex -> digests.add(check(
                        "header-sha256", SignatureHeader.function("SHA-256").digest(header), hex)));
        stored.string(RpmTag.SIG_SHA1)
                .ifPresent(hex -> digests.add(
                        check("header-sha1", SignatureHeader.function("SHA-1").digest(header), hex)));
        boolean headerCovered = !digests.isEmpty();

        Optional<String> payloadHex = rpm.header().string(RpmTag.PAYLOADDIGEST);
        MessageDigest payloadDigest = payloadHex.isEmpty()
                ? null
                : FileDigests.function(
                        rpm.header().number(RpmTag.PAYLOADDIGESTALGO).orElse(FileDigests.SHA256));
        MessageDigest md5 = stored.has(RpmTag.SIG_MD5) ? SignatureHeader.function("MD5") : null;
        if (md5 != null) {
            md5.update(header);
        }
        signatures.forEach(signature -> signature.checker.update(header, 0, header.length));
        readPayload(payload, payloadDigest, md5, signatures);

        payloadHex.ifPresent(hex -> digests.add(
                payloadDigest == null
                        ? new DigestCheck("payload", Result.UNSUPPORTED)
                        : check("payload", payloadDigest.digest(), hex)));
        if (md5 != null) {
            digests.add(check("md5", md5.digest(), stored.hex(RpmTag.SIG_MD5)));
        }
        List<SignatureCheck> results = signatures.stream()
                .map(s -> new SignatureCheck(s.tag, s.checker.keyId(), s.checker.result()))
                .toList();
        boolean payloadCovered = payloadDigest != null || md5 != null;
        boolean covered = (headerCovered || md5 != null) && payloadCovered;
        boolean signedWhole = payloadDigest != null;
        for (int i = 0; i < results.size(); i++) {
            signedWhole |= signatures.get(i).coversPayload && results.get(i).result() == Result.OK;
        }
        return new RpmVerification(file, verdict(digests, results, covered, signedWhole), digests, results);
    }

    private static void readPayload(
            InputStream payload,
            @Nullable MessageDigest digest,
            @Nullable MessageDigest md5,
            List<Signature> signatures)
            throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = payload.read(buffer); n >= 0; n = payload.read(buffer)) {
            if (digest != null) {
                digest.update(buffer, 0, n);
            }
            if (md5 != null) {
                md5.update(buffer, 0, n);
            }
            for (Signature signature : signatures) {
                if (signature.coversPayload) {
                    signature.checker.update(buffer, 0, n);
                }
            }
        }
    }

    private static DigestCheck check(String name, byte[] actual, String expected) {
        boolean same = HexFormat.of().formatHex(actual).equals(expected.toLowerCase(Locale.ROOT));
        return new DigestCheck(name, same ? Result.OK : Result.BAD);
    }

    private List<Signature> signatures(RpmHeader stored) {
        List<Signature> signatures = new ArrayList<>();
        binary(stored, RpmTag.SIG_DSA, "DSA", false, signatures);
        binary(stored, RpmTag.SIG_RSA, "RSA", false, signatures);
        for (String packet : stored.strings(RpmTag.SIG_OPENPGP)) {
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(packet);
            } catch (IllegalArgumentException e) {
                bytes = new byte[0];
            }
            signatures.add(new Signature("OPENPGP", false, keys.checker(bytes)));
        }
        binary(stored, RpmTag.SIG_PGP, "PGP", true, signatures);
        binary(stored, RpmTag.SIG_GPG, "GPG", true, signatures);
        return signatures;
    }

    private void binary(RpmHeader stored, int tag, String name, boolean payload, List<Signature> signatures) {
        if (stored.has(tag)) {
            signatures.add(new Signature(name, payload, keys.checker(stored.bytes(tag))));
        }
    }

    private static Verdict verdict(
            List<DigestCheck> digests, List<SignatureCheck> signatures, boolean covered, boolean signedWhole) {
        if (!covered || digests.stream().anyMatch(digest -> digest.result() != Result.OK)) {
            return Verdict.BAD;
        }
        if (signatures.isEmpty()) {
            return Verdict.UNSIGNED;
        }
        if (signatures.stream().anyMatch(s -> s.result() != Result.OK && s.result() != Result.MISSING_KEY)) {
            return Verdict.BAD;
        }
        if (signatures.stream().noneMatch(s -> s.result() == Result.OK)) {
            return Verdict.NO_KEY;
        }
        return signedWhole ? Verdict.OK : Verdict.BAD;
    }
}
