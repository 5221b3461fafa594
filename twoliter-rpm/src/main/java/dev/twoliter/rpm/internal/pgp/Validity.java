package dev.twoliter.rpm.internal.pgp;

import java.util.Date;
import java.util.Iterator;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;

/**
 * What a key's own signatures say about its use. The newest counts. A key without flags may sign when it is a primary
 * key (RFC 4880, 5.2.3.21).
 */
record Validity(boolean maySign, long createdMillis, long seconds) {

    static Validity of(PGPPublicKey key, PGPPublicKey primary) {
        long seconds = key.getValidSeconds();
        Boolean flagged = null;
        long newest = Long.MIN_VALUE;
        for (Iterator<PGPSignature> all = key.getSignatures(); all.hasNext(); ) {
            PGPSignature signature = all.next();
            PGPSignatureSubpacketVector hashed = signature.getHashedSubPackets();
            boolean own = signature.getKeyID() == primary.getKeyID();
            if (own
                    && hashed != null
                    && hashed.getSubpacket(org.bouncycastle.bcpg.SignatureSubpacketTags.KEY_FLAGS) != null
                    && signature.getCreationTime().getTime() > newest) {
                newest = signature.getCreationTime().getTime();
                flagged = (hashed.getKeyFlags() & KeyFlags.SIGN_DATA) != 0;
            }
        }
        boolean maySign = flagged == null ? key.isMasterKey() : flagged;
        return new Validity(maySign, key.getCreationTime().getTime(), seconds);
    }

    /** Whether a signature of that time was made before the key existed or after it had expired. */
    boolean isOver(Date time) {
        return time.getTime() < createdMillis || (seconds > 0 && time.getTime() > createdMillis + seconds * 1000);
    }
}
