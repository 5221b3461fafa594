package dev.twoliter.core.internal.image;

import com.fasterxml.jackson.core.JacksonException;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.io.Json;
import dev.twoliter.core.internal.plan.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/** What an image trusts: certificate authorities, and the root of its updates (variant-image.md 2.5). */
public final class TrustFiles {

    private static final String CA_BUNDLE = "/usr/share/factory/etc/pki/tls/certs/ca-bundle.crt";
    private static final String UPDATE_ROOT = "/usr/share/updog/root.json";
    private static final int MAX_SIZE = 16 << 20;

    private TrustFiles() {}

    /**
     * Puts them in, over what packages or an earlier build brought.
     *
     * @param tree the root
     * @param files the maintainer's; what is empty there stays as it is
     * @param time of the new files, seconds since 1970
     * @return the changed root
     * @throws SourceException if a file is not what it must be
     */
    public static Tree complete(Tree tree, Work.VariantFiles files, long time) {
        Tree trusting = tree;
        if (files.caBundle().isPresent()) {
            Path file = files.caBundle().get();
            trusting = put(trusting, CA_BUNDLE, certificates(file), time);
        }
        if (files.updateRoot().isPresent()) {
            trusting = put(trusting, UPDATE_ROOT, json(files.updateRoot().get()), time);
        }
        return trusting;
    }

    private static Tree put(Tree tree, String path, byte[] content, long time) {
        Tree without = tree.find(path).isPresent() ? tree.without(path) : tree;
        return without.toBuilder()
                .file(path, Attributes.root(0644, time), ContentSource.of(content), "the build")
                .build();
    }

    private static byte[] certificates(Path file) {
        byte[] bytes = read(file);
        try (InputStream in = new java.io.ByteArrayInputStream(bytes)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw wrong(file, "holds no certificates");
            }
            return bytes;
        } catch (CertificateException e) {
            throw wrong(file, "is no bundle of PEM certificates: " + e.getMessage());
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private static byte[] json(Path file) {
        byte[] bytes = read(file);
        try {
            if (!Json.MAPPER.readTree(bytes).isObject()) {
                throw wrong(file, "is no root.json: it holds no JSON object");
            }
            return bytes;
        } catch (JacksonException e) {
            throw wrong(file, "is no root.json: it is not JSON");
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_SIZE);
        } catch (IOException e) {
            throw StorageException.of("read", file, e);
        }
    }

    private static SourceException wrong(Path file, String what) {
        return new SourceException(file.toString(), file + " " + what, "Name another file.", null);
    }
}
