package dev.twoliter.core.internal.boot;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.HardLink;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Symlink;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What packages put below {@code /boot}, split off from the root tree and sorted into the partitions that a machine
 * starts from (variant-image.md 2.8, 2.9 and 2.12). Immutable.
 *
 * <pre>
 * /boot/vmlinuz, config, …           boot partition; the kernel must be there
 * /boot/initrd                       boot partition, for kernels that need one
 * /boot/boot-config.d/*              private partition, joined
 * /boot/grub/{boot,core}.img         the disk's first sector and the BIOS boot partition
 * /boot/efi/**                       EFI partition
 * </pre>
 */
public final class BootFiles {
    private static final String ORIGIN = "boot";
    private static final String BOOT = "/boot";
    private static final String KERNEL = "/vmlinuz";
    private static final String INITRD = "/initrd";
    private static final String GRUB = "/grub";
    private static final String EFI = "/efi";
    private static final String SNIPPETS = "/boot-config.d";
    private static final int MAX_SNIPPET = 1 << 16;
    private static final int OWNER_ONLY = 0700;

    private final Tree root;
    private final Tree boot;

    private BootFiles(Tree root, Tree boot) {
        this.root = root;
        this.boot = boot;
    }

    /**
     * Splits a tree.
     *
     * @param whole the root tree with everything that packages brought
     * @return its parts
     * @throws FormatException if a hard link leads out of {@code /boot}
     */
    public static BootFiles of(Tree whole) {
        if (!(whole.find(BOOT).orElse(null) instanceof Directory directory)) {
            return new BootFiles(whole, Tree.builder().build());
        }
        Tree root = whole.without(BOOT).toBuilder().add(directory).build();
        return new BootFiles(root, below(whole, BOOT));
    }

    /** A directory as a tree of its own. */
    private static Tree below(Tree tree, String directory) {
        TreeBuilder builder = Tree.builder();
        for (TreeEntry entry : tree.entries()) {
            if (entry.path().equals(directory) && entry instanceof Directory top) {
                builder.directory("/", top.attributes(), top.origin());
            } else if (entry.path().startsWith(directory + "/")) {
                builder.add(moved(entry, directory));
            }
        }
        return builder.build();
    }

    private static TreeEntry moved(TreeEntry entry, String directory) {
        String path = entry.path().substring(directory.length());
        if (entry instanceof Directory found) {
            return new Directory(path, found.attributes(), found.origin());
        }
        if (entry instanceof RegularFile file) {
            return new RegularFile(path, file.attributes(), file.content(), file.origin());
        }
        if (entry instanceof Symlink link) {
            return new Symlink(path, link.attributes(), link.target(), link.origin());
        }
        HardLink link = (HardLink) entry;
        if (!link.file().startsWith(directory + "/")) {
            throw new FormatException(
                    link.origin(), "the hard link " + link.path() + " leads out of its partition, to " + link.file());
        }
        return new HardLink(path, link.file().substring(directory.length()), link.origin());
    }

    /** {@return the root tree, with an empty directory {@code /boot}} */
    public Tree root() {
        return root;
    }

    /** {@return whether there is a kernel, without which the disk does not boot} */
    public boolean hasKernel() {
        return boot.find(KERNEL).isPresent();
    }

