package dev.twoliter.examples.cli;

import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * An image that was named on the command line and is there. Close it to give up its connections.
 *
 * @param store where its repository is
 * @param repository where it is
 * @param digest the digest of its manifest or index
 */
record StoredImage(ImageStore store, Repository repository, Digest digest) implements AutoCloseable {

    /** Finds an image: by its digest where one is given, by its tag otherwise. */
    static StoredImage open(String reference, Path directory, CommandSpec spec) {
        ImageRef image;
        try {
            image = ImageRef.parse(reference);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        ImageStore store = ImageStore.open(
                image.registry(),
                StoreOptions.builder().baseDirectory(directory).build());
        try {
            Repository repository = store.repository(image.repository());
            Optional<RawManifest> found = repository.manifest(
                    image.digest().map(Digest::toString).or(image::tag).orElseThrow());
            return new StoredImage(
                    store,
                    repository,
                    found.orElseThrow(() -> new VerificationException(
                                    image.toString(), "there is no such image", "Check its name and tag."))
                            .digest());
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** {@return its digest; with the images in it also theirs} */
    List<Digest> digests(boolean recursive) {
        return recursive ? ImageSignatures.withImages(repository, digest) : List.of(digest);
    }

    @Override
    public void close() {
        store.close();
    }
}
