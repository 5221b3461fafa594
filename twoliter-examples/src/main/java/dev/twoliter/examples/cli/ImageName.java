package dev.twoliter.examples.cli;

import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.OciArchive;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image as skopeo writes it: {@code docker://HOST/REPO:TAG}, {@code oci:DIR/REPO:TAG} or {@code
 * oci-archive:FILE[:TAG]}; the first two also with {@code @sha256:HEX}.
 *
 * @param text as it was given
 * @param refOrNull where it is in a store, or null when it is in an archive
 * @param archiveOrNull the archive, or null
 * @param tag the name in the archive; empty for the only one
 */
record ImageName(
        String text, @Nullable ImageRef refOrNull, @Nullable Path archiveOrNull, String tag) {

    static final String FORMS = "docker://HOST/REPO:TAG, oci:DIR/REPO:TAG or oci-archive:FILE[:TAG]";

    private static final String DOCKER = "docker://";
    private static final String ARCHIVE = "oci-archive:";

    /** Something that has been opened, and what of it is meant. */
    record Opened(Repository repository, String reference, AutoCloseable handle) implements AutoCloseable {

        /** {@return the digest of what is meant; with those of the images in it, if all are wanted} */
        List<Digest> digests(boolean recursive) {
            Digest digest = repository
                    .manifest(reference)
                    .orElseThrow(() -> new VerificationException(
                            repository.reference() + ":" + reference,
                            "there is no such image",
                            "Check its name and tag."))
                    .digest();
            return recursive ? ImageSignatures.withImages(repository, digest) : List.of(digest);
        }

        @Override
        public void close() {
            try {
                handle.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * Reads a name.
     *
     * @param text the name
     * @param directory where relative paths begin
     * @throws IllegalArgumentException if it is none
     */
    static ImageName parse(String text, Path directory) {
        if (text.startsWith(ARCHIVE)) {
            String rest = text.substring(ARCHIVE.length());
            int colon = rest.lastIndexOf(':');
            boolean named = colon > rest.lastIndexOf('/') && colon > 0;
            String file = named ? rest.substring(0, colon) : rest;
            if (file.isEmpty()) {
                throw new IllegalArgumentException("'" + text + "' names no file");
            }
            return new ImageName(text, null, directory.resolve(file), named ? rest.substring(colon + 1) : "");
        }
        if (text.startsWith(DOCKER) || text.startsWith(ImageStore.LAYOUT_PREFIX)) {
            return new ImageName(text, ImageRef.parse(text), null, "");
        }
        throw new IllegalArgumentException("'" + text + "' does not say where the image is: write " + FORMS);
    }

    Optional<ImageRef> ref() {
        return Optional.ofNullable(refOrNull);
    }

    /** {@return where it is in a store, wherever relative paths of layouts begin} */
    Optional<ImageRef> ref(Path directory) {
        return ref().map(ref -> {
            if (!ref.registry().startsWith(ImageStore.LAYOUT_PREFIX)) {
                return ref;
            }
            String layout = ref.registry().substring(ImageStore.LAYOUT_PREFIX.length());
            Path home = directory.resolve(layout).toAbsolutePath().normalize();
            return new ImageRef(ImageStore.LAYOUT_PREFIX + home, ref.repository(), ref.tagOrNull(), ref.digestOrNull());
        });
    }

    Optional<Path> archive() {
        return Optional.ofNullable(archiveOrNull);
    }

    /** Opens it to be read; its reference is the digest where one was given. */
    Opened open(StoreOptions options) {
        if (archiveOrNull != null) {
            OciArchive archive = OciArchive.open(archiveOrNull);
            try {
                return new Opened(
                        archive.repository(),
                        tag.isEmpty() ? archive.image().digest().toString() : tag,
                        archive);
            } catch (RuntimeException e) {
                archive.close();
                throw e;
            }
        }
        ImageRef ref = ref().orElseThrow();
        ImageStore store = ImageStore.open(ref.registry(), options);
        return new Opened(
                store.repository(ref.repository()),
                ref.digest().map(Object::toString).or(ref::tag).orElseThrow(),
                store);
    }

    @Override
    public String toString() {
        return text;
    }
}
