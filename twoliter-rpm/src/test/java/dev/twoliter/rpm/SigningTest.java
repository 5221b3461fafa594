package dev.twoliter.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.RpmVerification.Verdict;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SigningTest {
    @TempDir
    Path dir;

    private Path rpm(String name) {
        Path rpm = dir.resolve(name + ".rpm");
        Samples.small(name, "1").writeTo(rpm);
        return rpm;
    }

    private RpmVerifier verifier(OpenPgpKeys.Algorithm algorithm) {
        return RpmVerifier.withKeys(List.of(dir.resolve(algorithm + ".pub")));
    }

    @ParameterizedTest
    @EnumSource(
            value = OpenPgpKeys.Algorithm.class,
            names = {"ED25519", "RSA_3072"})
    @Peer("rpm")
    void rpm_accepts_our_signature_and_its_verdict_is_ours(OpenPgpKeys.Algorithm algorithm) throws IOException {
        RpmSigner signer = Samples.signer(dir, algorithm);
        Path rpm = rpm("signed");
        long size = Files.size(rpm);
        signer.sign(rpm);
        byte[] once = Files.readAllBytes(rpm);
        signer.sign(rpm);

        assertThat(Files.readAllBytes(rpm)).as("signed again").isEqualTo(once);
        assertThat(Files.size(rpm)).isEqualTo(size);
        RpmVerification found = verifier(algorithm).verify(rpm);
        assertThat(found.verdict()).isEqualTo(Verdict.OK);
        assertThat(found.signatures().get(0).keyId()).isEqualTo(signer.keyId());
        assertThat(RpmVerifier.withoutKeys().verify(rpm).verdict()).isEqualTo(Verdict.NO_KEY);

        Path database = Files.createDirectory(dir.resolve("db"));
        Command.output("rpm", "--dbpath", database, "--import", dir.resolve(algorithm + ".pub"));
        assertThat(Command.output("rpm", "--dbpath", database, "-K", rpm)).contains("digests signatures OK");

        // One flipped byte in each part of the file.
        RpmPackage parts = RpmPackage.open(rpm);
        int[] places = {
            0,
            5,
            79,
            97,
            110,
            150,
            300,
            (int) parts.headerStart() + 3,
            (int) parts.headerStart() + 40,
            (int) parts.headerEnd() - 200,
            (int) parts.headerEnd() + 30,
            once.length - 1
        };
        for (int place : places) {
            byte[] flipped = once.clone();
            flipped[place] ^= 0x10;
            Path bad = Files.write(dir.resolve("bad.rpm"), flipped);
            boolean theirs = Command.run("rpm", "--dbpath", database, "-K", bad).exit() == 0;
            assertThat(isGood(verifier(algorithm), bad)).as("byte " + place).isEqualTo(theirs);
        }
    }

    private static boolean isGood(RpmVerifier verifier, Path rpm) {
        try {
            verifier.require(rpm);
            return true;
        } catch (VerificationException | FormatException e) {
            assertThat(e.getMessage()).contains(rpm.toString());
            return false;
        }
    }

    @Test
    void refuses_unsigned_and_foreign_packages_with_advice() {
        RpmSigner signer = Samples.signer(dir, OpenPgpKeys.Algorithm.ED25519);
        Path rpm = rpm("p");
        assertThatThrownBy(() -> verifier(OpenPgpKeys.Algorithm.ED25519).require(rpm))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("p.rpm")
                .hasMessageContaining("not signed");
        signer.sign(rpm);
        assertThatThrownBy(() -> RpmVerifier.withoutKeys().require(rpm))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining(signer.keyId());
        verifier(OpenPgpKeys.Algorithm.ED25519).require(rpm);
    }

    @Test
    void does_not_sign_a_damaged_package() throws IOException {
        Path rpm = rpm("p");
        byte[] bytes = Files.readAllBytes(rpm);
        bytes[bytes.length - 3] ^= 1;
        Files.write(rpm, bytes);
        RpmSigner signer = Samples.signer(dir, OpenPgpKeys.Algorithm.ED25519);
        assertThatThrownBy(() -> signer.sign(rpm))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("payload");
        assertThat(Files.readAllBytes(rpm)).isEqualTo(bytes);
    }

    @Test
    void keys_are_private_are_not_overwritten_and_want_their_passphrase() throws IOException {
        Path secret = dir.resolve("k.sec");
        KeyFile key = KeyFile.of(secret, () -> "secret".toCharArray());
        OpenPgpKeys.generate(
                OpenPgpKeys.Algorithm.ED25519, "A <a@example.com>", Instant.EPOCH, key, dir.resolve("k.pub"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(RpmSigner.open(key).keyId()).matches("[0-9a-f]{16}");
        assertThatThrownBy(() -> RpmSigner.open(KeyFile.of(secret, () -> "wrong".toCharArray())))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining("k.sec");
        assertThatThrownBy(() -> OpenPgpKeys.generate("B", secret, dir.resolve("other.pub")))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> RpmSigner.open(KeyFile.of(dir.resolve("k.pub"))))
                .isInstanceOf(SigningException.class);
        assertThatThrownBy(() -> RpmVerifier.withKeys(List.of(Files.writeString(dir.resolve("no"), "no"))))
                .isInstanceOf(SigningException.class);
    }

    @Test
    @Peer("gpg")
    void gpg_accepts_our_detached_signature() throws IOException {
        RpmSigner signer = Samples.signer(dir, OpenPgpKeys.Algorithm.ED25519);
        Path data = Files.writeString(dir.resolve("data"), "data");
        String armored = signer.detached("data".getBytes(UTF_8), Instant.EPOCH);
        Path signature = Files.writeString(dir.resolve("data.asc"), armored);
        assertThat(signer.detached("data".getBytes(UTF_8), Instant.EPOCH)).isEqualTo(armored);
        Path home = Files.createDirectory(
                dir.resolve("gpg"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Command.output("gpg", "--homedir", home, "--batch", "--import", dir.resolve("ED25519.pub"));
        assertThat(Command.output("gpg", "--homedir", home, "--batch", "--verify", signature, data))
                .contains("Good signature");
        RpmVerifier verifier = verifier(OpenPgpKeys.Algorithm.ED25519);
        assertThat(verifier.verifyDetached(new ByteArrayInputStream("data".getBytes(UTF_8)), armored.getBytes(UTF_8)))
                .isEqualTo(Result.OK);
        assertThat(verifier.verifyDetached(new ByteArrayInputStream("date".getBytes(UTF_8)), armored.getBytes(UTF_8)))
                .isEqualTo(Result.BAD);
        assertThat(verifier.verifyDetached(new ByteArrayInputStream(new byte[0]), "x".getBytes(UTF_8)))
                .isEqualTo(Result.BAD);
    }
}
