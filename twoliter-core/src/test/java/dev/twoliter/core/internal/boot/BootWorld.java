package dev.twoliter.core.internal.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Content;
import dev.twoliter.api.ContentType;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.plan.BuildRequest;
import dev.twoliter.core.internal.boot.secure.SecureBootKeys;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.layout.DiskShape;
import dev.twoliter.core.internal.disk.layout.PartitionPlan;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.disk.tree.TreeEntry.Directory;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.testing.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/**
 * A small system of Debian's kernel, busybox, dmsetup, shim and GRUB on a disk of Bottlerocket's layout. Debian's kernel
 * has device-mapper and EROFS as modules, so it needs an initrd, which does what Bottlerocket's kernel does by itself.
 */
final class BootWorld {
    static final String BEGIN = "TWOLITER begin";
    static final String END = "TWOLITER end";

    private static final Path GRUB_MODULES = Path.of("/usr/lib/grub");
    private static final Path SHIM = Path.of("/usr/lib/shim");
    private static final Path STUB = Path.of("/usr/lib/systemd/boot/efi/linuxx64.efi.stub");
    private static final String SEED = "boot world";
    private static final PartitionPlan PLAN = PartitionPlan.of(
            new ImageLayout(1, 1, 22, ImageLayout.PartitionPlan.UNIFIED), new DiskShape(true, false, false));
    private static final List<String> MODULES = List.of(
            "lib/reed_solomon/reed_solomon",
            "drivers/md/dm-mod",
            "drivers/md/dm-bufio",
            "drivers/md/dm-verity",
            "lib/libcrc32c",
            "fs/erofs/erofs");
    /** What Bottlerocket's GRUB has built in, with the commands that Debian's GRUB knows. */
    private static final String EARLY_CONFIG = """
            serial --unit=0 --speed=115200
            terminal_input serial console
            terminal_output serial console
            set private=hd0,gpt12
            export private
            set root=hd0,gpt3
            probe --set=boot_uuid --part-uuid ($root)
            export boot_uuid
            set prefix=($root)/grub
            configfile /grub/grub.cfg
            echo "no configuration"
            sleep 30
            """;

    private static final String SBAT = """
            sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md
            grub,5,Free Software Foundation,grub,2.06,https://www.gnu.org/software/grub/
            """;

    private static final String INITRD_INIT = """
            #!/bin/sh
            busybox mount -t proc proc /proc
            busybox mount -t sysfs sys /sys
            busybox mount -t devtmpfs dev /dev
            for module in reed_solomon dm-mod dm-bufio dm-verity libcrc32c erofs; do
                busybox insmod /modules/$module.ko
            done
            table=$(busybox sed -E 's/.*"?dm-mod\\.create="?([^"]*)".*/\\1/' /proc/cmdline)
            dmsetup create --concise "$table" --noudevsync --noudevrules
            busybox mount -t erofs -o ro /dev/dm-0 /root
            busybox umount /proc /sys
            busybox mount --move /dev /root/dev
            exec busybox switch_root /root /usr/bin/init "$@"
            """;

    private static final String INIT = """
            #!/bin/sh
            mount -t proc proc /proc
            mount -t sysfs sys /sys
            exec > /dev/ttyS0 2>&1
            echo TWOLITER begin
            cat /usr/lib/os-release
            echo "packages: $(grep -o '"Name"' /usr/share/bottlerocket/application-inventory.json | wc -l)"
            echo "root: $(grep ' / ' /proc/mounts)"
            echo "arguments: $*"
            mount -t securityfs securityfs /sys/kernel/security
            echo "lockdown: $(cat /sys/kernel/security/lockdown)"
            touch /file
            echo TWOLITER end
            poweroff -f
            """;

    private final Path work;
    private TreeBuilder tree = Tree.builder();

    private BootWorld(Path work) {
        this.work = work;
    }

    /**
     * Has a variant built from packages, end to end.
     *
     * @param work an empty directory
     * @param profile the keys that sign what it starts from; empty for no Secure Boot
     */
    static Path disk(Path work, Optional<Path> profile) throws IOException {
        BootWorld world = new BootWorld(Files.createDirectories(work));
        Map<String, Tree> packages = new TreeMap<>();
        world.addUserSpace();
        packages.put("busybox", world.take());
        world.addKernel();
        packages.put("kernel-6.1", world.take());
        Optional<byte[]> configKey = profile.map(
                directory -> SecureBootKeys.open(directory).configSign().publicKey());
        world.addGrub(configKey);
        packages.put("grub", world.take());
        return world.build(packages, profile, v -> v.with(ImageFeature.GRUB_SET_PRIVATE_VAR));
    }

    /** What was added since the last time. */
    private Tree take() {
        Tree taken = tree.build();
        tree = Tree.builder();
        return taken;
    }

