package dev.twoliter.core.internal.boot.secure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twoliter.api.FormatException;
import dev.twoliter.core.internal.boot.pe.PeFixture;
import dev.twoliter.core.internal.boot.pe.PeImage;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecureBootTest {
    private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
    private static final byte[] CONFIG = "set timeout=0\n".getBytes(US_ASCII);

    @TempDir
    static Path keys;

    @TempDir
    Path dir;

    private static SecureBoot signer;

    @BeforeAll
    static void make_keys() {
        SecureBootKeyGenerator.generate(keys, NOW);
        signer = new SecureBoot(SecureBootKeys.open(keys), NOW);
    }

    private static byte[] shim() {
        return PeFixture.program(Map.of(".vendor_cert", new byte[4096]));
    }

    private static byte[] grub() {
        return PeFixture.program(Map.of(".pubkey", new byte[4096]));
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(dir.resolve(name), content);
    }

    private static byte[] content(byte[] program, String section) {
        PeImage image = PeImage.parse("x", program);
        return image.content(image.section(section).orElseThrow());
    }

    @Test
    void the_shim_trusts_the_vendor() throws IOException {
        byte[] vendor = Certificates.der(SecureBootKeys.open(keys).vendor());
        byte[] table = content(signer.program("bootx64.efi", shim()), ".vendor_cert");
        ByteBuffer numbers = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(table).hasSize(4096);
        assertThat(numbers.getInt(0)).isEqualTo(vendor.length);
        assertThat(numbers.getInt(4)).isZero();
        assertThat(numbers.getInt(8)).isEqualTo(16);
        assertThat(numbers.getInt(12)).isEqualTo(16 + vendor.length);
        assertThat(Arrays.copyOfRange(table, 16, 16 + vendor.length)).isEqualTo(vendor);
    }

    @Test
    void the_same_program_and_keys_give_the_same_bytes() {
        assertThat(signer.program("bootx64.efi", shim())).isEqualTo(signer.program("bootx64.efi", shim()));
        assertThat(signer.kernel(grub())).isEqualTo(signer.kernel(grub()));
        assertThat(signer.configSignature(CONFIG).orElseThrow())
                .isEqualTo(signer.configSignature(CONFIG).orElseThrow());
    }

    @Test
    void a_signature_takes_the_place_of_earlier_ones() {
        byte[] once = signer.kernel(grub());

        assertThat(PeImage.parse("x", once).isSigned()).isTrue();
        assertThat(signer.kernel(once)).isEqualTo(once);
    }

    @Test
    void programs_that_cannot_be_tied_to_keys_are_named() {
        assertThatThrownBy(() -> signer.program("bootx64.efi", grub()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("bootx64.efi: has no section '.vendor_cert'");
        assertThatThrownBy(() -> signer.program("grubaa64.efi", shim()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("grubaa64.efi: has no section '.pubkey'");
        assertThatThrownBy(() -> signer.kernel("no program".getBytes(US_ASCII)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("vmlinuz");
    }

    @Test
    @Peer({"sbverify", "osslsigncode", "openssl"})
    void sbverify_and_osslsigncode_follow_the_chain() throws IOException {
        Path db = keys.resolve("db.crt");
        Path vendor = keys.resolve("vendor.crt");

        verify(db, write("bootx64.efi", signer.program("bootx64.efi", shim())));
        verify(vendor, write("grubx64.efi", signer.program("grubx64.efi", grub())));
        verify(vendor, write("mmx64.efi", signer.program("mmx64.efi", shim())));
        Path kernel = write("vmlinuz", signer.kernel(shim()));
        verify(vendor, kernel);
        assertThat(Command.run("sbverify", "--cert", db, kernel).exit()).isNotZero();
    }

    private static void verify(Path authority, Path program) {
        Command.output("sbverify", "--cert", authority, program);
        assertThat(Command.output("osslsigncode", "verify", "-CAfile", authority, "-in", program))
                .contains("Signature verification: ok");
    }

    @Test
    @Peer({"sbverify", "osslsigncode"})
    void a_changed_byte_is_noticed() throws IOException {
        byte[] program = signer.kernel(shim());
        program[4096] ^= 1;

        assertThat(Command.run("sbverify", "--cert", keys.resolve("vendor.crt"), write("vmlinuz", program))
                        .exit())
                .isNotZero();
    }

    @Test
    @Peer("gpg")
    void gpg_accepts_the_signature_of_the_configuration() throws IOException {
        Path config = write("grub.cfg", CONFIG);
        Path signature = write("grub.cfg.sig", signer.configSignature(CONFIG).orElseThrow());
        Path ring = write("ring", content(signer.program("grubx64.efi", grub()), ".pubkey"));
        Map<String, String> home =
                Map.of("GNUPGHOME", Files.createDirectory(dir.resolve("gnupg")).toString());

        Command.runIn(dir, home, "gpg", "--batch", "--import", ring).succeeded();
        assertThat(Command.runIn(dir, home, "gpg", "--batch", "--verify", signature, config)
                        .succeeded())
                .contains("Good signature from \"Bottlerocket Config Signing Key\"");
    }

    @Test
    void the_certificate_of_the_firmware_comes_in_both_forms() throws IOException {
        assertThat(signer.certificates()).containsOnlyKeys("db.crt", "db.cer");
        assertThat(signer.certificates().get("db.crt")).isEqualTo(Files.readAllBytes(keys.resolve("db.crt")));
        assertThat(signer.certificates().get("db.cer"))
                .isEqualTo(Certificates.der(SecureBootKeys.open(keys).db()));
    }

    @Test
    @Peer({"objcopy", "sbverify"})
    void a_real_shim_is_changed_as_objcopy_changes_it() throws IOException {
        Path shim = Path.of("/usr/lib/shim/shimx64.efi");
        assumeTrue(Files.exists(shim), "shim-unsigned is not installed");
        byte[] ours = signer.program("bootx64.efi", Files.readAllBytes(shim));
        Path table = write("table", content(ours, ".vendor_cert"));
        Path theirs = dir.resolve("theirs.efi");
        Command.output("objcopy", "--update-section", ".vendor_cert=" + table, shim, theirs);

        assertThat(content(Files.readAllBytes(theirs), ".vendor_cert")).isEqualTo(content(ours, ".vendor_cert"));
        for (String section : new String[] {".text", ".data", ".sbat", ".dynamic"}) {
            assertThat(content(Files.readAllBytes(theirs), section)).isEqualTo(content(ours, section));
        }
        Command.output("sbverify", "--cert", keys.resolve("db.crt"), write("ours.efi", ours));
    }
}
