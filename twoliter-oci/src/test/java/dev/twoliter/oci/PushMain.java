package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.Environment;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pushes blobs of made-up content: REGISTRY HOME COUNT SIZE. */
final class PushMain {

    private PushMain() {}

    public static void main(String[] args) {
        Environment environment = Environment.of(Map.of("HOME", args[1]), Path.of(args[1]));
        try (ImageStore store = ImageStore.open(
                args[0], StoreOptions.builder().environment(environment).build())) {
            store.repository("x").pushBlobs(blobs(Integer.parseInt(args[2]), Long.parseLong(args[3])));
        }
    }

    /** The same blobs always, made while they are read. */
    static List<BlobUpload> blobs(int count, long size) {
        List<BlobUpload> blobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int seed = i + 1;
            Descriptor blob = Descriptor.of(MediaTypes.LAYER_TAR, digest(seed, size), size);
            blobs.add(new BlobUpload(blob, () -> content(seed, size)));
        }
        return blobs;
    }

    private static Digest digest(int seed, long size) {
        try (InputStream in = content(seed, size)) {
            var sha256 = Digest.newSha256();
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.update(buffer, 0, n);
            }
            return Digest.ofSha256Hash(sha256.digest());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static InputStream content(int seed, long size) {
        return new InputStream() {
            private long position;

            @Override
            public int read() {
                return position < size ? (int) (position++ * seed >> 7) & 0xff : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                int n = (int) Math.min(length, size - position);
                for (int i = 0; i < n; i++) {
                    buffer[offset + i] = (byte) ((position + i) * seed >> 7);
                }
                position += n;
                return n == 0 && length > 0 ? -1 : n;
            }
        };
    }
}
