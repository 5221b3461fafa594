package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.StorageException;
import dev.twoliter.oci.internal.layout.AtomicFile;
import dev.twoliter.oci.internal.tar.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a plain tar layer: entries sorted by name, parents first, everything owned by root, one time for all. The same
 * entries give the same bytes. Not thread-safe.
 */
public final class TarLayer {

    private static final int DIRECTORY_MODE = 0755;
    private static final int LINK_MODE = 0777;

    /** One entry: a directory has neither content nor target. */
    private record Entry(int mode, long size, @Nullable BlobSource content, String target) {}

    private final long time;
    private final TreeMap<String, Entry> entries = new TreeMap<>();

    private TarLayer(long time) {
        this.time = time;
    }

    /**
     * Starts a layer.
     *
     * @param epochSeconds the time of all entries, in seconds since 1970
     * @return an empty layer
     */
    public static TarLayer at(long epochSeconds) {
        return new TarLayer(epochSeconds);
    }

    /**
     * Adds a file.
     *
     * @param path its name, without a slash at either end; missing parents are added
     * @param file its content, read when the layer is written
     * @param mode its permission bits
     * @return this layer
     * @throws StorageException if the file is not there
     */
    public TarLayer file(String path, Path file, int mode) {
        try {
            return put(path, new Entry(mode, Files.size(file), BlobSource.of(file), ""));
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    /**
     * Adds a file.
     *
     * @param path its name, without a slash at either end; missing parents are added
     * @param bytes its content
     * @param mode its permission bits
     * @return this layer
     */
    public TarLayer file(String path, byte[] bytes, int mode) {
        return put(path, new Entry(mode, bytes.length, BlobSource.of(bytes), ""));
    }

    /**
     * Adds a symbolic link.
     *
     * @param path its name, without a slash at either end
     * @param target where it points to
     * @return this layer
     */
    public TarLayer symlink(String path, String target) {
        if (target.isEmpty()) {
            throw new IllegalArgumentException("the link '" + path + "' has no target");
        }
        return put(path, new Entry(LINK_MODE, 0, null, target));
    }

    private TarLayer put(String path, Entry entry) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'" + path + "' is not a plain relative path");
            }
        }
        if (entries.containsKey(path + "/")) {
            throw new IllegalArgumentException("'" + path + "' is a directory already");
        }
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (entries.containsKey(path.substring(0, slash))) {
                throw new IllegalArgumentException("'" + path + "' lies below what is no directory");
            }
            entries.putIfAbsent(path.substring(0, slash + 1), new Entry(DIRECTORY_MODE, 0, null, ""));
        }
        entries.put(path, entry);
        return this;
    }

    /**
     * Writes the layer, hashing while writing.
     *
     * @param file where to; replaced if it is there
     * @return the layer
     * @throws StorageException if it cannot be written
     */
    public Layer writeTo(Path file) {
        MessageDigest sha256 = Digest.newSha256();
        try {
            AtomicFile.write(file, raw -> {
                OutputStream out = new BufferedOutputStream(new DigestOutputStream(raw, sha256), 1 << 16);
                try (TarWriter tar = new TarWriter(out, time)) {
                    for (Map.Entry<String, Entry> one : entries.entrySet()) {
                        write(tar, one.getKey(), one.getValue());
                    }
                    tar.finish();
                }
            });
            Digest digest = Digest.ofSha256Hash(sha256.digest());
            return new Layer(file, Descriptor.of(MediaTypes.LAYER_TAR, digest, Files.size(file)), digest);
        } catch (IOException e) {
            throw StorageException.of("write", file, e);
        }
    }

    private static void write(TarWriter tar, String name, Entry entry) throws IOException {
        if (entry.content() != null) {
            try (InputStream in = entry.content().open()) {
                tar.file(name, entry.mode(), entry.size(), in);
            }
        } else if (entry.target().isEmpty()) {
            tar.directory(name, entry.mode());
        } else {
            tar.symlink(name, entry.target(), entry.mode());
        }
    }
}
