package dev.twoliter.rpm;

import dev.twoliter.api.Digest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The signature header as rpmbuild and rpmsign write it. It keeps {@value #RESERVED_BYTES} bytes in reserve, which
 * signatures use up, so that signing moves no byte behind it.
 */
final class SignatureHeader {
    /** 32 bytes and the 4,096 of the macro {@code __gpg_reserved_space}. */
    static final int RESERVED_BYTES = 4128;

    private SignatureHeader() {}

    static byte[] unsigned(byte[] header, long payloadBytes, long archiveBytes, boolean longSizes) {
        HeaderWriter writer = new HeaderWriter()
                .string(
                        RpmTag.SIG_SHA1,
                        HexFormat.of().formatHex(function("SHA-1").digest(header)))
                .string(RpmTag.SIG_SHA256, Digest.ofBytes(header).hex());
        long size = header.length + payloadBytes;
        if (longSizes) {
            writer.int64(RpmTag.SIG_LONGSIZE, size).int64(RpmTag.SIG_LONGARCHIVESIZE, archiveBytes);
        } else {
            writer.int32(RpmTag.SIG_SIZE, size).int32(RpmTag.SIG_PAYLOADSIZE, archiveBytes);
        }
        return writer.bytes(RpmTag.SIG_RESERVEDSPACE, new byte[RESERVED_BYTES]).toBlob(RpmTag.HEADERSIGNATURES);
    }

    /** Begins a copy of which entries may be changed; {@link #fit} completes it. */
    static HeaderWriter copy(RpmHeader old) {
        HeaderWriter writer = new HeaderWriter();
        old.entries().forEach(entry -> writer.raw(old, entry));
        return writer;
    }

    /** Lays out a changed copy, whose reserved space shrinks or grows so that it is as long as the original. */
    static byte[] fit(RpmHeader old, HeaderWriter changed) {
        int wanted = old.blob().length;
        // The reserve is the last entry and needs no alignment, so each of its bytes is one byte of the blob.
        int withOneByte = changed.bytes(RpmTag.SIG_RESERVEDSPACE, new byte[1]).toBlob(RpmTag.HEADERSIGNATURES).length;
        int reserve = wanted - withOneByte + 1;
        if (reserve >= 1) {
            changed.bytes(RpmTag.SIG_RESERVEDSPACE, new byte[reserve]);
        } else {
            changed.remove(RpmTag.SIG_RESERVEDSPACE);
        }
        return changed.toBlob(RpmTag.HEADERSIGNATURES);
    }

    /** A digest function that every JDK has. */
    static MessageDigest function(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks " + name, e);
        }
    }
}
