package dev.twoliter.oci;

import dev.twoliter.api.AuthenticationException;
import dev.twoliter.api.Digest;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * One repository of an {@link ImageStore}: manifests by tag and digest, blobs by digest. Thread-safe. Every method can
 * throw {@link RegistryException}, or {@link AuthenticationException} where credentials are refused.
 */
public interface Repository {

    /** {@return its name below the store} */
    String name();

    /** {@return the whole reference without a tag, for messages} */
    String reference();

    /**
     * Reads a manifest or index.
     *
     * @param tagOrDigest a tag, or {@code sha256:HEX}
     * @return the manifest to the byte; empty when there is none
     * @throws VerificationException if it does not have the digest that it was asked by
     */
    Optional<RawManifest> manifest(String tagOrDigest);

    /**
     * Opens a blob.
     *
     * @param descriptor which
     * @return its content; reading throws {@link VerificationException} at the end when size or digest are wrong
     */
    InputStream blob(Descriptor descriptor);

    /**
     * Opens a blob, or the rest of it to go on with a download that was interrupted. Nothing is verified: only whoever
     * has the beginning can do that.
     *
     * @param descriptor which
     * @param offset the first byte to deliver, from 0 to less than the size; 0 is the whole
     * @return its content from there on, also where the registry can only send the whole
     */
    InputStream blob(Descriptor descriptor, long offset);

    /**
     * {@return whether a blob is there}
     *
     * @param digest which
     */
    boolean has(Digest digest);

    /**
     * Stores a blob; does nothing when it is there.
     *
     * @param descriptor its digest and size, which are checked
     * @param source its content
     */
    void pushBlob(Descriptor descriptor, BlobSource source);

    /**
     * Stores blobs, several at once where the store can ({@link StoreOptions#parallelism()}), each only once. The first
     * failure ends all of it; what is stored by then stays.
     *
     * @param blobs the blobs; their sources may be read by several threads at once
     */
    default void pushBlobs(List<BlobUpload> blobs) {
        for (BlobUpload blob : blobs) {
            pushBlob(blob.descriptor(), blob.source());
        }
    }

    /**
     * Takes a blob over from another repository of the same store, without moving its bytes.
     *
     * @param blob which
     * @param from the repository that has it
     * @return what came of it
     */
    default BlobMount mountBlob(Descriptor blob, Repository from) {
        return has(blob.digest()) ? BlobMount.PRESENT : BlobMount.ABSENT;
    }

    /**
     * Stores a manifest or index whose blobs and manifests are there.
     *
     * @param manifest the manifest, stored to the byte
     * @param tags the tags that shall name it from now on; none: it is stored by digest only
     * @return a descriptor of it
     */
    Descriptor pushManifest(RawManifest manifest, String... tags);

    /**
     * Reads the list of manifests that have a manifest as their subject, such as signatures. Unless a store knows better,
     * it is the index with the tag {@code sha256-HEX} (OCI distribution specification 1.1, "Referrers Tag Schema").
     *
     * @param digest the digest of the subject
     * @return an index; empty when nothing refers to it
     */
    default Optional<RawManifest> referrers(Digest digest) {
        return manifest(referrersTag(digest));
    }

    /**
     * {@return the tag of the list of referrers where a registry does not keep one itself}
     *
     * @param digest the digest of the subject
     */
    static String referrersTag(Digest digest) {
        return digest.algorithm() + "-" + digest.hex();
    }

    /** {@return all tags, sorted} */
    List<String> tags();
}
