package dev.twoliter.core.internal.variant;

import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.plan.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What an image build adds to files that packages ship: os-release and image-features.env (variant-image.md 2.10). */
final class SystemFiles {

    private static final String HOME = "https://github.com/bottlerocket-os/bottlerocket";
    private static final int MAX_SIZE = 1 << 20;

    private SystemFiles() {}

    static Tree complete(Tree tree, Work.Variant work) {
        Tree withRelease = append(tree, work, "/usr/lib/os-release", osRelease(work));
        String dataFileSystem = work.variant().has(ImageFeature.XFS_DATA_PARTITION) ? "xfs" : "ext4";
        return append(
                withRelease,
                work,
                "/usr/share/bottlerocket/image-features.env",
                "DATA_PARTITION_FILESYSTEM=" + dataFileSystem + "\n");
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
        for (String place : List.of("/" + work.arch() + "-bottlerocket-linux-gnu/sys-root" + path, path)) {
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

    private static String read(TreeEntry.RegularFile file) {
        try (InputStream in = file.content().open()) {
            return new String(in.readNBytes(MAX_SIZE), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StorageException.of("read", file.path(), e);
        }
    }
}
