package dev.twoliter.core.internal.boot;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.boot.pe.PeImage;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives the boot chain of a finished disk another root and other signatures (variant-image.md 6). Files keep their
 * owners, modes, times and labels.
 *
 * @param oldRootHash the hash of the root that the disk has: what is read must name it
 * @param verityRoot the new value of {@code dm-mod.create}
 * @param signer signs again what was signed
 */
public record FinishedBoot(String oldRootHash, String verityRoot, BootSigner signer) {

    private static final String KERNEL = "/vmlinuz";
    private static final String KERNEL_HMAC = "/.vmlinuz.hmac";
    private static final String CONFIG = "/grub/grub.cfg";
    private static final String SIGNATURE = "/grub/grub.cfg.sig";
    private static final String PROGRAMS = "/EFI/BOOT/";
    private static final String UNIFIED_HMAC = PROGRAMS + ".bottlerocket.efi.hmac";
    private static final Pattern TABLE = Pattern.compile("dm-mod\\.create=\"[^\"]*\"");

    /**
     * Changes a boot partition.
     *
     * @param boot what is in it
     * @return what goes into it
     * @throws FormatException if it has no kernel, its grub.cfg names another root, or it was signed and shall not be now,
     *     or the other way round
     */
    public Tree bootPartition(Tree boot) {
        RegularFile config = required(boot, CONFIG);
        String text = new String(TreeFiles.read(config, TreeFiles.MAX_TEXT), StandardCharsets.UTF_8);
        requireOldRoot(text, CONFIG);
        if (boot.find(SIGNATURE).isPresent() != signer.isSecure()) {
            throw new FormatException(
                    "boot partition",
                    signer.isSecure()
                            ? "has no signed grub.cfg, but the variant starts with Secure Boot"
                            : "has a signed grub.cfg, but the variant does not start with Secure Boot",
                    "Repack with the project that the image was built from, or build it again.",
                    null);
        }
        byte[] changed = GrubConfig.withVerityRoot(text, verityRoot).getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> contents = new TreeMap<>(Map.of(CONFIG, changed));
        signer.configSignature(changed).ifPresent(signature -> contents.put(SIGNATURE, signature));
        if (signer.isSecure()) {
            byte[] kernel = signer.kernel(TreeFiles.read(required(boot, KERNEL), TreeFiles.MAX_PROGRAM));
            contents.put(KERNEL, kernel);
            String hmac = KernelHmac.line(ContentSource.of(kernel), KERNEL.substring(1));
            contents.put(KERNEL_HMAC, hmac.getBytes(StandardCharsets.US_ASCII));
        }
        return replaced(boot, contents);
    }

    /**
     * Signs the programs of an EFI partition anew.
     *
     * @param efi what is in it
     * @return what goes into it
     * @throws FormatException if a program is malformed
     */
    public Tree efiPartition(Tree efi) {
        Map<String, byte[]> contents = new TreeMap<>();
        for (TreeEntry entry : efi.entries()) {
            if (entry instanceof RegularFile file && EfiProgram.isProgram(file.name())) {
                contents.put(file.path(), signer.program(file.name(), TreeFiles.read(file, TreeFiles.MAX_PROGRAM)));
            }
        }
        signer.certificates().forEach((name, content) -> contents.put(PROGRAMS + name, content));
        return replaced(efi, contents);
    }

    /**
     * Makes the unified kernel image of an EFI partition anew, from the parts of the old one and the stub in the root.
     *
     * @param efi what is in it
     * @param root the root tree, which has the stub
     * @param rootPartition the GUID of the root's partition
     * @param hashPartition the GUID of its hashes' partition
     * @param arch the machine's
     * @return what goes into it
     * @throws FormatException if there is no unified kernel image, or it starts another root
     */
    public Tree unifiedEfiPartition(Tree efi, Tree root, UUID rootPartition, UUID hashPartition, Arch arch) {
        String path = PROGRAMS + "BOOT" + EfiProgram.suffix(arch).toUpperCase(Locale.ROOT) + ".EFI";
        PeImage old = PeImage.parse(path, TreeFiles.read(required(efi, path), TreeFiles.MAX_PROGRAM));
        String commandLine = new String(part(old, ".cmdline"), StandardCharsets.US_ASCII);
        requireOldRoot(commandLine, "the command line in " + path);
        String table = KernelCommandLine.withPartitions(verityRoot, rootPartition, hashPartition);
        String changed =
                TABLE.matcher(commandLine).replaceFirst(Matcher.quoteReplacement("dm-mod.create=\"" + table + "\""));
        UnifiedKernel kernel = new UnifiedKernel(
                TreeFiles.read(BootFiles.stub(root, arch), TreeFiles.MAX_PROGRAM),
                part(old, ".osrel"),
                changed,
                part(old, ".linux"),
                old.section(".initrd").map(old::content).orElse(new byte[0]));
        byte[] image = signer.unifiedKernel(kernel.bytes());
        String hmac = KernelHmac.line(ContentSource.of(image), "bottlerocket.efi");
        Map<String, byte[]> contents = new TreeMap<>();
        contents.put(path, image);
        contents.put(UNIFIED_HMAC, hmac.getBytes(StandardCharsets.US_ASCII));
        signer.certificates().forEach((name, content) -> contents.put(PROGRAMS + name, content));
        return replaced(efi, contents);
    }

    private void requireOldRoot(String text, String what) {
        if (!text.contains(oldRootHash)) {
            throw new FormatException(
                    what,
                    "does not start the root of this disk, whose hash is " + oldRootHash,
                    "The image was changed or damaged after it was built; build it again.",
                    null);
        }
    }

    private static byte[] part(PeImage image, String section) {
        return image.section(section)
                .map(image::content)
                .orElseThrow(() -> new FormatException(
                        image.subject(), "is no unified kernel image: it has no section " + section));
    }

    /** Replaces the contents of files; a new one is like its neighbours, or like the first file of the tree. */
    private static Tree replaced(Tree tree, Map<String, byte[]> contents) {
        TreeBuilder builder = Tree.builder();
        for (TreeEntry entry : tree.entries()) {
            byte[] content = contents.remove(entry.path());
            if (content == null || !(entry instanceof RegularFile file)) {
                builder.add(entry);
            } else {
                builder.file(file.path(), file.attributes(), ContentSource.of(content), file.origin());
            }
        }
        Optional<RegularFile> like = tree.entries().stream()
                .filter(RegularFile.class::isInstance)
                .map(RegularFile.class::cast)
                .findFirst();
        contents.forEach((path, content) ->
                builder.file(path, like.orElseThrow().attributes(), ContentSource.of(content), "the repacked image"));
        return builder.build();
    }

    private static RegularFile required(Tree tree, String path) {
        return TreeFiles.find(tree, path)
                .orElseThrow(() -> new FormatException("finished image", "its partition has no file " + path));
    }
}
