package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Passes everything on; tests change what they want to. */
abstract class ForwardingRepository implements Repository {

    private final Repository target;

    ForwardingRepository(Repository target) {
        this.target = target;
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public String reference() {
        return target.reference();
    }

    @Override
    public Optional<RawManifest> manifest(String tagOrDigest) {
        return target.manifest(tagOrDigest);
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        return target.blob(descriptor);
    }

    @Override
    public InputStream blob(Descriptor descriptor, long offset) {
        return target.blob(descriptor, offset);
    }

    @Override
    public boolean has(Digest digest) {
        return target.has(digest);
    }

    @Override
    public void pushBlob(Descriptor descriptor, BlobSource source) {
        target.pushBlob(descriptor, source);
    }

    @Override
    public Descriptor pushManifest(RawManifest manifest, String... tags) {
        return target.pushManifest(manifest, tags);
    }

    @Override
    public List<String> tags() {
        return target.tags();
    }
}
