package dev.twoliter.rpm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.SigningException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.rpm.OpenPgpKeys.Algorithm;
import dev.twoliter.rpm.RpmVerification.Result;
import dev.twoliter.rpm.RpmVerification.SignatureCheck;
import dev.twoliter.rpm.RpmVerification.Verdict;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a package, and of its other signatures, when it is signed. */
class ResigningTest {
    private static final SigningOptions ADD = SigningOptions.defaults().keepOthers(true);

    @TempDir
    Path dir;

    private Path rpm;
    private RpmSigner ed25519;
    private RpmSigner rsa;

    @BeforeEach
    void prepare() {
        rpm = dir.resolve("p.rpm");
        Samples.small("p", "1").writeTo(rpm);
        ed25519 = Samples.signer(dir, Algorithm.ED25519);
        rsa = Samples.signer(dir, Algorithm.RSA_3072);
    }

    private RpmVerification verified() {
        return RpmVerifier.withKeys(List.of(dir.resolve("ED25519.pub"), dir.resolve("RSA_3072.pub")))
                .verify(rpm);
    }

    private List<String> tags() {
        return verified().signatures().stream().map(SignatureCheck::tag).toList();
    }

    private static byte[] headerAndPayload(Path rpm) throws IOException {
        byte[] whole = Files.readAllBytes(rpm);
        return Arrays.copyOfRange(whole, (int) RpmPackage.open(rpm).headerStart(), whole.length);
    }

    @Test
    void signatures_are_replaced_added_and_removed_and_the_rest_stays() throws IOException {
        byte[] unsigned = Files.readAllBytes(rpm);
        byte[] content = headerAndPayload(rpm);

        ed25519.sign(rpm);
        assertThat(tags()).containsExactly("DSA");
        rsa.sign(rpm, ADD);
        assertThat(tags()).containsExactly("DSA", "RSA");
        rsa.sign(rpm, ADD);
        assertThat(tags()).as("by the same key again").containsExactly("DSA", "RSA");
        assertThat(verified().verdict()).isEqualTo(Verdict.OK);
        assertThat(Files.size(rpm)).isEqualTo(unsigned.length);
        assertThat(headerAndPayload(rpm)).isEqualTo(content);

        rsa.sign(rpm);
        assertThat(tags()).containsExactly("RSA");
        RpmSigner.removeSignatures(rpm);
        assertThat(verified().verdict()).isEqualTo(Verdict.UNSIGNED);
        assertThat(Files.readAllBytes(rpm)).as("as it was before").isEqualTo(unsigned);
    }

    @Test
    @Peer("rpm")
    void a_second_key_of_one_kind_goes_to_the_list_of_rpm_6_and_older_rpm_still_reads_the_package() throws IOException {
        ed25519.sign(rpm);
        Path other = Files.createDirectory(dir.resolve("other"));
        RpmSigner second = Samples.signer(other, Algorithm.ED25519);
        second.sign(rpm, ADD);
        second.sign(rpm, ADD);

        RpmVerification found = RpmVerifier.withKeys(List.of(dir.resolve("ED25519.pub"), other.resolve("ED25519.pub")))
                .verify(rpm);
        assertThat(found.verdict()).isEqualTo(Verdict.OK);
        assertThat(found.signatures()).extracting(SignatureCheck::tag).containsExactly("DSA", "OPENPGP");
        assertThat(found.signatures()).extracting(SignatureCheck::keyId).contains(second.keyId());
        assertThat(rpmSays("ED25519.pub")).contains("digests signatures OK");
    }

    private String rpmSays(String key) throws IOException {
        Path database = Files.createTempDirectory(dir, "db");
        Command.output("rpm", "--dbpath", database, "--import", dir.resolve(key));
        return Command.run("rpm", "--dbpath", database, "-K", rpm).output();
    }

    @Test
    @Peer("rpm")
    void header_and_payload_are_signed_together_on_request() throws IOException {
        for (RpmSigner signer : List.of(ed25519, rsa)) {
            signer.sign(rpm, SigningOptions.defaults().withPayload(true));
            assertThat(tags()).containsExactly(signer == rsa ? "RSA" : "DSA", signer == rsa ? "PGP" : "GPG");
            assertThat(verified().verdict()).isEqualTo(Verdict.OK);
            assertThat(rpmSays(signer == rsa ? "RSA_3072.pub" : "ED25519.pub")).contains("digests signatures OK");
        }
    }