    private Path build(Map<String, Tree> packages, Optional<Path> profile, UnaryOperator<VariantSpec.Builder> start)
            throws IOException {
        ProjectSpec.Builder spec = ProjectSpec.builder().releaseVersion("1.0.0").vendor("acme", "oci:./registry");
        packages.forEach((name, files) -> spec.addPackage(name, p -> declare(p, files)));
        spec.addKit("boot-kit", k -> k.vendor("acme").packages(packages.keySet().toArray(String[]::new)))
                .addVariant("metal-boot", v -> {
                    v.kits("boot-kit")
                            .packages(packages.keySet().toArray(String[]::new))
                            .kernelParameters("console=ttyS0,115200n8", "panic=-1", "quiet")
                            .imageLayout(new ImageLayout(1, 1, 2, ImageLayout.PartitionPlan.UNIFIED))
                            .with(ImageFeature.EROFS_ROOT_PARTITION);
                    return start.apply(profile.isPresent() ? v.with(ImageFeature.UEFI_SECURE_BOOT) : v);
                });
        Environment environment = Environment.of(Map.of(), work.resolve("cache"));
        Project project = Twoliter.create(work.resolve("project"), spec.build(), environment);
        for (Map.Entry<String, Tree> one : packages.entrySet()) {
            writeSources(project.directory().resolve("packages").resolve(one.getKey()), one.getValue());
        }
        Path updates = Files.writeString(work.resolve("root.json"), "{\"signed\": 1}\n");
        BuildRequest.Builder request =
                BuildRequest.builder().variant("metal-boot").arch(Arch.X86_64).updateRoot(updates);
        profile.ifPresent(request::secureBootKeys);
        Twoliter.open(project.directory(), environment).plan(request.build()).run();
        return project.directory()
                .resolve("build/images/x86_64-metal-boot/latest")
                .toRealPath()
                .resolve("bottlerocket-metal-boot-x86_64-1.0.0-00000000.img");
    }

    private static PackageSpec.Builder declare(PackageSpec.Builder spec, Tree files) {
        spec.version("1.0").summary("Part of a small system").license("GPL-2.0-only");
        for (TreeEntry entry : files.entries()) {
            if (entry instanceof RegularFile file) {
                spec.addContent(Content.of(ContentType.FILE, source(file.path()), file.path())
                        .withMode(file.attributes().mode() & 0777));
            } else if (entry instanceof TreeEntry.Symlink link) {
                spec.addContent(Content.of(ContentType.SYMLINK, link.target(), link.path()));
            } else if (entry instanceof Directory directory && isEmpty(files, directory)) {
                spec.addContent(
                        Content.of(ContentType.DIR, "", directory.path()).withMode(0755));
            }
        }
        return spec;
    }

    private static boolean isEmpty(Tree files, Directory directory) {
        return files.entries().stream()
                .noneMatch(entry -> entry.path().startsWith(directory.path() + "/")
                        || directory.path().equals("/"));
    }

    private static String source(String path) {
        return "files" + path;
    }

    private static void writeSources(Path directory, Tree files) throws IOException {
        for (TreeEntry entry : files.entries()) {
            if (entry instanceof RegularFile file) {
                Path path = directory.resolve(source(file.path()));
                Files.createDirectories(path.getParent());
                try (InputStream in = file.content().open()) {
                    Files.copy(in, path);
                }
            }
        }
    }

    /**
     * Has a variant built that firmware starts by itself, from a unified kernel image.
     *
     * @param work an empty directory
     * @param profile the keys that sign it
     */
    static Path unifiedDisk(Path work, Path profile) throws IOException {
        BootWorld world = new BootWorld(Files.createDirectories(work));
        Map<String, Tree> packages = new TreeMap<>();
        world.addUserSpace();
        packages.put("busybox", world.take());
        world.addKernel();
        packages.put("kernel-6.1", world.take());
        world.add("/usr/lib/systemd/boot/efi/linuxx64.efi.stub", 0644, Files.readAllBytes(STUB));
        packages.put("systemd-boot", world.take());
        return world.build(
                packages,
                Optional.of(profile),
                v -> v.imageFormat(ImageFormat.UKI).without(ImageFeature.IN_PLACE_UPDATES));
    }

