package dev.twoliter.core.internal.variant;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.kmod.ElfModule;
import dev.twoliter.core.internal.kmod.KernelModule;
import dev.twoliter.core.internal.kmod.ModuleIndexes;
import dev.twoliter.core.internal.plan.Work;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/**
 * The modules of a root's kernels (variant-image.md 2.4): decompressed where EROFS compresses them itself, and indexed anew
 * where the kernel's package brings a {@code System.map}, since other packages may have brought more of them. Used once.
 */
final class KernelModules {
    private static final Pattern KERNEL =
            Pattern.compile("((?:/[^/]+-bottlerocket-linux-gnu/sys-root)?(?:/usr)?/lib/modules/[^/]+)/.*");
    private static final Pattern MODULE = Pattern.compile("(.*\\.ko)(\\.gz|\\.xz|\\.zst)?");
    private static final String SYSTEM_MAP = "/System.map";
    private static final String ORIGIN = "the build";
    private static final int MAX_MODULE = 256 << 20;
    private static final int MAX_TEXT = 64 << 20;

    private final boolean decompress;
    private final Path scratch;
    private final long time;
    private int spooled;

    private KernelModules(Work.Variant work, Path scratch) {
        this.decompress = work.variant().has(ImageFeature.EROFS_ROOT_PARTITION);
        this.scratch = scratch;
        this.time = work.stamp().epochSeconds();
    }

    /** Completes a root. */
    static Tree complete(Tree tree, Work.Variant work, Path scratch) {
        KernelModules modules = new KernelModules(work, scratch);
        Tree whole = modules.decompress ? modules.decompressed(tree) : tree;
        for (String kernel : modules.kernels(whole)) {
            whole = modules.indexed(whole, kernel);
        }
        return whole;
    }

    private List<String> kernels(Tree tree) {
        return tree.entries().stream()
                .map(entry -> KERNEL.matcher(entry.path()))
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .distinct()
                .filter(kernel -> tree.find(kernel + SYSTEM_MAP).orElse(null) instanceof RegularFile map
                        && map.content().size() > 0)
                .toList();
    }

    private Tree decompressed(Tree tree) {
        TreeBuilder builder = Tree.builder();
        for (TreeEntry entry : tree.entries()) {
            Matcher name = MODULE.matcher(entry.path());
            boolean compressed = entry instanceof RegularFile
                    && name.matches()
                    && name.group(2) != null
                    && KERNEL.matcher(entry.path()).matches();
            builder.add(compressed ? decompressed((RegularFile) entry, name.group(1)) : entry);
        }
        return builder.build();
    }

    private RegularFile decompressed(RegularFile file, String path) {
        Path target = scratch.resolve("module-" + spooled++);
        try {
            Files.write(target, read(file));
        } catch (IOException e) {
            throw StorageException.of("write", target, e);
        }
        return new RegularFile(path, file.attributes(), ContentSource.of(target), file.origin());
    }

    private Tree indexed(Tree tree, String kernel) {
        List<KernelModule> modules = new ArrayList<>();
        for (TreeEntry entry : tree.entries()) {
            if (entry instanceof RegularFile file
                    && file.path().startsWith(kernel + "/")
                    && MODULE.matcher(file.path()).matches()) {
                modules.add(ElfModule.read(file.path().substring(kernel.length() + 1), read(file)));
            }
        }
        Map<String, byte[]> indexes = new TreeMap<>(ModuleIndexes.of(
                modules,
                new ModuleIndexes.Kernel(
                        text(tree, kernel + "/modules.order"),
                        text(tree, kernel + "/modules.builtin"),
                        text(tree, kernel + "/modules.builtin.modinfo"),
                        text(tree, kernel + SYSTEM_MAP))));
        TreeBuilder builder = Tree.builder();
        for (TreeEntry entry : tree.entries()) {
            String name = entry.path().startsWith(kernel + "/") ? entry.path().substring(kernel.length() + 1) : "";
            byte[] index = indexes.remove(name);
            if (index != null && entry instanceof RegularFile old) {
                builder.file(old.path(), old.attributes(), ContentSource.of(index), old.origin());
            } else if (!entry.path().equals(kernel + SYSTEM_MAP)) {
                builder.add(entry);
            }
        }
        indexes.forEach((name, content) ->
                builder.file(kernel + "/" + name, Attributes.root(0644, time), ContentSource.of(content), ORIGIN));
        return builder.build();
    }

    private static String text(Tree tree, String path) {
        if (!(tree.find(path).orElse(null) instanceof RegularFile file)) {
            return "";
        }
        try (InputStream in = file.content().open()) {
            return new String(in.readNBytes(MAX_TEXT), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw StorageException.of("read", path, e);
        }
    }

    /** A module, decompressed. */
    private static byte[] read(RegularFile file) {
        try (InputStream in = plain(file, new BufferedInputStream(file.content().open()))) {
            byte[] bytes = in.readNBytes(MAX_MODULE + 1);
            if (bytes.length > MAX_MODULE) {
                throw new FormatException(file.origin(), file.path() + " has more than " + MAX_MODULE + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new FormatException(
                    file.origin(), file.path() + " is a damaged kernel module: it cannot be decompressed", "", e);
        }
    }

    private static InputStream plain(RegularFile file, InputStream in) throws IOException {
        String path = file.path();
        if (path.endsWith(".gz")) {
            return new GzipCompressorInputStream(in);
        }
        if (path.endsWith(".xz")) {
            return new XZCompressorInputStream(in);
        }
        return path.endsWith(".zst") ? new ZstdCompressorInputStream(in) : in;
    }
}