    /**
     * Fills the boot partition. Nobody but root may read it.
     *
     * @param settings what the variant says
     * @param verityRoot the value of {@code dm-mod.create}, see {@code VerityRoot#dmModCreate()}
     * @param signer what happens to the kernel and to GRUB's configuration
     * @return the tree, to be labelled
     * @throws FormatException if there is no kernel, or a value cannot be written into GRUB's configuration
     */
    public Tree bootPartition(BootSettings settings, String verityRoot, BootSigner signer) {
        RegularFile kernel = kernel();
        ContentSource kernelContent = signer.isSecure()
                ? ContentSource.of(signer.kernel(TreeFiles.read(kernel, TreeFiles.MAX_PROGRAM)))
                : kernel.content();
        GrubConfig config = new GrubConfig(
                settings.title(),
                settings.kernelParameters(),
                verityRoot,
                signer.isSecure(),
                settings.bootConfig(),
                boot.find(INITRD).isPresent());
        byte[] configText = config.text().getBytes(StandardCharsets.UTF_8);
        Attributes made = Attributes.root(0600, settings.mtime());
        TreeBuilder builder =
                boot.without(KERNEL).without(hmacOf(KERNEL)).without(SNIPPETS).without(GRUB).without(EFI).toBuilder();
        builder.file(KERNEL, kernel.attributes(), kernelContent, kernel.origin());
        builder.file(hmacOf(KERNEL), made, text(KernelHmac.line(kernelContent, KERNEL.substring(1))), ORIGIN);
        builder.directory(EFI, Attributes.root(OWNER_ONLY, settings.mtime()), ORIGIN);
        builder.directory(GRUB, Attributes.root(OWNER_ONLY, settings.mtime()), ORIGIN);
        builder.file(GRUB + "/grub.cfg", made, ContentSource.of(configText), ORIGIN);
        signer.configSignature(configText)
                .ifPresent(
                        signature -> builder.file(GRUB + "/grub.cfg.sig", made, ContentSource.of(signature), ORIGIN));
        return builder.build().withAttributes(BootFiles::ownerOnly);
    }

    private static Attributes ownerOnly(TreeEntry.Inode entry) {
        Attributes attributes = entry.attributes();
        return entry instanceof Symlink ? attributes : attributes.withMode(attributes.mode() & OWNER_ONLY);
    }

    private static String hmacOf(String path) {
        return "/." + path.substring(1) + ".hmac";
    }

    /**
     * Fills the EFI partition.
     *
     * @param settings what the variant says
     * @param signer what happens to programs
     * @return the tree, directories and regular files only; it has nothing in it if no package brings anything
     * @throws FormatException if there are symlinks, which FAT cannot hold, or a program is malformed
     */
    public Tree efiPartition(BootSettings settings, BootSigner signer) {
        Attributes directory = Attributes.root(0755, settings.mtime());
        Attributes file = Attributes.root(0644, settings.mtime());
        TreeBuilder builder = Tree.builder().directory("/", directory, ORIGIN);
        boolean empty = true;
        for (TreeEntry entry : below(boot, EFI).entries()) {
            if (entry instanceof Directory found) {
                builder.directory(found.path(), directory, found.origin());
            } else if (entry instanceof RegularFile found) {
                builder.file(found.path(), file, efiContent(found, signer), found.origin());
                empty = false;
            } else {
                throw new FormatException(
                        entry.origin(), "/boot/efi" + entry.path() + " is a link, which an EFI partition cannot hold");
            }
        }
        if (!empty) {
            addCertificates(builder, file, signer);
        }
        return builder.build();
    }

    /**
     * Fills the EFI partition of a system that starts from a unified kernel image, without shim, GRUB and boot partition.
     * The stub is systemd's, as its package installs it below {@code /usr/lib/systemd/boot/efi}.
     *
     * @param settings what the variant says; the kernel reads no bootconfig
     * @param verityRoot the value of {@code dm-mod.create}, see {@code VerityRoot#dmModCreate()}
     * @param rootPartition the GUID of the root's partition
     * @param hashPartition the GUID of its hashes' partition
     * @param arch the machine's
     * @param signer what happens to the image
     * @return the tree, directories and regular files only
     * @throws FormatException if the kernel, the stub or os-release are missing or malformed
     */
    public Tree unifiedEfiPartition(
            BootSettings settings,
            String verityRoot,
            UUID rootPartition,
            UUID hashPartition,
            Arch arch,
            BootSigner signer) {
        String named = KernelCommandLine.withPartitions(verityRoot, rootPartition, hashPartition);
        UnifiedKernel kernel = new UnifiedKernel(
                TreeFiles.read(stub(root, arch), TreeFiles.MAX_PROGRAM),
                TreeFiles.read(required(root, "/usr/lib/os-release", arch), MAX_SNIPPET),
                String.join(" ", KernelCommandLine.parameters(settings.kernelParameters(), false, named)),
                TreeFiles.read(kernel(), TreeFiles.MAX_PROGRAM),
                file(INITRD)
                        .map(file -> TreeFiles.read(file, TreeFiles.MAX_PROGRAM))
                        .orElse(new byte[0]));
        ContentSource image = ContentSource.of(signer.unifiedKernel(kernel.bytes()));
        Attributes made = Attributes.root(0644, settings.mtime());
        TreeBuilder builder = Tree.builder()
                .directory("/EFI/BOOT", Attributes.root(0755, settings.mtime()), ORIGIN)
                .file("/EFI/BOOT/BOOT" + EfiProgram.suffix(arch).toUpperCase(Locale.ROOT) + ".EFI", made, image, ORIGIN)
                .file(
                        "/EFI/BOOT/.bottlerocket.efi.hmac",
                        made,
                        text(KernelHmac.line(image, "bottlerocket.efi")),
                        ORIGIN);
        addCertificates(builder, made, signer);
        return builder.build();
    }

