package dev.twoliter.core.internal.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.boot.pe.PeFixture;
import dev.twoliter.core.internal.boot.pe.PeImage;
import dev.twoliter.core.internal.boot.pe.Section;
import dev.twoliter.core.internal.boot.secure.UnsignedBoot;
import dev.twoliter.core.internal.disk.tree.Attributes;
import dev.twoliter.core.internal.disk.tree.ContentSource;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeBuilder;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.core.internal.disk.tree.TreeEntry.RegularFile;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootFilesTest {
    private static final BootSettings SETTINGS = new BootSettings("Demo 1.0", List.of("quiet"), true, 1000);
    private static final String VERITY = "root,,,ro,0 8 verity";
    private static final BootSigner UNSIGNED = new UnsignedBoot();

    private static TreeBuilder packages() {
        return Tree.builder()
                .directory("/boot", Attributes.root(0755, 5), "filesystem")
                .file("/boot/vmlinuz", Attributes.root(0755, 7), bytes("kernel"), "kernel")
                .file("/boot/config", Attributes.root(0644, 7), bytes("CONFIG_X=y"), "kernel")
                .file("/boot/grub/core.img", Attributes.root(0644, 7), bytes("core"), "grub")
                .file("/boot/boot-config.d/10-a", Attributes.root(0644, 7), bytes("a = 1"), "release")
                .file("/boot/boot-config.d/9-b", Attributes.root(0644, 7), bytes("b = 2"), "release")
                .file("/boot/boot-config.d/sub/x", Attributes.root(0644, 7), bytes("not read"), "release")
                .file("/boot/efi/EFI/BOOT/bootx64.efi", Attributes.root(0600, 7), bytes(shim()), "shim")
                .file("/boot/efi/EFI/BOOT/grubx64.efi", Attributes.root(0600, 7), bytes(grub()), "grub")
                .file("/usr/lib/os-release", Attributes.root(0644, 7), bytes("NAME=Demo"), "release");
    }

    private static byte[] shim() {
        return PeFixture.program(Map.of(".vendor_cert", "a vendor".getBytes(US_ASCII)));
    }

    private static byte[] grub() {
        return PeFixture.program(Map.of(".pubkey", "a key".getBytes(US_ASCII)));
    }

    private static ContentSource bytes(String text) {
        return bytes(text.getBytes(US_ASCII));
    }

    private static ContentSource bytes(byte[] content) {
        return ContentSource.of(content);
    }

    private static byte[] content(Tree tree, String path) throws IOException {
        try (InputStream in =
                ((RegularFile) tree.find(path).orElseThrow()).content().open()) {
            return in.readAllBytes();
        }
    }

    private static Attributes attributes(Tree tree, String path) {
        return ((TreeEntry.Inode) tree.find(path).orElseThrow()).attributes();
    }

    private static List<String> paths(Tree tree) {
        return tree.entries().stream().map(TreeEntry::path).toList();
    }

    @Test
    void the_root_keeps_an_empty_directory() {
        BootFiles files = BootFiles.of(packages().build());

        assertThat(files.hasKernel()).isTrue();
        assertThat(paths(files.root())).containsExactly("/", "/boot", "/usr", "/usr/lib", "/usr/lib/os-release");
        assertThat(attributes(files.root(), "/boot")).isEqualTo(Attributes.root(0755, 5));
    }

    @Test
    void a_root_without_boot_files_stays_as_it_is() {
        Tree whole = Tree.builder()
                .file("/bootless", Attributes.root(0644, 0), bytes(""), "x")
                .build();
        BootFiles files = BootFiles.of(whole);

        assertThat(files.root()).isSameAs(whole);
        assertThat(files.hasKernel()).isFalse();
        assertThat(files.bios(2048, 4 << 20)).isEmpty();
        assertThat(paths(files.efiPartition(SETTINGS, UNSIGNED))).containsExactly("/");
        assertThatThrownBy(() -> files.bootPartition(SETTINGS, VERITY, UNSIGNED))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("/boot/vmlinuz");
    }

    @Test
    void the_boot_partition_holds_kernel_configuration_and_checksum_for_root_alone() throws IOException {
        Tree boot = BootFiles.of(packages().build()).bootPartition(SETTINGS, VERITY, UNSIGNED);

        assertThat(paths(boot))
                .containsExactly("/", "/.vmlinuz.hmac", "/config", "/efi", "/grub", "/grub/grub.cfg", "/vmlinuz");
        assertThat(boot.entries())
                .allSatisfy(entry -> assertThat(
                                ((TreeEntry.Inode) entry).attributes().mode() & 077)
                        .isZero());
        assertThat(content(boot, "/vmlinuz")).asString().isEqualTo("kernel");
        assertThat(attributes(boot, "/vmlinuz").mtime()).isEqualTo(7);
        assertThat(content(boot, "/grub/grub.cfg"))
                .asString()
                .isEqualTo(new GrubConfig("Demo 1.0", List.of("quiet"), VERITY, false, true, false).text());
    }

    @Test
    void an_initrd_is_used_when_there_is_one() throws IOException {
        Tree whole = packages()
                .file("/boot/initrd", Attributes.root(0644, 7), bytes("cpio"), "initrd")
                .build();
        Tree boot = BootFiles.of(whole).bootPartition(SETTINGS, VERITY, UNSIGNED);

        assertThat(content(boot, "/grub/grub.cfg"))
                .asString()
                .contains("initrd ($root)/initrd ($private)/bootconfig.data");
    }

    @Test
    void without_secure_boot_the_programs_trust_nobody() throws IOException {
        Tree efi = BootFiles.of(packages().build()).efiPartition(SETTINGS, UNSIGNED);

        assertThat(paths(efi))
                .containsExactly("/", "/EFI", "/EFI/BOOT", "/EFI/BOOT/bootx64.efi", "/EFI/BOOT/grubx64.efi");
        PeImage shim = PeImage.parse("shim", content(efi, "/EFI/BOOT/bootx64.efi"));
        assertThat(shim.content(shim.section(".vendor_cert").orElseThrow()))
                .hasSize(4096)
                .startsWith(0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0, 0);
        assertThat(PeImage.parse("grub", content(efi, "/EFI/BOOT/grubx64.efi")).section(".pubkey"))
                .isEmpty();
    }

    @Test
    void a_unified_kernel_image_holds_everything_that_starts_the_system() throws IOException {
        UUID rootGuid = new UUID(1, 2);
        UUID hashGuid = new UUID(3, 4);
        String verity = "root,,,ro,0 8 verity 1 PARTUUID=$boot_uuid/PARTNROFF=1 PARTUUID=$boot_uuid/PARTNROFF=2 4096";
        BootFiles files = BootFiles.of(packages()
                .file(
                        "/usr/lib/systemd/boot/efi/linuxx64.efi.stub",
                        Attributes.root(0644, 0),
                        bytes(PeFixture.bare()),
                        "systemd")
                .build()
                .without("/boot/vmlinuz")
                .toBuilder()
                .file("/boot/vmlinuz", Attributes.root(0644, 0), bytes(PeFixture.bare()), "kernel")
                .build());
        Tree efi = files.unifiedEfiPartition(SETTINGS, verity, rootGuid, hashGuid, Arch.X86_64, UNSIGNED);
        PeImage image = PeImage.parse("uki", content(efi, "/EFI/BOOT/BOOTX64.EFI"));

        assertThat(paths(efi))
                .containsExactly("/", "/EFI", "/EFI/BOOT", "/EFI/BOOT/.bottlerocket.efi.hmac", "/EFI/BOOT/BOOTX64.EFI");
        assertThat(image.sections()).extracting(Section::name).containsExactly(".text", ".osrel", ".cmdline", ".linux");
        assertThat(image.content(image.section(".osrel").orElseThrow()))
                .asString()
                .isEqualTo("NAME=Demo");
        assertThat(image.content(image.section(".cmdline").orElseThrow()))
                .asString()
                .startsWith("quiet root=/dev/dm-0 rootwait ro raid=noautodetect")
                .contains(" dm-mod.create=\"root,,,ro,0 8 verity 1 PARTUUID=" + rootGuid + " PARTUUID=" + hashGuid
                        + " 4096\" -- ");
        assertThat(image.content(image.section(".linux").orElseThrow())).isEqualTo(PeFixture.bare());
        assertThatThrownBy(
                        () -> files.unifiedEfiPartition(SETTINGS, "other", rootGuid, hashGuid, Arch.X86_64, UNSIGNED))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("$boot_uuid");
        assertThatThrownBy(
                        () -> files.unifiedEfiPartition(SETTINGS, verity, rootGuid, hashGuid, Arch.AARCH64, UNSIGNED))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("linuxaa64.efi.stub");
    }

    @Test
    void a_link_cannot_be_on_the_efi_partition() {
        Tree whole = packages()
                .symlink("/boot/efi/EFI/link", Attributes.root(0777, 0), "BOOT", "shim")
                .build();

        assertThatThrownBy(() -> BootFiles.of(whole).efiPartition(SETTINGS, UNSIGNED))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("/boot/efi/EFI/link");
    }

    @Test
    void a_damaged_program_is_named() {
        Tree whole = packages()
                .file("/boot/efi/EFI/BOOT/mmx64.EFI", Attributes.root(0644, 0), bytes("MZ"), "shim")
                .build();

        assertThatThrownBy(() -> BootFiles.of(whole).efiPartition(SETTINGS, UNSIGNED))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("mmx64.EFI");
    }

    @Test
    void the_private_partition_holds_the_joined_bootconfig() throws IOException {
        Tree tree = BootFiles.of(packages().build()).privatePartition(SETTINGS);

        assertThat(paths(tree)).containsExactly("/", "/bootconfig.data");
        assertThat(BootConfig.decode(content(tree, "/bootconfig.data"))).isEqualTo("b = 2\na = 1\n");
        Tree plain =
                BootFiles.of(packages().build().without("/boot/boot-config.d")).privatePartition(SETTINGS);
        assertThat(BootConfig.decode(content(plain, "/bootconfig.data"))).isEqualTo(BootConfig.EMPTY);
    }

    @Test
    void a_hard_link_out_of_boot_is_refused_and_one_within_is_kept() {
        // Cut like a path below /boot, the target would be that of the kernel.
        Tree out = packages()
                .file("/home/vmlinuz", Attributes.root(0644, 7), bytes("other"), "x")
                .hardLink("/boot/link", "/home/vmlinuz", "x")
                .build();
        assertThatThrownBy(() -> BootFiles.of(out))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("leads out of its partition, to /home/vmlinuz");

        Tree within = packages().hardLink("/boot/settings", "/boot/config", "x").build();
        assertThat(BootFiles.of(within)
                        .bootPartition(SETTINGS, VERITY, UNSIGNED)
                        .find("/settings"))
                .get()
                .isInstanceOfSatisfying(
                        TreeEntry.HardLink.class,
                        link -> assertThat(link.file()).isEqualTo("/config"));
    }

    @Test
    @Peer("openssl")
    void openssl_computes_the_same_hmac(@TempDir Path dir) throws IOException {
        Path kernel = Files.writeString(dir.resolve("vmlinuz"), "kernel");
        String theirs = Command.output("openssl", "dgst", "-sha512", "-hmac", "FIPS-FTW-RHT2009", "-r", kernel);
        Tree boot = BootFiles.of(packages().build()).bootPartition(SETTINGS, VERITY, UNSIGNED);

        assertThat(content(boot, "/.vmlinuz.hmac")).asString().isEqualTo(theirs.substring(0, 128) + "  vmlinuz\n");
    }
}
