package dev.twoliter.rpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.KeyFile;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.RpmVerification.Verdict;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every part of a package, damaged in every way, under every kind of key: rpmkeys' verdict is ours. */
@Peer({"rpmkeys", "gpg"})
class TamperMatrixTest {
    private static final Instant IN_TIME = Instant.parse("2022-01-05T00:00:00Z");
    private static final Instant TOO_LATE = Instant.parse("2023-01-01T00:00:00Z");

    @TempDir
    Path dir;

    private Path signed(String name, Path key, Instant time) {
        Path rpm = dir.resolve(name + ".rpm");
        Samples.small(name, "1").writeTo(rpm);
        RpmSigner.open(KeyFile.of(key)).sign(rpm, time);
        return rpm;
    }

    /** What rpmkeys says is good, of files in one directory. */
    private TreeSet<String> theirs(Path publicKey, Path files) throws IOException {
        Path database = Files.createTempDirectory(dir, "db");
        if (publicKey != null) {
            Command.output("rpmkeys", "--dbpath", database, "--import", publicKey);
        }
        TreeSet<String> good = new TreeSet<>();
        String told = Command.run("sh", "-c", "rpmkeys --dbpath " + database + " -K " + files + "/*")
                .output();
        told.lines()
                .filter(line -> line.endsWith(" OK") && !line.endsWith("NOT OK"))
                .forEach(line -> good.add(line.substring(files.toString().length() + 1, line.indexOf(": "))));
        return good;
    }

    private static TreeSet<String> ours(Path publicKey, Path files) throws IOException {
        RpmVerifier verifier = publicKey == null ? RpmVerifier.withoutKeys() : RpmVerifier.withKeys(List.of(publicKey));
        TreeSet<String> good = new TreeSet<>();
        try (var all = Files.list(files)) {
            verifier.policy(VerifyPolicy.RPM)
                    .verify(all.toList(), 2, found -> {})
                    .forEach(found -> {
                        if (found.verdict() == Verdict.OK || found.verdict() == Verdict.UNSIGNED) {
                            good.add(found.file().getFileName().toString());
                        }
                    });
        }
        return good;
    }

    private static Map<String, byte[]> tampered(Path rpm) throws IOException {
        byte[] whole = Files.readAllBytes(rpm);
        RpmPackage parts = RpmPackage.open(rpm);
        int header = (int) parts.headerStart();
        int payload = (int) parts.headerEnd();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("whole", whole);
        int[] places = {
            0,
            4,
            8,
            20,
            79,
            90, // lead: magic, version, architecture, name, kind of signature, filling
            96,
            104,
            108,
            112,
            120,
            130,
            200,
            260,
            300,
            700,
            2000,
            header - 10, // signature header
            header,
            header + 9,
            header + 13,
            header + 18,
            header + 24,
            header + 100,
            payload - 100,
            payload - 3, // header
            payload,
            payload + 5,
            (payload + whole.length) / 2,
            whole.length - 1 // payload
        };
        for (int place : places) {
            for (int mask : new int[] {0x01, 0x80}) {
                byte[] flipped = whole.clone();
                flipped[place] ^= (byte) mask;
                files.put("byte-" + place + "-" + mask, flipped);
            }
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 7);
        files.put("garbage-behind", longer);
        for (int length :
                new int[] {0, 50, 96, 110, 1000, header - 1, header + 8, header + 200, payload, payload + 3}) {
            files.put("cut-at-" + length, Arrays.copyOf(whole, length));
        }
        files.put("cut-by-one", Arrays.copyOf(whole, whole.length - 1));
        return files;
    }

    private Path written(Map<String, byte[]> files) throws IOException {
        Path directory = Files.createTempDirectory(dir, "files");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
        return directory;
    }

