package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.RegistryException;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Stands for a repository that must not be asked: every question says what is lacking and how to get it.
 *
 * @param image the image that it was opened for
 */
record OfflineRepository(ImageRef image) implements Repository {

    @Override
    public String name() {
        return image.repository();
    }

    @Override
    public String reference() {
        return image.registry() + "/" + image.repository();
    }

    @Override
    public Optional<RawManifest> manifest(String tagOrDigest) {
        throw missing(tagOrDigest.contains(":") ? "manifest " + tagOrDigest : "tag " + tagOrDigest);
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        throw missing("blob " + descriptor.digest());
    }

    @Override
    public InputStream blob(Descriptor descriptor, long offset) {
        throw missing("blob " + descriptor.digest());
    }

    @Override
    public boolean has(Digest digest) {
        throw refused("look for a blob");
    }

    @Override
    public void pushBlob(Descriptor descriptor, BlobSource source) {
        throw refused("push");
    }

    @Override
    public Descriptor pushManifest(RawManifest manifest, String... tags) {
        throw refused("push");
    }

    @Override
    public List<String> tags() {
        throw refused("list the tags");
    }

    /** Says what is not on this machine. */
    RegistryException missing(String what) {
        return failure(
                image + " is not in the cache: its " + what
                        + " is missing, and no registry may be asked because this run is offline",
                "Run it once with a network; the cache then has it.");
    }

    private RegistryException refused(String action) {
        return failure(
                "cannot " + action + " at " + reference() + ": no registry may be asked because this run is offline",
                "Run it with a network.");
    }

    private RegistryException failure(String message, String hint) {
        return new RegistryException(image.registry(), image.repository(), 0, false, message, hint, null);
    }
}