    private void addUserSpace() throws IOException {
        for (String directory : List.of("proc", "sys", "dev", "run", "tmp", "etc")) {
            tree.directory("/" + directory, Attributes.root(0755, 0), "filesystem");
        }
        for (String link : List.of("bin", "sbin")) {
            tree.symlink("/" + link, Attributes.root(0777, 0), "usr/bin", "filesystem");
        }
        add("/usr/bin/busybox", 0755, Files.readAllBytes(Path.of("/bin/busybox")));
        for (String applet : List.of("sh", "mount", "cat", "grep", "touch", "poweroff", "wc")) {
            tree.symlink("/usr/bin/" + applet, Attributes.root(0777, 0), "busybox", "busybox");
        }
        add("/usr/bin/init", 0755, INIT.getBytes(UTF_8));
        add("/usr/lib/os-release", 0644, "NAME=Bottlerocket\nID=bottlerocket\n".getBytes(UTF_8));
    }

    private void add(String path, int mode, byte[] content) {
        tree.file(path, Attributes.root(mode, 0), ContentSource.of(content), "boot world");
    }

    private void addKernel() throws IOException {
        DebianKernel kernel = DebianKernel.get();
        add("/boot/vmlinuz", 0644, Files.readAllBytes(kernel.image()));
        add("/boot/config", 0644, Files.readAllBytes(kernel.config()));
        add("/boot/initrd", 0644, initrd(kernel));
    }

    private byte[] initrd(DebianKernel kernel) throws IOException {
        Path root = work.resolve("initrd");
        for (String directory : List.of("bin", "modules", "proc", "sys", "dev", "root")) {
            Files.createDirectories(root.resolve(directory));
        }
        for (String module : MODULES) {
            Path file = kernel.module(module);
            Files.copy(file, root.resolve("modules").resolve(file.getFileName()));
        }
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
        Files.copy(Path.of("/sbin/dmsetup"), root.resolve("bin/dmsetup"));
        for (String word : Command.output("ldd", "/sbin/dmsetup").split("\\s+")) {
            if (word.startsWith("/")) {
                Path library = root.resolve(word.substring(1));
                Files.createDirectories(library.getParent());
                Files.copy(Path.of(word), library, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.writeString(root.resolve("init"), INITRD_INIT);
        Files.setPosixFilePermissions(root.resolve("init"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Path archive = work.resolve("initrd.cpio");
        Command.output("sh", "-c", "cd " + root + " && find . | sort | cpio -o -H newc --quiet > " + archive);
        Path compressed = work.resolve("initrd.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(archive, out);
        }
        return Files.readAllBytes(compressed);
    }

    private void addGrub(Optional<byte[]> configKey) throws IOException {
        Path early = Files.writeString(work.resolve("early.cfg"), EARLY_CONFIG);
        Path sbat = Files.writeString(work.resolve("sbat.csv"), SBAT);
        Path key = Files.write(work.resolve("key"), configKey.orElse(new byte[0]));
        String common = "part_gpt ext2 fat normal configfile linux probe serial terminal echo test" + " sleep reboot";
        Path efi = work.resolve("grub.efi");
        make(
                "x86_64-efi -c " + early + " --sbat " + sbat + (configKey.isPresent() ? " --pubkey " + key : ""),
                efi,
                common + " pgp gcry_sha256 gcry_sha512 gcry_rsa");
        Path core = work.resolve("core.img");
        make("i386-pc -c " + early, core, common + " biosdisk");
        add("/boot/grub/core.img", 0644, Files.readAllBytes(core));
        add("/boot/grub/boot.img", 0644, Files.readAllBytes(GRUB_MODULES.resolve("i386-pc/boot.img")));
        add("/boot/efi/EFI/BOOT/grubx64.efi", 0644, Files.readAllBytes(withKeySection(efi)));
        add("/boot/efi/EFI/BOOT/bootx64.efi", 0644, Files.readAllBytes(SHIM.resolve("shimx64.efi")));
        add("/boot/efi/EFI/BOOT/mmx64.efi", 0644, Files.readAllBytes(SHIM.resolve("mmx64.efi")));
    }

    private static void make(String options, Path out, String modules) {
        Command.output("sh", "-c", "grub-mkimage -p /grub -o " + out + " -O " + options + " " + modules);
    }

    /** Debian's GRUB keeps its key among its modules; Bottlerocket's has a section for it. */
    private Path withKeySection(Path program) throws IOException {
        Path empty = Files.write(work.resolve("empty"), new byte[4096]);
        Path changed = work.resolve("grubx64.efi");
        Command.output(
                "objcopy",
                "--add-section",
                ".pubkey=" + empty,
                "--set-section-flags",
                ".pubkey=alloc,contents,load,readonly,data",
                "--change-section-vma",
                ".pubkey=0x200000",
                program,
                changed);
        return changed;
    }

    /** The project that a disk was built from. */
    static Project project(Path work) {
        return Twoliter.open(work.resolve("project"), Environment.of(Map.of(), work.resolve("cache")));
    }

    /** Where a partition lies on the disk. */
    static Partition partition(Role role) {
        return PLAN.os().table(SEED).partition(PLAN.slot(role).number());
    }
}
