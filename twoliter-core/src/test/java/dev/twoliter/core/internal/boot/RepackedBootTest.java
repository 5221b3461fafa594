package dev.twoliter.core.internal.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.Project;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.plan.RepackResult;
import dev.twoliter.core.internal.SameImages;
import dev.twoliter.core.internal.boot.secure.EfiVariables;
import dev.twoliter.core.internal.boot.secure.SecureBootKeyGenerator;
import dev.twoliter.core.internal.boot.secure.SecureBootKeys;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** What machines start from, signed by other keys after it was built. */
@Peer({"qemu-system-x86_64", "grub-mkimage", "objcopy", "dmsetup", "busybox", "cpio", "apt-get", "dpkg-deb"})
@DisabledIfEnvironmentVariable(
        named = "TWOLITER_MACHINES",
        matches = "0",
        disabledReason = "machines are started once, whatever the JDK")
class RepackedBootTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path dir;

    private Path keys;
    private Path others;
    private Path root;

    @BeforeEach
    void make_keys() throws IOException {
        keys = dir.resolve("keys");
        others = dir.resolve("others");
        SecureBootKeyGenerator.generate(keys, NOW);
        SecureBootKeyGenerator.generate(others, NOW);
        root = Files.writeString(dir.resolve("root.json"), "{\"signed\": 2}\n");
    }

    private Project projectOf(Path work) {
        return Twoliter.open(work.resolve("project"), Environment.of(Map.of(), work.resolve("cache")));
    }

    private void assertRepackedLikeBuilt(Path disk, Project project) throws IOException {
        RepackResult result = project.repack(
                "metal-boot", r -> r.arch(Arch.X86_64).updateRoot(root).secureBootKeys(others));

        project.plan(b -> b.variant("metal-boot")
                        .arch(Arch.X86_64)
                        .updateRoot(root)
                        .secureBootKeys(others))
                .run();
        SameImages.assertSame(result.directory(), disk.getParent());
    }

    @Test
    void a_signed_image_is_signed_anew_and_starts() throws Exception {
        Path work = dir.resolve("signed");
        Path disk = BootWorld.disk(work, Optional.of(keys));
        Project project = projectOf(work);
        SecureBootKeys own = SecureBootKeys.open(keys);
        RepackResult result = project.repack(
                "metal-boot", r -> r.arch(Arch.X86_64).updateRoot(root).secureBootKeys(keys));
        Path variables = OvmfVariables.write(
                dir.resolve("vars.fd"),
                EfiVariables.of(own.platform(), own.keyExchange(), own.db(), new UUID(1, 2), NOW));

        String said = Qemu.secure(result.directory().resolve(disk.getFileName()), variables)
                .run();

        assertThat(said).contains(BootWorld.BEGIN, "[integrity]", BootWorld.END);
        assertRepackedLikeBuilt(disk, project);
    }

    @Test
    void a_unified_kernel_image_is_made_anew() throws IOException {
        Path work = dir.resolve("unified");

        assertRepackedLikeBuilt(BootWorld.unifiedDisk(work, keys), projectOf(work));
    }
}
