package dev.twoliter.core.internal.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.core.internal.SameImages;
import dev.twoliter.core.internal.boot.secure.EfiVariables;
import dev.twoliter.core.internal.boot.secure.SecureBootKeyGenerator;
import dev.twoliter.core.internal.boot.secure.SecureBootKeys;
import dev.twoliter.core.internal.disk.gpt.Partition;
import dev.twoliter.core.internal.disk.layout.Role;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that start from our boot partitions. */
@Tag("any-jdk")
@Peer({"qemu-system-x86_64", "grub-mkimage", "objcopy", "dmsetup", "busybox", "cpio", "apt-get", "dpkg-deb"})
class BootChainTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final String DISK = "bottlerocket-metal-boot-x86_64-1.0.0-00000000.img";

    @TempDir
    static Path dir;

    private static SecureBootKeys keys;
    private static Path unsigned;
    private static Path signed;

    @BeforeAll
    static void make_disks() throws IOException {
        Path profile = dir.resolve("sbkeys");
        SecureBootKeyGenerator.generate(profile, NOW);
        keys = SecureBootKeys.open(profile);
        unsigned = BootWorld.disk(dir.resolve("unsigned"), Optional.empty());
        signed = BootWorld.disk(dir.resolve("signed"), Optional.of(profile));
    }

    private static Path variables(String name) throws IOException {
        return OvmfVariables.write(
                dir.resolve(name),
                EfiVariables.of(keys.platform(), keys.keyExchange(), keys.db(), new UUID(1, 2), NOW));
    }

    private static void assertStarted(String said) {
        assertThat(said)
                .contains(BootWorld.BEGIN, "ID=bottlerocket", BootWorld.END)
                .containsPattern("root: /dev/dm-0 / erofs ro")
                .contains("arguments: systemd.log_target=journal-or-kmsg")
                .contains("/file: Read-only file system");
    }

    @Test
    void uefi_starts_the_verified_root() throws Exception {
        String said = Qemu.uefi(unsigned).run();

        assertStarted(said);
        assertThat(said).contains("VARIANT_ID=metal-boot", "packages: 4");
    }

    @Test
    void a_bios_starts_the_verified_root() throws Exception {
        assertStarted(Qemu.bios(unsigned).run());
    }

    @Test
    void secure_boot_starts_what_the_keys_signed() throws Exception {
        String said = Qemu.secure(signed, variables("a.fd")).run();

        assertStarted(said);
        assertThat(said).contains("[integrity]");
    }

    @Test
    void secure_boot_starts_a_repacked_image_and_the_way_back_leads_to_the_same_bytes() throws Exception {
        Path work = dir.resolve("signed");
        Path repacked = repack(work, signed.getParent(), dir.resolve("repacked"), "sbkeys", otherRoot());
        assertStarted(Qemu.secure(repacked.resolve(DISK), variables("f.fd")).run());

        assertTheWayBackLeadsTo(signed.getParent(), repacked, work);
    }

    /** Signed by others and with another root, then as it was. */
    private static void assertTheWayBackLeadsTo(Path original, Path image, Path work) throws IOException {
        if (!Files.exists(dir.resolve("others"))) {
            SecureBootKeyGenerator.generate(dir.resolve("others"), NOW);
        }
        Path there = repack(work, image, work.resolve("there"), "others", otherRoot());
        assertThat(Files.mismatch(there.resolve(DISK), original.resolve(DISK))).isNotNegative();
        Path back = repack(work, there, work.resolve("back"), "sbkeys", work.resolve("root.json"));
        SameImages.assertSame(back, original);
    }

    private static Path otherRoot() throws IOException {
        return Files.writeString(dir.resolve("other-root.json"), "{\"signed\": 2, \"longer\": true}\n");
    }

    private static Path repack(Path work, Path image, Path output, String keys, Path root) {
        return BootWorld.project(work)
                .repack(
                        "metal-boot",
                        r -> r.arch(Arch.X86_64)
                                .image(image)
                                .output(output)
                                .updateRoot(root)
                                .secureBootKeys(dir.resolve(keys)))
                .directory();
    }

    @Test
    void secure_boot_starts_a_unified_kernel_image() throws Exception {
        Path disk = BootWorld.unifiedDisk(dir.resolve("unified"), dir.resolve("sbkeys"));
        assertTheWayBackLeadsTo(disk.getParent(), disk.getParent(), dir.resolve("unified"));

        String said = Qemu.secure(disk, variables("e.fd")).run();

        assertStarted(said);
        assertThat(said).contains("[integrity]");
    }

    @Test
    void secure_boot_refuses_what_is_not_signed() throws Exception {
        String said = Qemu.secure(unsigned, variables("b.fd")).run("Access Denied", BootWorld.BEGIN);

        assertThat(said).contains("Access Denied").doesNotContain(BootWorld.BEGIN);
    }

    @Test
    void a_changed_byte_of_the_root_is_caught() throws Exception {
        String said = saidAfterChange(
                unsigned,
                Role.ROOT_A,
                "echo TWOLITER end".getBytes(US_ASCII),
                disk -> Qemu.uefi(disk).run("is corrupted", BootWorld.BEGIN));

        assertThat(said).contains("is corrupted").doesNotContain(BootWorld.BEGIN);
    }

    @Test
    void secure_boot_refuses_a_changed_configuration() throws Exception {
        String said = saidAfterChange(
                signed,
                Role.BOOT_A,
                "set superusers".getBytes(US_ASCII),
                disk -> Qemu.secure(disk, variables("c.fd")).run("no configuration", BootWorld.BEGIN));

        // An unknown command alone would not keep GRUB from going on with the next line.
        assertThat(said).contains("no configuration").doesNotContain(BootWorld.BEGIN);
    }

    @Test
    void secure_boot_refuses_a_changed_kernel_and_tries_again() throws Exception {
        byte[] kernel = Files.readAllBytes(DebianKernel.get().image());
        byte[] part = Arrays.copyOfRange(kernel, kernel.length / 2, kernel.length / 2 + 64);
        String said = saidAfterChange(
                signed,
                Role.BOOT_A,
                part,
                disk -> Qemu.secure(disk, variables("d.fd")).run("another attempt", BootWorld.BEGIN));

        assertThat(said).contains("bad shim signature", "another attempt").doesNotContain(BootWorld.BEGIN);
    }

    private interface Machine {
        String run(Path disk) throws IOException, InterruptedException;
    }

    /** Changes the byte where a pattern begins, and changes it back when the machine has run. */
    private static String saidAfterChange(Path disk, Role role, byte[] pattern, Machine machine) throws Exception {
        Partition partition = BootWorld.partition(role);
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            byte[] content = new byte[(int) Math.min(partition.size(), 32 << 20)];
            file.seek(partition.offset());
            file.readFully(content);
            int at = new String(content, ISO_8859_1).indexOf(new String(pattern, ISO_8859_1));
            assertThat(at).isPositive();
            file.seek(partition.offset() + at);
            file.write(pattern[0] ^ 1);
            try {
                return machine.run(disk);
            } finally {
                file.seek(partition.offset() + at);
                file.write(pattern[0]);
            }
        }
    }
}
