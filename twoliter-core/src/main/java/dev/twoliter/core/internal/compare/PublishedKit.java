package dev.twoliter.core.internal.compare;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.KitDiff;
import dev.twoliter.api.KitMetadata;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageInspection;
import dev.twoliter.oci.LayerReader;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.Repository;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.RepoReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kit in a registry, of which only manifests, labels and the layer with the package index are read. Which layer that is
 * the first file in a layer tells: kits have one layer for each package, and one for the rest.
 */
final class PublishedKit {

    private static final Pattern REPODATA = Pattern.compile("(?:\\./)?(?:.+/)?repodata/([A-Za-z0-9._-]+)");
    private static final Pattern RPM = Pattern.compile(".*\\.rpm");

    /** The primary metadata of 10,000 packages has some 10 MB. */
    private static final long MAX_METADATA = 1L << 30;

    private final ImageRef reference;
    private final Repository repository;
    private final ImageInspection inspection;

    PublishedKit(ImageRef reference, Repository repository) {
        this.reference = reference;
        this.repository = repository;
        this.inspection = ImageInspection.of(
                repository,
                reference.digest().map(Object::toString).or(reference::tag).orElseThrow());
    }

    /** Whether it was published for an architecture. */
    boolean isFor(Arch arch) {
        return find(arch).isPresent();
    }

    private Optional<ImageInspection.Image> find(Arch arch) {
        Platform platform = new Platform("linux", arch.ociName());
        return inspection.images().stream()
                .filter(image ->
                        image.descriptor().platform().filter(platform::matches).isPresent())
                .findFirst();
    }

    private ImageInspection.Image image(Arch arch) {
        return find(arch)
                .orElseThrow(() -> new FormatException(
                        reference.toString(),
                        "the kit was not published for " + arch,
                        "Compare another architecture, or ask its vendor for this one.",
                        null));
    }

    KitDiff.Side side(Arch arch) {
        ImageInspection.Image image = image(arch);
        KitMetadata metadata = KitLabels.read(reference.toString(), image.labels())
                .orElseThrow(() -> new FormatException(
                        reference.toString(),
                        "the image is no kit: it has no label dev.bottlerocket.kit.v1 to v4",
                        "Name an index or image that a kit was published as.",
                        null));
        return new KitDiff.Side(reference, image.descriptor().digest(), metadata, image.size());
    }

    List<RepoPackage> packages(Arch arch) {
        try {
            Path scratch = Files.createTempDirectory("twoliter-kit-");
            try {
                extract(image(arch), Files.createDirectory(scratch.resolve("repodata")));
                return RepoReader.read(scratch).packages();
            } finally {
                AtomicFiles.deleteTree(scratch);
            }
        } catch (IOException e) {
            throw StorageException.of("unpack", reference + "'s package index", e);
        }
    }

    private void extract(ImageInspection.Image image, Path target) {
        List<Descriptor> layers = new ArrayList<>(image.layers());
        // What is on top hides what is below.
        Collections.reverse(layers);
        for (Descriptor layer : layers) {
            if (beginsWithIndex(layer)) {
                extract(layer, target);
                return;
            }
        }
        // One layer for everything, as docker makes it.
        for (Descriptor layer : layers) {
            if (extract(layer, target)) {
                return;
            }
        }
        throw new FormatException(
                reference.toString(), "the kit holds no yum repository: no layer has repodata/repomd.xml");
    }

    /** Reads the beginning only; nothing of it is used but this answer. */
    private boolean beginsWithIndex(Descriptor layer) {
        boolean[] found = {false};
        read(repository.blob(layer, 0), layer, (name, content) -> {
            found[0] = REPODATA.matcher(name).matches();
            return !found[0] && !RPM.matcher(name).matches();
        });
        return found[0];
    }

    /** Extracts the index, verified; returns whether there was one. */
    private boolean extract(Descriptor layer, Path target) {
        boolean[] found = {false};
        long[] left = {MAX_METADATA};
        read(repository.blob(layer), layer, (name, content) -> {
            Matcher file = REPODATA.matcher(name);
            if (file.matches() && !file.group(1).startsWith(".")) {
                found[0] |= file.group(1).equals("repomd.xml");
                left[0] -= Files.copy(
                        new Limited(content, left[0], reference.toString()),
                        target.resolve(file.group(1)),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            return true;
        });
        return found[0];
    }

    private void read(InputStream layer, Descriptor descriptor, LayerReader.Visitor visitor) {
        try (layer) {
            LayerReader.read(layer, reference + " layer " + descriptor.digest(), visitor);
        } catch (IOException e) {
            throw StorageException.of("read", reference + " layer " + descriptor.digest(), e);
        }
    }

    /** Ends with an error where it would go on too long. */
    private static final class Limited extends java.io.FilterInputStream {
        private long left;
        private final String subject;

        Limited(InputStream in, long max, String subject) {
            super(in);
            this.left = max;
            this.subject = subject;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            left -= Math.max(n, 0);
            if (left < 0) {
                throw new FormatException(subject, "its package index has more than " + MAX_METADATA + " bytes");
            }
            return n;
        }
    }
}
