package dev.twoliter.oci;

import dev.twoliter.api.AuthenticationException;
import dev.twoliter.api.Digest;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Where the signatures of one manifest or index are kept, in one form. */
interface SignatureStore {

    /**
     * One signature that was found.
     */
    @FunctionalInterface
    interface Found {
        /** Reads it; empty when it is damaged, missing, of another kind, or for another image. */
        Optional<SignedText> read();
    }

    /** Lists what is there without reading it; no more than anybody looks at. */
    List<Found> list();

    /** Adds a signature to what is there now. */
    void add(ImageSigningKey key);

    static SignatureStore of(SignatureForm form, Repository repository, Digest digest) {
        return switch (form) {
            case TAG -> new TagSignatures(repository, digest);
            case BUNDLE -> new BundleSignatures(repository, digest);
        };
    }

    /**
     * Reads a small blob and checks it, whatever the store has checked. One that is damaged or missing does not spoil the
     * others; a registry that fails does.
     */
    static Optional<byte[]> read(Repository repository, Descriptor blob, int max) {
        if (blob.size() > max) {
            return Optional.empty();
        }
        try (InputStream in = repository.blob(blob)) {
            byte[] bytes = in.readNBytes(max + 1);
            boolean right = bytes.length == blob.size() && Digest.ofBytes(bytes).equals(blob.digest());
            return right ? Optional.of(bytes) : Optional.empty();
        } catch (IOException e) {
            throw StorageException.of("read", "the signature " + blob.digest() + " in " + repository.reference(), e);
        } catch (VerificationException e) {
            return Optional.empty();
        } catch (RegistryException e) {
            if (e.retryable() || e instanceof AuthenticationException) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