    @Test
    @Peer("rpm")
    void a_package_without_enough_reserved_space_grows() throws IOException {
        byte[] content = headerAndPayload(rpm);
        RpmHeader roomy = RpmPackage.open(rpm).signatureHeader();
        byte[] tight =
                SignatureHeader.copy(roomy).remove(RpmTag.SIG_RESERVEDSPACE).toBlob(RpmTag.HEADERSIGNATURES);
        byte[] lead = Arrays.copyOf(Files.readAllBytes(rpm), RpmPackage.LEAD_BYTES);
        try (var out = Files.newOutputStream(rpm)) {
            out.write(lead);
            out.write(Arrays.copyOf(tight, tight.length + (-tight.length & 7)));
            out.write(content);
        }
        long size = Files.size(rpm);

        rsa.sign(rpm);

        assertThat(Files.size(rpm)).isGreaterThan(size);
        assertThat(headerAndPayload(rpm)).isEqualTo(content);
        assertThat(verified().verdict()).isEqualTo(Verdict.OK);
        assertThat(rpmSays("RSA_3072.pub")).contains("digests signatures OK");
        RpmSigner.removeSignatures(rpm);
        assertThat(verified().verdict()).isEqualTo(Verdict.UNSIGNED);
    }

    @Test
    void whatever_fails_the_old_file_stays_and_nothing_lies_beside_it() throws IOException {
        byte[] before = Files.readAllBytes(rpm);
        Set<Path> files = listing();
        Path key = dir.resolve("ED25519.pub");
        List<Signer> failing = List.of(
                (content, time) -> {
                    throw new IOException("the token was pulled out");
                },
                (content, time) -> {
                    throw new SigningException("no", "", null);
                },
                (content, time) -> new byte[0],
                (content, time) -> "-----BEGIN PGP SIGNATURE-----".getBytes(UTF_8),
                (content, time) ->
                        Signer.openPgp(KeyFile.of(dir.resolve("RSA_3072.sec"))).sign(content, time));
        for (int i = 0; i < failing.size(); i++) {
            Signer signer = failing.get(i);
            assertThatThrownBy(() -> RpmSigner.of(signer, key).sign(rpm))
                    .as("signer " + i)
                    .isInstanceOfAny(SigningException.class, StorageException.class);
            assertThat(Files.readAllBytes(rpm)).isEqualTo(before);
            assertThat(listing()).isEqualTo(files);
        }
    }

    private Set<Path> listing() throws IOException {
        try (var files = Files.list(dir)) {
            return files.collect(java.util.stream.Collectors.toSet());
        }
    }

    @Test
    void other_names_of_the_file_keep_the_old_content_and_permissions_stay() throws IOException {
        Path linked = Files.createLink(dir.resolve("linked.rpm"), rpm);
        Path symbolic = Files.createSymbolicLink(dir.resolve("symbolic.rpm"), rpm);
        Files.setPosixFilePermissions(rpm, PosixFilePermissions.fromString("rw-r-----"));
        byte[] before = Files.readAllBytes(rpm);

        ed25519.sign(symbolic);

        assertThat(symbolic).isSymbolicLink();
        assertThat(Files.readAllBytes(linked)).isEqualTo(before);
        assertThat(verified().verdict()).isEqualTo(Verdict.OK);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rpm)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void many_are_signed_and_checked_at_a_time_and_a_bad_one_does_not_stop_the_others() throws IOException {
        List<Path> rpms = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Path one = dir.resolve("many-" + i + ".rpm");
            Samples.small("many" + i, "1").writeTo(one);
            rpms.add(one);
        }
        byte[] damaged = Files.readAllBytes(rpms.get(3));
        damaged[damaged.length - 1] ^= 1;
        Files.write(rpms.get(3), damaged);
        Set<Path> done = ConcurrentHashMap.newKeySet();

        assertThatThrownBy(() -> rsa.sign(rpms, SigningOptions.defaults(), 4, done::add))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("many-3.rpm");