    private static void addCertificates(TreeBuilder builder, Attributes attributes, BootSigner signer) {
        new TreeMap<>(signer.certificates())
                .forEach((name, content) ->
                        builder.file("/EFI/BOOT/" + name, attributes, ContentSource.of(content), ORIGIN));
    }

    static RegularFile stub(Tree root, Arch arch) {
        return required(root, "/usr/lib/systemd/boot/efi/linux" + EfiProgram.suffix(arch) + ".efi.stub", arch);
    }

    /** Packages put their files below the sys-root or, in small projects, straight below the root. */
    private static RegularFile required(Tree tree, String path, Arch arch) {
        return TreeFiles.find(tree, "/" + arch + "-bottlerocket-linux-gnu/sys-root" + path)
                .or(() -> TreeFiles.find(tree, path))
                .orElseThrow(() -> new FormatException(
                        "root tree", "there is no " + path, "Include a package that brings it.", null));
    }

    private static ContentSource efiContent(RegularFile file, BootSigner signer) {
        return EfiProgram.isProgram(file.name())
                ? ContentSource.of(signer.program(file.name(), TreeFiles.read(file, TreeFiles.MAX_PROGRAM)))
                : file.content();
    }

    /**
     * Fills the private partition.
     *
     * @param settings what the variant says
     * @return the tree with {@code bootconfig.data}
     */
    public Tree privatePartition(BootSettings settings) {
        Map<String, String> snippets = new TreeMap<>();
        for (TreeEntry entry : boot.entries()) {
            if (entry instanceof RegularFile file && file.path().equals(SNIPPETS + "/" + file.name())) {
                snippets.put(file.name(), new String(TreeFiles.read(file, MAX_SNIPPET), StandardCharsets.ISO_8859_1));
            }
        }
        String text = BootConfig.merge(snippets);
        return Tree.builder()
                .directory("/", Attributes.root(0755, settings.mtime()), ORIGIN)
                .file(
                        "/bootconfig.data",
                        Attributes.root(0644, settings.mtime()),
                        ContentSource.of(BootConfig.encode(text)),
                        ORIGIN)
                .build();
    }

    /**
     * Prepares a start by BIOS.
     *
     * @param firstSector the first sector of the BIOS boot partition
     * @param room its size in bytes
     * @return what to write, or empty if no package brings GRUB for a BIOS
     * @throws FormatException if what packages bring is not GRUB's, or does not fit
     */
    public Optional<BiosBoot> bios(long firstSector, long room) {
        Optional<RegularFile> bootImage = file(GRUB + "/boot.img");
        Optional<RegularFile> coreImage = file(GRUB + "/core.img");
        if (bootImage.isEmpty() || coreImage.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(BiosBoot.of(
                TreeFiles.read(bootImage.get(), TreeFiles.MAX_PROGRAM),
                TreeFiles.read(coreImage.get(), TreeFiles.MAX_PROGRAM),
                firstSector,
                room));
    }

    private RegularFile kernel() {
        return file(KERNEL)
                .orElseThrow(() -> new FormatException(
                        "root tree",
                        "there is no kernel at /boot/vmlinuz",
                        "Include a package that brings one.",
                        null));
    }

    private Optional<RegularFile> file(String path) {
        return TreeFiles.find(boot, path);
    }

    private static ContentSource text(String text) {
        return ContentSource.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
