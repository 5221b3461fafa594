package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.rpm.RpmVerification.Result;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One signature that is being checked against a stream of bytes. Not thread-safe. */
public final class SignatureChecker {

    /** What is needed until the result is known. */
    private record Pending(
            SignaturePacket signature,
            HashAlgorithm hash,
            List<Certificate.Key> candidates,
            long time,
            MessageDigest function) {}

    private final String keyId;
    private @Nullable Pending pending;
    private Result result = Result.BAD;

    SignatureChecker(
            String keyId, SignaturePacket signature, HashAlgorithm hash, List<Certificate.Key> candidates, long time) {
        this.keyId = keyId;
        this.pending = new Pending(signature, hash, candidates, time, hash.function());
    }

    private SignatureChecker(String keyId, Result settled) {
        this.keyId = keyId;
        this.result = settled;
    }

    static SignatureChecker settled(String keyId, Result result) {
        return new SignatureChecker(keyId, result);
    }

    public void update(byte[] bytes, int offset, int length) {
        if (pending != null) {
            pending.function.update(bytes, offset, length);
        }
    }

    /** Ends the check. */
    public Result result() {
        Pending last = pending;
        if (last != null) {
            pending = null;
            for (Certificate.Key key : last.candidates) {
                Result found = check(last, key);
                result = found == Result.BAD ? result : found;
                if (result == Result.OK) {
                    break;
                }
            }
        }
        return result;
    }

    /** A signature that does not match is bad whatever its key is; only one that matches can be too late. */
    private static Result check(Pending pending, Certificate.Key key) {
        SignaturePacket signature = pending.signature;
        try {
            MessageDigest function = (MessageDigest) pending.function.clone();
            if (!signature.matches(function, pending.hash, key.packet()) || !key.maySign()) {
                return Result.BAD;
            }
        } catch (PgpException | CloneNotSupportedException e) {
            return Result.UNSUPPORTED;
        }
        if (key.revoked()) {
            return Result.REVOKED;
        }
        boolean over = signature.lifetime() != 0 && pending.time > signature.created() + signature.lifetime();
        if (over || !key.isValidAt(pending.time)) {
            return Result.EXPIRED;
        }
        return pending.hash.isWeak() ? Result.UNSUPPORTED : Result.OK;
    }

    /** The key that signed, 16 hexadecimal digits; empty when unreadable. */
    public String keyId() {
        return keyId;
    }
}
