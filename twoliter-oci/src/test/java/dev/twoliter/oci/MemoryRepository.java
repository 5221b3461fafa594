package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A repository in memory. */
class MemoryRepository implements Repository {

    final Map<String, byte[]> blobs = new TreeMap<>();
    final Map<String, RawManifest> manifests = new TreeMap<>();
    final Map<String, RawManifest> byTag = new TreeMap<>();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String reference() {
        return "memory";
    }

    @Override
    public Optional<RawManifest> manifest(String tagOrDigest) {
        return Optional.ofNullable(byTag.getOrDefault(tagOrDigest, manifests.get(tagOrDigest)));
    }

    @Override
    public InputStream blob(Descriptor descriptor) {
        return new ByteArrayInputStream(blobs.get(descriptor.digest().toString()));
    }

    @Override
    public InputStream blob(Descriptor descriptor, long offset) {
        byte[] all = blobs.get(descriptor.digest().toString());
        return new ByteArrayInputStream(all, (int) offset, all.length - (int) offset);
    }

    @Override
    public boolean has(Digest digest) {
        return blobs.containsKey(digest.toString());
    }

    @Override
    public void pushBlob(Descriptor descriptor, BlobSource source) {
        try (InputStream in = new VerifyingStream(source.open(), descriptor, "memory")) {
            blobs.put(descriptor.digest().toString(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Descriptor pushManifest(RawManifest manifest, String... tags) {
        manifests.put(manifest.digest().toString(), manifest);
        for (String tag : tags) {
            byTag.put(tag, manifest);
        }
        return manifest.descriptor();
    }

    @Override
    public List<String> tags() {
        return List.copyOf(byTag.keySet());
    }
}
