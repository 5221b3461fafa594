package dev.twoliter.core.internal.boot.pe;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import net.jsign.AuthenticodeSigner;
import net.jsign.DigestAlgorithm;
import net.jsign.pe.PEFile;

/**
 * Signs PE files as UEFI firmware and shim want it: SHA-256, the signer's and its authority's certificate, no time
 * stamp, so the same file and key give the same bytes.
 */
public final class Authenticode {
    private Authenticode() {}

    /**
     * Replaces all signatures of a file by one.
     *
     * @param image the file
     * @param identity who signs
     * @return the signed file
     * @throws FormatException if the image cannot be signed as it is
     * @throws SigningException if the key cannot be used
     * @throws StorageException if there is no room for a temporary file
     */
    public static PeImage sign(PeImage image, SigningIdentity identity) {
        try {
            Path file = Files.createTempFile("twoliter", ".efi"); // jsign edits in place
            try {
                Files.write(file, image.withoutSignatures().bytes());
                sign(image.subject(), file, identity);
                return PeImage.parse(image.subject(), Files.readAllBytes(file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw StorageException.of("sign", image.subject(), e);
        }
    }

    // jsign reports what it does not like about a file by whatever exception it meets.
    @SuppressWarnings("IllegalCatch")
    private static void sign(String subject, Path file, SigningIdentity identity) throws IOException {
        Certificate[] chain = {identity.certificate(), identity.issuer()};
        AuthenticodeSigner signer = new AuthenticodeSigner(chain, identity.key())
                .withDigestAlgorithm(DigestAlgorithm.SHA256)
                .withTimestamping(false);
        try (PEFile pe = new PEFile(file.toFile())) {
            signer.sign(pe);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new SigningException(
                    subject + " cannot be signed with " + identity.name() + ": " + e.getMessage(),
                    "Check that it is a program for UEFI, and that the key can be used.",
                    e);
        }
    }
}
