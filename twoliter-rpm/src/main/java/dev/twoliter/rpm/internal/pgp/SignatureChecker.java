package dev.twoliter.rpm.internal.pgp;

import dev.twoliter.rpm.RpmVerification.Result;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.jspecify.annotations.Nullable;

/** One signature that is being checked against a stream of bytes. Not thread-safe. */
public final class SignatureChecker {
    private final String keyId;
    private final @Nullable PGPSignature signature; // null: the result is known already
    private final Result settled;

    SignatureChecker(String keyId, @Nullable PGPSignature signature, Result settled) {
        this.keyId = keyId;
        this.signature = signature;
        this.settled = settled;
    }

    static SignatureChecker settled(String keyId, Result result) {
        return new SignatureChecker(keyId, null, result);
    }

    public void update(byte[] bytes, int offset, int length) {
        if (signature != null) {
            signature.update(bytes, offset, length);
        }
    }

    /** Ends the check; to be called once. */
    public Result result() {
        if (signature == null) {
            return settled;
        }
        try {
            return signature.verify() ? Result.OK : Result.BAD;
        } catch (PGPException | RuntimeException e) {
            return Result.BAD;
        }
    }

    /** The key that signed, 16 hexadecimal digits; empty when unreadable. */
    public String keyId() {
        return keyId;
    }
}
