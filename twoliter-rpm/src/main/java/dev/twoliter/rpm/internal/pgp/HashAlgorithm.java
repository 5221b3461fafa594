package dev.twoliter.rpm.internal.pgp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The hash functions of OpenPGP (RFC 4880, 9.4; RFC 9580, 9.5), by their numbers. */
enum HashAlgorithm {
    MD5(1, "MD5", ""),
    SHA1(2, "SHA-1", "3021300906052b0e03021a05000414"),
    SHA256(8, "SHA-256", "3031300d060960864801650304020105000420"),
    SHA384(9, "SHA-384", "3041300d060960864801650304020205000430"),
    SHA512(10, "SHA-512", "3051300d060960864801650304020305000440"),
    SHA224(11, "SHA-224", "302d300d06096086480165030402040500041c"),
    SHA3_256(12, "SHA3-256", "3031300d060960864801650304020805000420"),
    SHA3_512(14, "SHA3-512", "3051300d060960864801650304020a05000440");

    final int number;
    private final String jdkName;
    private final String digestInfo;

    HashAlgorithm(int number, String jdkName, String digestInfo) {
        this.number = number;
        this.jdkName = jdkName;
        this.digestInfo = digestInfo;
    }

    static @Nullable HashAlgorithm of(int number) {
        for (HashAlgorithm algorithm : values()) {
            if (algorithm.number == number) {
                return algorithm;
            }
        }
        return null;
    }

    MessageDigest function() {
        try {
            return MessageDigest.getInstance(jdkName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks " + jdkName, e);
        }
    }

    /** What stands before a digest that RSA signs: the DER of its algorithm (RFC 8017, 9.2). */
    byte[] digestInfo() {
        return HexFormat.of().parseHex(digestInfo);
    }

    /** Whether forgeries are within reach, so that a signature over content with it proves nothing. */
    boolean isWeak() {
        return this == MD5 || this == SHA1;
    }
}