        assertThat(done).hasSize(19);
        List<RpmVerification> found =
                RpmVerifier.withKeys(List.of(dir.resolve("RSA_3072.pub"))).verify(rpms, 4, one -> {});
        assertThat(found).extracting(RpmVerification::file).isEqualTo(rpms);
        assertThat(found)
                .allSatisfy(one ->
                        assertThat(one.verdict()).isEqualTo(one.file().equals(rpms.get(3)) ? Verdict.BAD : Verdict.OK));
    }

    @Test
    void an_interrupt_ends_the_work() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> rsa.sign(List.of(rpm), SigningOptions.defaults(), 1, one -> {}))
                .isInstanceOf(BuildCancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @Peer({"gpg", "rpm"})
    void gpg_and_its_agent_may_hold_the_key() throws IOException {
        try (GpgHome gpg = new GpgHome(dir)) {
            for (String algorithm : List.of("rsa4096", "ed25519")) {
                gpg.key(algorithm, algorithm, "sign", "never", "");
                RpmSigner signer = RpmSigner.of(gpg.signer(algorithm), gpg.publicKey(algorithm));
                signer.sign(rpm);
                RpmVerification found =
                        RpmVerifier.withKeys(List.of(gpg.publicKey(algorithm))).verify(rpm);
                assertThat(found.verdict()).isEqualTo(Verdict.OK);
                assertThat(found.signatures().get(0).keyId()).isEqualTo(signer.keyId());
                Files.copy(gpg.publicKey(algorithm), dir.resolve(algorithm + ".pub"));
                assertThat(rpmSays(algorithm + ".pub")).contains("digests signatures OK");
            }
        }
    }

    @Test
    @Peer({"gpg", "rpm"})
    void keys_of_gpg_are_read_with_passphrase_with_subkey_armoured_and_binary() throws IOException {
        try (GpgHome gpg = new GpgHome(dir)) {
            gpg.key("locked", "rsa2048", "sign", "never", "open sesame");
            RpmSigner locked = RpmSigner.open(KeyFile.of(gpg.secret("locked"), "open sesame"::toCharArray));
            assertSigns(locked, gpg.publicKey("locked"));
            assertThatThrownBy(() -> RpmSigner.open(KeyFile.of(gpg.secret("locked"), "wrong"::toCharArray)))
                    .isInstanceOf(SigningException.class)
                    .hasMessageContaining("passphrase");

            gpg.key("parent", "rsa3072", "cert", "never", "");
            gpg.addSubkey("parent", "ed25519");
            Path binary = dir.resolve("binary.sec");
            gpg.gpg("--output", binary, "--export-secret-keys", "parent");
            RpmSigner subkey = RpmSigner.open(KeyFile.of(binary));
            assertThat(subkey.keyId()).isNotEqualTo(keyIdOf(gpg.fingerprint("parent")));
            assertSigns(subkey, gpg.publicKey("parent"));
            Path ours = Files.writeString(dir.resolve("ours.pub"), subkey.publicKeyArmored());
            assertThat(RpmVerifier.withKeys(List.of(ours)).verify(rpm).verdict())
                    .isEqualTo(Verdict.OK);

            gpg.key("short", "ed25519", "sign", "10d", "");
            RpmSigner over = RpmSigner.open(KeyFile.of(gpg.secret("short")));
            assertThatThrownBy(() -> over.sign(rpm, Instant.parse("2023-01-01T00:00:00Z")))
                    .isInstanceOf(SigningException.class)
                    .hasMessageContaining("expired");
        }
    }

    private static String keyIdOf(String fingerprint) {
        return fingerprint.substring(24).toLowerCase(java.util.Locale.ROOT);
    }

    private void assertSigns(RpmSigner signer, Path publicKey) throws IOException {
        signer.sign(rpm);
        assertThat(RpmVerifier.withKeys(List.of(publicKey)).verify(rpm).verdict())
                .isEqualTo(Verdict.OK);
        Files.copy(publicKey, dir.resolve(publicKey.getFileName()));
        assertThat(rpmSays(publicKey.getFileName().toString())).contains("digests signatures OK");
    }

    @Test
    void a_token_that_signs_digests_may_hold_the_key() throws GeneralSecurityException, IOException {
        byte[] packet = dev.twoliter.rpm.internal.pgp.TestKeys.seed(dir.resolve("ED25519.sec"));
        var secret = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, packet));
        Signer token = Signer.overDigests(dir.resolve("ED25519.pub"), digest -> {
            try {
                Signature function = Signature.getInstance("Ed25519");
                function.initSign(secret);
                function.update(digest);
                return function.sign();
            } catch (GeneralSecurityException e) {
                throw new SigningException("the token refuses", "", e);
            }
        });
        RpmSigner.of(token, dir.resolve("ED25519.pub")).sign(rpm);
        byte[] byToken = Files.readAllBytes(rpm);
        assertThat(verified().signatures().get(0).result()).isEqualTo(Result.OK);
        ed25519.sign(rpm);
        assertThat(Files.readAllBytes(rpm)).isEqualTo(byToken);
    }
}