    @Test
    void rpmkeys_and_we_accept_and_refuse_the_same_files_under_every_key() throws IOException {
        try (GpgHome gpg = new GpgHome(dir)) {
            Path right = gpg.key("right", "ed25519", "sign", "never", "");
            gpg.key("wrong", "ed25519", "sign", "never", "");
            Path expiring = gpg.key("expiring", "ed25519", "sign", "10d", "");
            Path revoked = gpg.key("revoked", "rsa2048", "sign", "never", "");
            Map<String, byte[]> files = new LinkedHashMap<>();
            Path rpm = signed("right", right, TOO_LATE);
            tampered(rpm).forEach((name, bytes) -> files.put("right-" + name, bytes));
            files.put("expiring-in-time", Files.readAllBytes(signed("in-time", expiring, IN_TIME)));
            files.put("expiring-too-late", tooLate(gpg));
            tampered(signed("revoked", revoked, TOO_LATE))
                    .forEach((name, bytes) -> files.put("revoked-" + name, bytes));
            gpg.revoke("revoked");
            Path unsigned = dir.resolve("unsigned.rpm");
            Samples.small("unsigned", "1").writeTo(unsigned);
            tampered(unsigned).forEach((name, bytes) -> files.put("unsigned-" + name, bytes));

            Path directory = written(files);
            for (String key : List.of("right", "wrong", "expiring", "revoked")) {
                assertThat(ours(gpg.publicKey(key), directory))
                        .as("key " + key)
                        .isEqualTo(theirs(gpg.publicKey(key), directory));
            }
            assertThat(ours(null, directory))
                    .as("no key")
                    .isEqualTo(theirs(null, directory))
                    .contains("unsigned-whole");
            assertThat(ours(gpg.publicKey("right"), directory))
                    .contains("right-whole")
                    .hasSizeLessThan(60);

            // What rpm does not know, but we do.
            assertThat(result(gpg, "expiring", directory.resolve("expiring-in-time")))
                    .isEqualTo(Result.OK);
            assertThat(result(gpg, "expiring", directory.resolve("expiring-too-late")))
                    .isEqualTo(Result.EXPIRED);
            assertThat(result(gpg, "revoked", directory.resolve("revoked-whole")))
                    .isEqualTo(Result.REVOKED);
            assertThat(result(gpg, "wrong", directory.resolve("right-whole"))).isEqualTo(Result.MISSING_KEY);
            RpmVerifier later =
                    RpmVerifier.withKeys(List.of(gpg.publicKey("expiring"))).at(TOO_LATE);
            assertThat(later.verify(directory.resolve("expiring-in-time")).verdict())
                    .isEqualTo(Verdict.BAD);
        }
    }

    private static Result result(GpgHome gpg, String key, Path rpm) {
        RpmVerification found =
                RpmVerifier.withKeys(List.of(gpg.publicKey(key))).verify(rpm);
        Result result = found.signatures().get(0).result();
        assertThat(found.verdict())
                .isEqualTo(
                        switch (result) {
                            case OK -> Verdict.OK;
                            case MISSING_KEY -> Verdict.NO_KEY;
                            default -> Verdict.BAD;
                        });
        return result;
    }

    /** gpg signs as of a day when the key was over; it does so only when told that it is valid for ever. */
    private byte[] tooLate(GpgHome gpg) throws IOException {
        gpg.gpg("--passphrase", "", "--quick-set-expire", gpg.fingerprint("expiring"), "0");
        Path secret = dir.resolve("prolonged.sec");
        gpg.gpg("--armor", "--output", secret, "--export-secret-keys", "expiring");
        return Files.readAllBytes(signed("too-late", secret, TOO_LATE));
    }

    @Test
    void any_byte_of_the_signature_header_may_be_wrong() throws IOException {
        try (GpgHome gpg = new GpgHome(dir)) {
            for (String algorithm : List.of("ed25519", "rsa2048")) {
                Path rpm = signed(algorithm, gpg.key(algorithm, algorithm, "sign", "never", ""), TOO_LATE);
                byte[] whole = Files.readAllBytes(rpm);
                // The signature comes first in the data, and the hash is its seventh byte.
                int hashAlgorithm = 96 + 16 + 16 * ByteBuffer.wrap(whole).getInt(104) + 6;
                Random random = new Random(7);
                Map<String, byte[]> files = new LinkedHashMap<>();
                for (int place = 96; place < 900; place++) {
                    byte[] flipped = whole.clone();
                    flipped[place] ^= (byte) (1 << random.nextInt(8));
                    if (flipped[147] == whole[131]) {
                        continue; // an entry that occurs twice: rpm 4.18 takes the first; rpm 6 and we refuse it
                    }
                    if (place == hashAlgorithm) {
                        continue; // rpm 4.18 passes over a signature whose hash it does not know; we refuse it
                    }
                    files.put("byte-" + place, flipped);
                }
                Path directory = written(files);
                assertThat(ours(gpg.publicKey(algorithm), directory))
                        .as(algorithm)
                        .isEqualTo(theirs(gpg.publicKey(algorithm), directory));
            }
        }
    }
}
