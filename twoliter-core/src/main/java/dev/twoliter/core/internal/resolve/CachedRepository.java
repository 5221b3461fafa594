package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.BlobSource;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A repository that is asked only for what the cache lacks. What a digest names never changes, so it is read once in all
 * runs. What a tag names may change: it is asked for each time, and remembered for runs without a network. Thread-safe.
 */
final class CachedRepository implements Repository {

    /** Configurations, metadata and signatures are smaller; layers are pulled by {@link BlobCache#pull}. */
    private static final long SMALL = 4 << 20;

    private final Repository origin;
    private final boolean reachable;
    private final BlobCache cache;

    CachedRepository(Repository origin, boolean reachable, BlobCache cache) {
        this.origin = origin;
        this.reachable = reachable;
        this.cache = cache;
    }

    /** {@return the same repository, with the tags as they were when it was asked last} */
    CachedRepository remembered() {
        return new CachedRepository(origin, false, cache);
    }

    @Override
    public String name() {
        return origin.name();
    }

    @Override
    public String reference() {
        return origin.reference();
    }

    @Override
    public Optional<RawManifest> manifest(String tagOrDigest) {
        if (tagOrDigest.contains(":")) {
            return cache.find(Digest.parse(tagOrDigest))
                    .map(CachedRepository::typed)
                    .or(() -> keep(tagOrDigest));
        }
        return named(tagOrDigest, () -> keep(tagOrDigest));
    }

    @Override
    public Optional<RawManifest> referrers(Digest digest) {
        return named(Repository.referrersTag(digest), () -> keep(origin.referrers(digest)));
    }

    /** Asks for what may change, and remembers the answer; or else remembers the last one. */
    private Optional<RawManifest> named(String name, Supplier<Optional<RawManifest>> ask) {
        if (reachable) {
            Optional<RawManifest> found = ask.get();
            found.ifPresent(raw -> cache.remember(reference() + ":" + name, raw.digest()));
            return found;
        }
        return cache.remembered(reference() + ":" + name).flatMap(cache::find).map(CachedRepository::typed);
    }

    private Optional<RawManifest> keep(String tagOrDigest) {
        return keep(origin.manifest(tagOrDigest));
    }

    private Optional<RawManifest> keep(Optional<RawManifest> found) {
        found.ifPresent(raw -> cache.put(raw.digest(), raw.bytes()));
        return found;
    }

    /** The media type is not kept beside the bytes; our readers go by content. */
    static RawManifest typed(byte[] bytes) {
        return RawManifest.of(ImageIndex.isIndex(bytes) ? MediaTypes.INDEX : MediaTypes.MANIFEST, bytes);
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        if (descriptor.size() > SMALL) {
            return origin.blob(descriptor);
        }
        byte[] bytes = cache.find(descriptor.digest()).orElseGet(() -> {
            try (InputStream in = origin.blob(descriptor)) {
                byte[] read = in.readAllBytes();
                cache.put(descriptor.digest(), read);
                return read;
            } catch (IOException e) {
                throw StorageException.of("read", reference() + "@" + descriptor.digest(), e);
            }
        });
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public InputStream blob(Descriptor descriptor, long offset) {
        return origin.blob(descriptor, offset);
    }

    @Override
    public boolean has(Digest digest) {
        return cache.find(digest).isPresent() || origin.has(digest);
    }

    @Override
    public void pushBlob(Descriptor descriptor, BlobSource source) {
        origin.pushBlob(descriptor, source);
    }

    @Override
    public Descriptor pushManifest(RawManifest manifest, String... tags) {
        return origin.pushManifest(manifest, tags);
    }

    @Override
    public List<String> tags() {
        return origin.tags();
    }
}
