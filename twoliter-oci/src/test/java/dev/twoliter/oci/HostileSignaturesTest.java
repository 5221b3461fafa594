package dev.twoliter.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.twoliter.api.Digest;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.VerificationException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures by somebody who has no trusted key, or who makes a trusted key's signature say something else. */
class HostileSignaturesTest {

    private static final String SIGNATURE = "dev.cosignproject.cosign/signature";

    private final ImageSigningKey trusted = ImageSigningKey.generate();
    private final ImageSigningKey stranger = ImageSigningKey.generate();
    private final MemoryRepository repository = new MemoryRepository();
    private Digest digest = Digest.sha256("0".repeat(64));

    @BeforeEach
    void push() {
        digest = repository.pushManifest(ImageIndex.of(List.of()).toRaw(), "v1").digest();
    }

    private byte[] text() {
        return SimpleSigning.write("memory", digest);
    }

    private Descriptor layer(byte[] text, String signature) {
        Descriptor blob = Descriptor.of(MediaTypes.COSIGN_PAYLOAD, text);
        repository.pushBlob(blob, BlobSource.of(text));
        return blob.withAnnotations(Map.of(SIGNATURE, signature));
    }

    private Descriptor layer(byte[] text, ImageSigningKey key) {
        return layer(text, base64(key.sign(text)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void signatures(Descriptor... layers) {
        Descriptor config = Descriptor.of(MediaTypes.CONFIG, utf8("{}"));
        repository.pushManifest(
                new ImageManifest(config, List.of(layers), Map.of()).toRaw(), ImageSignatures.tagOf(digest));
    }

    private void assertRefused(String why) {
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> ImageSignatures.verify(repository, digest, List.of(trusted.publicKey())))
                .withMessageStartingWith("memory@" + digest + ": " + why);
    }

    private void assertGood() {
        ImageSignatures.verify(repository, digest, List.of(trusted.publicKey()));
    }

    @Test
    void a_trusted_signature_among_those_of_strangers_is_enough() {
        signatures(layer(text(), stranger), layer(text(), trusted), layer(text(), stranger));
        assertGood();
        signatures(layer(text(), stranger));
        assertRefused("none of its 1 signatures");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                "docker-manifest-digest":"sha256: | "docker-manifest-digest":"sha512:
                "docker-manifest-digest" | "Docker-Manifest-Digest"
                "docker-manifest-digest" | "docker-manifest-digest":"","docker-manifest-digest"
                "docker-manifest-digest":" | "docker-manifest-digest":"x
                "type":"cosign container image signature" | "type":"atomic container signature"
                {"critical" | {"Critical"
                "optional":null} | "optional":null}{}
                "optional":null} | "optional":null
                """)
    void a_trusted_key_that_signed_something_else_does_not_count(String from, String to) {
        String text = new String(text(), StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        signatures(layer(utf8(text.replace(from, to)), trusted));
        assertRefused("none of its 1 signatures");
    }

    @Test
    void a_signature_of_another_image_does_not_count() {
        byte[] other = SimpleSigning.write("memory", Digest.ofBytes(new byte[0]));
        signatures(layer(other, trusted), layer(text(), base64(trusted.sign(other))));
        assertRefused("none of its 2 signatures");
    }

    @Test
    void the_repository_that_the_text_names_is_told_but_not_compared() {
        signatures(layer(SimpleSigning.write("registry.example/elsewhere", digest), trusted));
        assertGood();
        assertThat(ImageSignatures.check(repository, digest, List.of(trusted.publicKey()))
                        .signers())
                .singleElement()
                .extracting(ImageVerification.Signer::claim)
                .isEqualTo("registry.example/elsewhere");
    }

    @Test
    void annotations_for_certificates_and_logs_change_nothing() {
        Descriptor good = layer(text(), trusted);
        Map<String, String> more = Map.of(
                SIGNATURE,
                good.annotations().get(SIGNATURE),
                "dev.sigstore.cosign/certificate",
                "-----BEGIN CERTIFICATE-----",
                "dev.sigstore.cosign/bundle",
                "{}");
        signatures(good.withAnnotations(more));
        assertGood();
        Map<String, String> elsewhere = Map.of("dev.sigstore.cosign/signature", base64(trusted.sign(text())));
        signatures(good.withAnnotations(elsewhere), good.withAnnotations(Map.of()));
        assertRefused("none of its 2 signatures");
    }

    @Test
    void only_signatures_in_the_one_right_encoding_count() {
        byte[] der = trusted.sign(text());
        String good = base64(der);
        int r = der[3];
        byte[] padded = new byte[der.length + 1];
        System.arraycopy(der, 0, padded, 0, 4);
        System.arraycopy(der, 4, padded, 5, der.length - 4);
        padded[1]++;
        padded[3]++;
        byte[] longForm = new byte[der.length + 1];
        System.arraycopy(der, 1, longForm, 2, der.length - 1);
        longForm[0] = der[0];
        longForm[1] = (byte) 0x81;
        byte[] trailing = Arrays.copyOf(der, der.length + 1);
        byte[] noS = Arrays.copyOf(der, 4 + r);
        List<String> bad = List.of(
                good + "\n",
                " " + good,
                good.replaceAll("=*$", "") + "====",
                base64(padded),
                base64(longForm),
                base64(trailing),
                base64(noS),
                base64(new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}),
                base64(new byte[] {0x30, 6, 2, 1, 1, 2, 1, 0}),
                base64(new byte[72]),
                "A".repeat(3 << 20),
                "");
        for (String signature : bad) {
            signatures(layer(text(), signature));
            assertRefused("none of its 1 signatures");
        }
        signatures(layer(text(), good));
        assertGood();
    }

    @Test
    void layers_of_another_type_and_great_texts_are_not_read() {
        Descriptor good = layer(text(), trusted);
        signatures(new Descriptor(MediaTypes.LAYER_TAR, good.digest(), good.size(), null, good.annotations()));
        assertRefused("none of its 1 signatures");

        byte[] great = Arrays.copyOf(text(), (1 << 16) + 1);
        Arrays.fill(great, text().length, great.length, (byte) ' ');
        Descriptor layer = layer(great, trusted);
        signatures(layer);
        assertRefused("none of its 1 signatures");
        // A size that is not true: the stream ends as soon as there is more.
        signatures(new Descriptor(layer.mediaType(), layer.digest(), 100, null, layer.annotations()));
        assertRefused("none of its 1 signatures");
    }

    @Test
    void no_more_than_a_thousand_signatures_are_looked_at() {
        List<Descriptor> many = new ArrayList<>(Collections.nCopies(999, layer(text(), stranger)));
        many.add(layer(text(), trusted));
        signatures(many.toArray(Descriptor[]::new));
        assertGood();
        many.add(0, many.get(0));
        signatures(many.toArray(Descriptor[]::new));
        assertRefused("none of its 1000 signatures");
    }

    @Test
    void a_list_of_signatures_that_is_none_is_refused() {
        repository.pushManifest(ImageIndex.of(List.of()).toRaw(), ImageSignatures.tagOf(digest));
        assertRefused("its signatures cannot be read");
        repository.pushManifest(RawManifest.of(MediaTypes.MANIFEST, utf8("{]")), ImageSignatures.tagOf(digest));
        assertRefused("its signatures cannot be read");
    }

    @Test
    void a_text_that_is_missing_does_not_spoil_the_others_but_a_registry_that_fails_does() {
        Descriptor good = layer(text(), trusted);
        Descriptor lost = Descriptor.of(MediaTypes.COSIGN_PAYLOAD, utf8("lost")).withAnnotations(good.annotations());
        signatures(lost, good);
        Repository lacking = new Lacking(false);
        ImageSignatures.verify(lacking, digest, List.of(trusted.publicKey()));
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> ImageSignatures.verify(new Lacking(true), digest, List.of(trusted.publicKey())))
                .withMessage("no blob");
    }

    /** Fails where a blob is not there, as registries do. */
    private final class Lacking extends MemoryRepository {
        private final boolean retryable;

        Lacking(boolean retryable) {
            this.retryable = retryable;
            blobs.putAll(repository.blobs);
            byTag.putAll(repository.byTag);
        }

        @Override
        public InputStream blob(Descriptor descriptor) {
            if (!has(descriptor.digest())) {
                throw new RegistryException("memory", "", retryable ? 503 : 404, retryable, "no blob", "", null);
            }
            return super.blob(descriptor);
        }
    }

    @Nested
    class in_bundles {

        private String bundle = "";

        @BeforeEach
        void sign() {
            bundle = new String(SigstoreBundle.write(digest, trusted), StandardCharsets.UTF_8);
        }

        private void refer(String bundle, String layerType, Map<String, String> annotations) {
            byte[] bytes = utf8(bundle);
            Descriptor layer = Descriptor.of(layerType, bytes);
            repository.pushBlob(layer, BlobSource.of(bytes));
            Descriptor config = Descriptor.of(MediaTypes.EMPTY, utf8("{}"));
            Descriptor referrer =
                    repository.pushManifest(new ImageManifest(config, List.of(layer), annotations).toRaw());
            repository.pushManifest(ImageIndex.of(List.of(referrer)).toRaw(), Repository.referrersTag(digest));
        }

        private void refer(String bundle) {
            refer(bundle, MediaTypes.SIGSTORE_BUNDLE, Map.of());
        }

        @Test
        void a_trusted_one_is_enough() {
            refer(bundle);
            assertGood();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    sigstore.bundle | another.bundle
                    "payloadType":"application/vnd.in-toto+json" | "payloadType":"application/json"
                    "payload":" | "payload":"AAAA
                    "signatures":[ | "signatures":[{},
                    "signatures":[ | "signature":[
                    "sig":" | "sig":"AAAA
                    "dsseEnvelope" | "messageSignature"
                    {"mediaType" | [{"mediaType"
                    """)
        void a_changed_one_does_not_count(String from, String to) {
            assertThat(bundle).contains(from);
            refer(bundle.replace(from, to));
            assertRefused("none of its 1 signatures");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"predicateType\":\"https://sigstore.dev/cosign/sign/v1\" > \"predicateType\":\"https://slsa.dev/v1\"",
                    "https://in-toto.io/Statement/v1 > https://example.com/Statement/v1",
                    "\"sha256\" > \"sha512\"",
                    "\"sha256\":\" > \"sha256\":\"0",
                    "\"subject\":[ > \"subjects\":[",
                    "\"predicate\":{} > \"predicateType\":\"https://sigstore.dev/cosign/sign/v1\"",
                })
        void a_statement_that_says_something_else_does_not_count(String change) {
            String payload = bundle.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1");
            String statement = new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8);
            String[] words = change.split(" > ");
            assertThat(statement).contains(words[0]);
            byte[] changed = utf8(statement.replace(words[0], words[1]));
            byte[] signed = utf8("DSSEv1 28 application/vnd.in-toto+json " + changed.length + " "
                    + new String(changed, StandardCharsets.UTF_8));
            refer(bundle.replace(payload, base64(changed))
                    .replaceAll("\"sig\":\"[^\"]*\"", "\"sig\":\"" + base64(trusted.sign(signed)) + "\""));
            assertRefused("none of its 1 signatures");
        }

        @Test
        void a_bare_signature_of_the_statement_does_not_count() {
            String payload = bundle.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1");
            byte[] bare = trusted.sign(Base64.getDecoder().decode(payload));
            refer(bundle.replaceAll("\"sig\":\"[^\"]*\"", "\"sig\":\"" + base64(bare) + "\""));
            assertRefused("none of its 1 signatures");
        }

        @Test
        void great_ones_and_those_of_another_type_are_not_read() {
            refer(bundle + " ".repeat(1 << 18));
            assertRefused("none of its 1 signatures");
            refer(bundle, "application/json", Map.of());
            assertRefused("it is not signed");
            refer(
                    bundle,
                    MediaTypes.SIGSTORE_BUNDLE,
                    Map.of("dev.sigstore.bundle.predicateType", "https://example.com/scan/v1"));
            assertRefused("it is not signed");
        }

        @Test
        void no_more_than_two_hundred_referrers_are_looked_at() {
            refer(bundle);
            Descriptor good = ImageIndex.parse(
                            "", repository.referrers(digest).orElseThrow().bytes())
                    .manifests()
                    .get(0);
            Descriptor other = Descriptor.of(MediaTypes.MANIFEST, utf8("not there"));
            List<Descriptor> many = new ArrayList<>(Collections.nCopies(199, other));
            many.add(good);
            repository.pushManifest(ImageIndex.of(many).toRaw(), Repository.referrersTag(digest));
            assertGood();
            many.add(0, other);
            repository.pushManifest(ImageIndex.of(many).toRaw(), Repository.referrersTag(digest));
            assertRefused("it is not signed");
        }

        @Test
        void a_list_that_is_none_is_refused() {
            repository.pushManifest(
                    RawManifest.of(MediaTypes.INDEX, utf8("{\"manifests\":7}")), Repository.referrersTag(digest));
            assertRefused("what refers to it cannot be read");
        }

        @Test
        void what_cannot_be_read_as_a_manifest_is_passed_over() {
            Descriptor broken = repository.pushManifest(RawManifest.of(MediaTypes.MANIFEST, utf8("{]")));
            repository.pushManifest(ImageIndex.of(List.of(broken)).toRaw(), Repository.referrersTag(digest));
            assertRefused("it is not signed");
        }
    }

    @Test
    void a_signature_that_the_registry_does_not_keep_is_an_error() {
        Repository forgetful = new MemoryRepository() {
            @Override
            public Optional<RawManifest> manifest(String tagOrDigest) {
                return Optional.empty();
            }
        };
        assertThatExceptionOfType(dev.twoliter.api.SigningException.class)
                .isThrownBy(() -> ImageSignatures.sign(forgetful, digest, trusted))
                .withMessage("the signature of memory@" + digest + " does not stay where it is pushed");
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> ImageSignatures.sign(forgetful, digest, trusted, SignatureForm.BUNDLE))
                .withMessage("memory@" + digest + ": it is not there");
    }

    @Test
    void an_index_whose_images_are_missing_or_too_many_is_refused() {
        Descriptor absent = Descriptor.of(MediaTypes.MANIFEST, utf8("absent"));
        Digest index =
                repository.pushManifest(ImageIndex.of(List.of(absent)).toRaw()).digest();
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> ImageSignatures.withImages(repository, index))
                .withMessage("memory@" + absent.digest() + ": it is not there, but memory@" + index + " needs it");
        List<Descriptor> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(Descriptor.of(MediaTypes.MANIFEST, utf8("" + i)));
        }
        Digest great = repository.pushManifest(ImageIndex.of(many).toRaw()).digest();
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> ImageSignatures.withImages(repository, great))
                .withMessage("memory@" + great + ": it has more than 1000 images");
    }

    @Test
    void the_same_image_and_key_give_the_same_bytes() {
        ImageSignatures.sign(repository, digest, trusted);
        ImageSignatures.sign(repository, digest, trusted, SignatureForm.BUNDLE);
        MemoryRepository again = new MemoryRepository();
        again.pushManifest(ImageIndex.of(List.of()).toRaw(), "v1");
        ImageSignatures.sign(again, digest, trusted);
        ImageSignatures.sign(again, digest, trusted, SignatureForm.BUNDLE);
        assertThat(again.manifests.keySet()).isEqualTo(repository.manifests.keySet());
        assertThat(again.blobs.keySet()).isEqualTo(repository.blobs.keySet());
    }
}
