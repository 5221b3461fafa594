package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.VerificationException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Signs images as cosign does, and says which keys have signed one (publishing.md 10.3). A signature counts when it was
 * made by a trusted key over a text that names the image's digest. The repository that the text names is told, not
 * checked: images are mirrored with their signatures, and cosign does not check it either.
 *
 * <p>Whoever can write to a registry can remove signatures or hide them behind a great number of others; he cannot make an
 * image pass that no trusted key has signed.
 */
public final class ImageSignatures {

    private static final int MAX_IMAGES = 1000;
    /** Others may write to the list of signatures between our reading and our writing. */
    private static final int MAX_ATTEMPTS = 5;

    private ImageSignatures() {}

    /**
     * {@return the tag that the signatures of a manifest have in the classic form}
     *
     * @param digest the signed manifest's digest
     */
    public static String tagOf(Digest digest) {
        return digest.algorithm() + "-" + digest.hex() + ".sig";
    }

    /**
     * Signs a manifest or index in the classic form; see {@link #sign(Repository, Digest, ImageSigningKey, SignatureForm)}.
     *
     * @param repository where the image is, and where the signature goes
     * @param digest the digest of the manifest or index
     * @param key the key
     * @return false if the key has signed it before
     */
    public static boolean sign(Repository repository, Digest digest, ImageSigningKey key) {
        return sign(repository, digest, key, SignatureForm.TAG);
    }

    /**
     * Signs a manifest or index, beside the signatures that are there. The same key signs a thing once; the same image and
     * key give the same bytes.
     *
     * @param repository where the image is, and where the signature goes
     * @param digest the digest of the manifest or index
     * @param key the key
     * @param form how the signature is kept
     * @return false if the key has signed it before in this form: then nothing is written
     * @throws SigningException if the signature does not stay, because others write signatures at the same time, or if
     *     there are too many signatures
     * @throws VerificationException if the signatures that are there cannot be read
     */
    public static boolean sign(Repository repository, Digest digest, ImageSigningKey key, SignatureForm form) {
        List<ImagePublicKey> own = List.of(key.publicKey());
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (examine(repository, digest, own, List.of(form), false).isGood()) {
                return attempt > 0;
            }
            SignatureStore.of(form, repository, digest).add(key);
        }
        throw new SigningException(
                "the signature of " + repository.reference() + "@" + digest + " does not stay where it is pushed",
                "Others sign at the same time, or the registry changes what it stores: sign again.",
                null);
    }

    /**
     * Refuses an image that none of the keys has signed. Reads no further than the first good signature.
     *
     * @param repository where the image and its signatures are
     * @param digest the digest of the manifest or index
     * @param keys the keys, any one of which suffices
     * @throws VerificationException if there is no good signature by one of them
     */
    public static void verify(Repository repository, Digest digest, List<ImagePublicKey> keys) {
        examine(repository, digest, keys, List.of(SignatureForm.values()), false)
                .require(keys);
    }

    /**
     * Says which of the keys have signed an image, in any form.
     *
     * @param repository where the image and its signatures are
     * @param digest the digest of the manifest or index
     * @param keys the keys
     * @return what was found
     * @throws VerificationException if its signatures cannot be read
     */
    public static ImageVerification check(Repository repository, Digest digest, List<ImagePublicKey> keys) {
        return examine(repository, digest, keys, List.of(SignatureForm.values()), true);
    }

    private static ImageVerification examine(
            Repository repository,
            Digest digest,
            Collection<ImagePublicKey> keys,
            List<SignatureForm> forms,
            boolean everything) {
        Map<String, ImageVerification.Signer> signers = new LinkedHashMap<>();
        int count = 0;
        for (SignatureForm form : forms) {
            for (SignatureStore.Found found :
                    SignatureStore.of(form, repository, digest).list()) {
                count++;
                found.read()
                        .ifPresent(text -> keys.stream()
                                .filter(text::isBy)
                                .forEach(key -> signers.putIfAbsent(
                                        form + " " + key.fingerprint(),
                                        new ImageVerification.Signer(key, form, text.claim()))));
                if (!everything && !signers.isEmpty()) {
                    break;
                }
            }
            if (!everything && !signers.isEmpty()) {
                break;
            }
        }
        return new ImageVerification(repository.reference(), digest, count, List.copyOf(signers.values()));
    }

    /**
     * Lists an image and, when it is an index, every image in it, also in indexes inside it.
     *
     * @param repository where it is
     * @param digest the digest of the manifest or index
     * @return the digests, each once, this one first
     * @throws VerificationException if one of them is not there
     */
    public static List<Digest> withImages(Repository repository, Digest digest) {
        Set<Digest> seen = new LinkedHashSet<>(List.of(digest));
        Deque<Digest> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Digest next = open.remove();
            String subject = repository.reference() + "@" + next;
            Optional<RawManifest> manifest = repository.manifest(next.toString());
            byte[] bytes = manifest.map(RawManifest::bytes)
                    .orElseThrow(() -> new VerificationException(
                            subject,
                            next.equals(digest)
                                    ? "it is not there"
                                    : "it is not there, but " + repository.reference() + "@" + digest + " needs it",
                            "Push the image whole, with all its architectures."));
            if (!ImageIndex.isIndex(bytes)) {
                continue;
            }
            for (Descriptor child : ImageIndex.parse(subject, bytes).manifests()) {
                if (seen.add(child.digest())) {
                    open.add(child.digest());
                }
            }
            if (seen.size() > MAX_IMAGES) {
                throw new VerificationException(
                        repository.reference() + "@" + digest,
                        "it has more than " + MAX_IMAGES + " images",
                        "Sign or verify without the images in it.");
            }
        }
        return new ArrayList<>(seen);
    }
}
