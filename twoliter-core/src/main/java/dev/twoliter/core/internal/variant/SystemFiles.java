package dev.twoliter.core.internal.variant;

import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.plan.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What an image build adds to files that packages ship, or makes: os-release, image-features.env and image-format.env,
 * which services read at the first start (variant-image.md 2.10, newer-twoliter.md 4).
 */
final class SystemFiles {

    private static final String HOME = "https://github.com/bottlerocket-os/bottlerocket";
    private static final String DIRECTORY = "/usr/share/bottlerocket/";
    private static final int MAX_SIZE = 1 << 20;

    private SystemFiles() {}

    static Tree complete(Tree tree, Work.Variant work) {
        Tree withRelease = append(tree, work, "/usr/lib/os-release", osRelease(work));
        Tree withFeatures = appendOrAdd(withRelease, work, "image-features.env", imageFeatures(work.variant()));
        return appendOrAdd(withFeatures, work, "image-format.env", imageFormat(work.variant()));
    }

    private static String imageFeatures(VariantSpec variant) {
        return "DATA_PARTITION_FILESYSTEM=" + (variant.has(ImageFeature.XFS_DATA_PARTITION) ? "xfs" : "ext4") + "\n"
                + "IN_PLACE_UPDATES=" + variant.has(ImageFeature.IN_PLACE_UPDATES) + "\n"
                + "ENCRYPTED_STORAGE=" + variant.has(ImageFeature.ENCRYPTED_STORAGE) + "\n"
                + "EPHEMERAL_ENCRYPTION_KEYS=" + variant.has(ImageFeature.EPHEMERAL_ENCRYPTION_KEYS) + "\n"
                + "STANDALONE_IMAGE=" + variant.isStandalone() + "\n";
    }

    private static String imageFormat(VariantSpec variant) {
        return "IMAGE_FORMAT=" + variant.imageFormat().key() + "\n" + "UKI_IMAGE="
                + (variant.imageFormat() == ImageFormat.UKI) + "\n";
    }

    private static String osRelease(Work.Variant work) {
        String variant = work.variant().name();
        String version = work.stamp().version().toString();
        return "VERSION=\"" + version + " (" + variant + ")\"\n"
                + "PRETTY_NAME=\"Bottlerocket OS " + version + " (" + variant + ")\"\n"
                + "VARIANT_ID=" + variant + "\n"
                + "VERSION_ID=" + version + "\n"
                + "BUILD_ID=" + work.stamp().buildId() + "\n"
                + "VENDOR_NAME=\"" + work.stamp().projectVendor() + "\"\n"
                + "HOME_URL=\"" + HOME + "\"\n"
                + "SUPPORT_URL=\"" + HOME + "/discussions\"\n"
                + "BUG_REPORT_URL=\"" + HOME + "/issues\"\n"
                + "DOCUMENTATION_URL=\"https://bottlerocket.dev\"\n";
    }

    /** Packages put their files below the sys-root or, in small projects, straight below the root. */
    private static Tree append(Tree tree, Work.Variant work, String path, String text) {
        for (String place : List.of(sysRoot(work) + path, path)) {
            Optional<TreeEntry> found = tree.find(place);
            if (found.isPresent() && found.get() instanceof TreeEntry.RegularFile file) {
                String before = read(file);
                String separator = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
                ContentSource content = ContentSource.of((before + separator + text).getBytes(StandardCharsets.UTF_8));
                return tree.without(place).toBuilder()
                        .file(place, file.attributes(), content, file.origin())
                        .build();
            }
        }
        return tree;
    }

    private static Tree appendOrAdd(Tree tree, Work.Variant work, String name, String text) {
        Tree appended = append(tree, work, DIRECTORY + name, text);
        if (appended != tree) {
            return appended;
        }
        String below = tree.find(sysRoot(work)).isPresent() ? sysRoot(work) : "";
        return tree.toBuilder()
                .file(
                        below + DIRECTORY + name,
                        Attributes.root(0644, work.stamp().epochSeconds()),
                        ContentSource.of(text.getBytes(StandardCharsets.UTF_8)),
                        "the build")
                .build();
    }

    private static String sysRoot(Work.Variant work) {
        return "/" + work.arch() + "-bottlerocket-linux-gnu/sys-root";
    }

    private static String read(TreeEntry.RegularFile file) {
        try (InputStream in = file.content().open()) {
            return new String(in.readNBytes(MAX_SIZE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StorageException.of("read", file.path(), e);
        }
    }
}
