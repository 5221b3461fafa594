package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.FormatException;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.OpenPgpKeys.Algorithm;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.RpmVerification.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys, signatures and signature headers from strangers: findings or typed errors, soon, and nothing else. */
@Timeout(60)
class HostileSignaturesTest {
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path dir;

    private RpmSigner signer;

    @BeforeEach
    void prepare() {
        signer = Samples.signer(dir, Algorithm.ED25519);
    }

    private static byte[] binary(String armored) {
        String base64 = armored.lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("-----") && !line.startsWith("="))
                .collect(Collectors.joining());
        return Base64.getDecoder().decode(base64);
    }

    /** Bytes changed, cut, doubled: the same ones in every run. */
    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = switch (random.nextInt(4)) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) 0xFF;
                case 2 -> 0;
                default -> (byte) (bytes[at] ^ (1 << random.nextInt(8)));
            };
        }
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(30));
            default -> bytes;
        };
    }

    @Test
    void damaged_detached_signatures_are_findings() throws IOException {
        byte[] packet = binary(signer.detached(CONTENT, OpenPgpKeys.DEFAULT_CREATION));
        RpmVerifier verifier = RpmVerifier.withKeys(List.of(dir.resolve("ED25519.pub")));
        assertThat(verifier.verifyDetached(new ByteArrayInputStream(CONTENT), packet))
                .isEqualTo(Result.OK);
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            byte[] other = mutated(packet, random);
            Result result = verifier.verifyDetached(new ByteArrayInputStream(CONTENT), other);
            // The form of a length may change; the number that proves the signature may not.
            if (result == Result.OK) {
                assertThat(other).endsWith(Arrays.copyOfRange(packet, packet.length - 31, packet.length));
            }
        }
    }

    @Test
    void damaged_keys_are_refused_or_trusted_as_far_as_they_are_whole() throws IOException {
        byte[] publicKey = binary(Files.readString(dir.resolve("ED25519.pub")));
        byte[] secretKey = binary(Files.readString(dir.resolve("ED25519.sec")));
        byte[] packet = binary(signer.detached(CONTENT, OpenPgpKeys.DEFAULT_CREATION));
        Path file = dir.resolve("key");
        Random random = new Random(2);
        for (int i = 0; i < 1_500; i++) {
            Files.write(file, mutated(publicKey, random));
            try {
                RpmVerifier verifier = RpmVerifier.withKeys(List.of(file));
                Result result = verifier.verifyDetached(new ByteArrayInputStream(CONTENT), packet);
                assertThat(result).isIn(Result.OK, Result.MISSING_KEY, Result.BAD, Result.UNSUPPORTED);
            } catch (SigningException e) {
                assertThat(e.getMessage()).contains("key");
            }
            Files.write(file, mutated(secretKey, random));
            try {
                assertThat(RpmSigner.open(KeyFile.of(file)).detached(CONTENT, OpenPgpKeys.DEFAULT_CREATION))
                        .contains("SIGNATURE");
            } catch (SigningException e) {
                assertThat(e.getMessage()).contains("key");
            }
        }
    }

    @Test
    void damaged_signature_headers_are_findings_and_are_not_signed() throws IOException {
        Path rpm = dir.resolve("p.rpm");
        Samples.small("p", "1").writeTo(rpm);
        signer.sign(rpm);
        byte[] whole = Files.readAllBytes(rpm);
        RpmVerifier verifier = RpmVerifier.withKeys(List.of(dir.resolve("ED25519.pub")));
        Random random = new Random(3);
        for (int i = 0; i < 1_500; i++) {
            byte[] front = mutated(Arrays.copyOf(whole, 1200), random);
            byte[] other = Arrays.copyOf(front, Math.max(front.length, random.nextInt(50) == 0 ? 0 : whole.length));
            if (other.length == whole.length) {
                System.arraycopy(whole, 1200, other, 1200, whole.length - 1200);
            }
            Files.write(rpm, other);
            RpmVerification found = verifier.verify(rpm);
            assertThat(found.problem().isPresent()).isEqualTo(found.digests().isEmpty());
            try {
                RpmSigner.removeSignatures(rpm);
                assertThat(verifier.verify(rpm).verdict()).isEqualTo(Verdict.UNSIGNED);
            } catch (FormatException | VerificationException e) {
                assertThat(found.verdict()).as(e.getMessage()).isEqualTo(Verdict.BAD);
                assertThat(Files.readAllBytes(rpm)).isEqualTo(other);
            }
        }
    }

    @Test
    void a_key_without_end_or_without_sense_is_refused_soon() throws IOException {
        Path file = dir.resolve("key");
        byte[] publicKey = binary(Files.readString(dir.resolve("ED25519.pub")));
        int keyLength = 2 + (publicKey[1] & 0xFF); // its packet has a length of one byte
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(publicKey);
        while (many.size() < 900_000) {
            many.write(publicKey, keyLength, publicKey.length - keyLength); // the same user id and statement again
        }
        List<byte[]> contents = List.of(
                many.toByteArray(),
                new byte[2_000_000],
                new byte[0],
                new byte[] {(byte) 0xC6, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF},
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n!!!\n-----END PGP PUBLIC KEY BLOCK-----\n"
                        .getBytes(StandardCharsets.US_ASCII));
        for (byte[] content : contents) {
            Files.write(file, content);
            long start = System.nanoTime();
            assertThatThrownBy(() -> RpmVerifier.withKeys(List.of(file)))
                    .isInstanceOf(TwoliterException.class)
                    .hasMessageContaining("key");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }
}
