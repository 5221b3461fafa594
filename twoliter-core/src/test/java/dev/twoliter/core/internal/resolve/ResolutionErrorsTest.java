package dev.twoliter.core.internal.resolve;

import static dev.twoliter.core.internal.resolve.KitPublisher.V4;
import static dev.twoliter.core.internal.resolve.KitPublisher.label;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.LockException;
import dev.twoliter.api.Project;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The errors of project-formats.md 2.6, a row a test: each is told with its message and with what to do. */
class ResolutionErrorsTest {

    private static final SemVer ONE = SemVer.parse("1.0.0");

    @TempDir
    Path directory;

    private ImageStore store;
    private KitPublisher registry;

    @BeforeEach
    void publishSdk() throws IOException {
        Files.createDirectory(directory.resolve("os"));
        store = ImageStore.open(
                "oci:" + directory.resolve("registry"), StoreOptions.builder().build());
        registry = new KitPublisher(store);
        registry.sdk("acme-sdk 1.0.0");
    }

    /** A project with the SDK and some kits, as a person writes it. */
    private Project project(String... kits) throws IOException {
        return written(
                "schema-version = 2", "[sdk]\nname = \"acme-sdk\"\nversion = \"1.0.0\"\nvendor = \"acme\"\n", kits);
    }

    private Project withoutSdk(String... kits) throws IOException {
        return written("schema-version = 2", "", kits);
    }

    private Project written(String schema, String sdk, String... kits) throws IOException {
        StringBuilder text = new StringBuilder(schema)
                .append("\nrelease-version = \"1.0.0\"\nproject-vendor = \"Acme\"\n[vendor.acme]\n")
                .append("registry = \"oci:../registry\"\n")
                .append(sdk);
        for (String kit : kits) {
            String[] parts = kit.split(" ");
            text.append("[[kit]]\nname = \"%s\"\nversion = \"%s\"\nvendor = \"%s\"\n"
                    .formatted(parts[0], parts[1], parts.length > 2 ? parts[2] : "acme"));
        }
        Files.writeString(directory.resolve("os/Twoliter.toml"), text);
        return open();
    }

    private Project open() {
        return Twoliter.open(directory.resolve("os"), Environment.of(Map.of(), directory.resolve("cache")));
    }

    private static <T extends TwoliterException> T refused(Class<T> kind, ThrowingCallable call) {
        T refusal = catchThrowableOfType(kind, call);
        assertThat(refusal).as("nothing was refused").isNotNull();
        if (!(refusal instanceof InvalidProjectException)) {
            assertThat(refusal.hint()).as("hint of: " + refusal.getMessage()).isPresent();
        }
        return refusal;
    }

    private Repository repository(String name) {
        return store.repository(name);
    }

    @Test
    void a_wrong_schema_number_is_told_with_those_that_are_known() {
        InvalidProjectException refusal =
                refused(InvalidProjectException.class, () -> written("schema-version = 4294967295", ""));
        assertThat(refusal)
                .hasMessageContaining("4294967295")
                .hasMessageContaining("1")
                .hasMessageContaining("2");
    }

    @Test
    void a_wrong_schema_number_of_the_lock_is_told_with_those_that_are_known() throws IOException {
        Project project = project();
        Files.writeString(directory.resolve("os/Twoliter.lock"), "schema-version = 7\n");
        assertThat(refused(InvalidProjectException.class, () -> project.fetch(Arch.X86_64)))
                .hasMessageContaining("the schema 7, but only 1 and 2 are known");
    }

    @Test
    void a_vendor_that_a_direct_dependency_names_and_nobody_defines() {
        InvalidProjectException refusal = refused(InvalidProjectException.class, () -> project("low-kit 1.0.0 nobody"));
        assertThat(refusal).hasMessageContaining("low-kit").hasMessageContaining("nobody");
    }

    @Test
    void a_vendor_that_a_transitive_kit_names_and_nobody_defines() throws IOException {
        registry.kit("top-kit 1.0.0", "acme-sdk 1.0.0", "low-kit 2.0.0 other");
        ResolutionException refusal = refused(ResolutionException.class, project("top-kit 1.0.0")::updateLock);
        assertThat(refusal)
                .hasMessageContaining("no vendor 'other'")
                .hasMessageContaining("low-kit-2.0.0@other")
                .hasMessageContaining("Twoliter.toml > top-kit 1.0.0 > low-kit 2.0.0");
        assertThat(refusal.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("[vendor.other]"));
    }

    @Test
    void a_vendor_that_only_a_kits_sdk_names_and_nobody_defines() throws IOException {
        registry.kit("top-kit 1.0.0", "acme-sdk 1.0.0 other");
        assertThat(refused(ResolutionException.class, project("top-kit 1.0.0")::updateLock))
                .hasMessageContaining("no vendor 'other'")
                .hasMessageContaining("top-kit 1.0.0 > acme-sdk 1.0.0");
    }

    @Test
    void two_versions_of_a_kit_are_told_with_the_way_to_each() throws IOException {
        registry.kit("low-kit 1.0.0", "acme-sdk 1.0.0");
        registry.kit("low-kit 2.0.0", "acme-sdk 1.0.0");
        registry.kit("mid-kit 1.0.0", "acme-sdk 1.0.0", "low-kit 1.0.0");
        registry.kit("left-kit 1.0.0", "acme-sdk 1.0.0", "mid-kit 1.0.0");
        registry.kit("right-kit 1.0.0", "acme-sdk 1.0.0", "low-kit 2.0.0");
        ResolutionException refusal =
                refused(ResolutionException.class, project("left-kit 1.0.0", "right-kit 1.0.0")::updateLock);
        assertThat(refusal)
                .hasMessage(
                        "two versions of kit low-kit of vendor acme are needed: 2.0.0 (Twoliter.toml > right-kit 1.0.0"
                                + " > low-kit 2.0.0) and 1.0.0 (Twoliter.toml > left-kit 1.0.0 > mid-kit 1.0.0 > low-kit 1.0.0)");
        assertThat(refusal.chains()).hasSize(2);
    }

    @Test
    void several_sdks_are_listed_each_with_its_address_and_override() throws IOException {
        registry.sdk("acme-sdk 2.0.0");
        registry.kit("new-kit 1.0.0", "acme-sdk 2.0.0");
        Files.writeString(directory.resolve("os/Twoliter.override"), "[acme.acme-sdk]\nname = \"my-sdk\"\n");
        ResolutionException refusal = refused(ResolutionException.class, project("new-kit 1.0.0")::updateLock);
        assertThat(refusal)
                .hasMessageContaining(
                        "acme-sdk-1.0.0@oci:../registry/acme-sdk:v1.0.0, overridden to oci:../registry/my-sdk:v1.0.0"
                                + " (Twoliter.toml)")
                .hasMessageContaining("acme-sdk-2.0.0@oci:../registry/acme-sdk:v2.0.0")
                .hasMessageContaining("(Twoliter.toml > new-kit 1.0.0)");
        assertThat(refusal.chains()).hasSize(2);
    }

    @Test
    void one_sdk_under_two_vendors_is_two_sdks() throws IOException {
        Path toml = directory.resolve("os/Twoliter.toml");
        registry.kit("new-kit 1.0.0", "acme-sdk 1.0.0 twin");
        project("new-kit 1.0.0");
        Files.writeString(toml, Files.readString(toml) + "[vendor.twin]\nregistry = \"oci:../registry\"\n");
        assertThat(refused(ResolutionException.class, open()::updateLock))
                .hasMessageContaining("different SDKs are needed");
    }

    @Test
    void no_sdk_anywhere_is_told() throws IOException {
        assertThat(refused(ResolutionException.class, withoutSdk()::updateLock))
                .hasMessageContaining("neither an SDK nor a kit that has one")
                .extracting(e -> e.hint().orElse(""))
                .asString()
                .contains("[sdk]");
    }

    @Test
    void a_single_manifest_is_no_index() throws IOException {
        Descriptor image = KitPublisher.push(repository("flat-kit"), Arch.X86_64, Map.of(), "");
        repository("flat-kit")
                .pushManifest(
                        repository("flat-kit")
                                .manifest(image.digest().toString())
                                .orElseThrow(),
                        "v1.0.0");
        assertThat(refused(FormatException.class, project("flat-kit 1.0.0")::updateLock))
                .hasMessageContaining("oci:../registry/flat-kit:v1.0.0")
                .hasMessageContaining("not an image index");
    }

    @Test
    void an_index_whose_manifests_are_no_list_is_refused() throws IOException {
        KitPublisher.raw(repository("odd-kit"), "v1.0.0", "{\"schemaVersion\":2,\"manifests\":7}");
        FormatException refusal = catchThrowableOfType(FormatException.class, project("odd-kit 1.0.0")::updateLock);
        assertThat(refusal).hasMessageContaining("odd-kit:v1.0.0").hasMessageContaining("'manifests'");
    }

    @Test
    void an_index_without_entries_has_no_metadata() throws IOException {
        KitPublisher.index(repository("void-kit"), "v1.0.0", List.of());
        assertThat(refused(FormatException.class, project("void-kit 1.0.0")::updateLock))
                .hasMessageContaining("void-kit:v1.0.0")
                .hasMessageContaining("the index is empty: there is no metadata in it");
    }

    @Test
    void an_index_of_other_machines_has_no_image_for_ours() throws IOException {
        Descriptor image = KitPublisher.push(repository("alien-kit"), Arch.X86_64, Map.of(), "");
        KitPublisher.index(
                repository("alien-kit"),
                "v1.0.0",
                List.of(image, image.withPlatform(new dev.twoliter.oci.Platform("linux", "s390x"))));
        assertThat(refused(FormatException.class, project("alien-kit 1.0.0")::updateLock))
                .hasMessageContaining("no image for x86_64 or aarch64");
    }

    @Test
    void an_image_without_any_kit_label_is_no_kit() throws IOException {
        registry.publish("plain", ONE, Map.of("maintainer", "me"));
        assertThat(refused(FormatException.class, project("plain 1.0.0")::updateLock))
                .hasMessageContaining("plain:v1.0.0")
                .hasMessageContaining("seems not to be a kit");
    }

    @ParameterizedTest
    @CsvSource({"v0, older than", "v5, newer than", "vNext, different from"})
    void another_label_version_is_told_with_its_age(String found, String age) throws IOException {
        registry.publish("far-kit", ONE, Map.of("dev.bottlerocket.kit." + found, "e30="));
        assertThat(refused(FormatException.class, project("far-kit 1.0.0")::updateLock))
                .hasMessageContaining(
                        "the version " + found + ", which is " + age + " those that are supported: v1 to v4");
    }

    @Test
    void labels_that_differ_between_architectures_are_refused() throws IOException {
        registry.publish(
                "torn-kit",
                ONE,
                Map.of(V4, label("torn-kit 1.0.0", "acme-sdk 1.0.0")),
                Map.of(V4, label("torn-kit 1.0.0", "acme-sdk 1.0.0", "low-kit 1.0.0")));
        assertThat(refused(FormatException.class, project("torn-kit 1.0.0")::updateLock))
                .hasMessageContaining("torn-kit:v1.0.0")
                .hasMessageContaining("different kit labels");
    }

    private void refusesLabel(String value, String message) throws IOException {
        registry.publish("bad-kit", ONE, Map.of(V4, value));
        assertThat(refused(FormatException.class, project("bad-kit 1.0.0")::updateLock))
                .hasMessageContaining("bad-kit:v1.0.0")
                .hasMessageContaining(message);
    }

    private static String base64(String json) {
        return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_label_that_is_no_base64_cannot_be_decoded() throws IOException {
        refusesLabel("{}", "the kit label cannot be decoded: it is not base64");
    }

    @Test
    void a_label_that_is_no_json_cannot_be_parsed() throws IOException {
        refusesLabel(base64("{\"kit\":"), "the kit label cannot be parsed");
    }

    @Test
    void a_label_with_an_unknown_member_is_refused() throws IOException {
        refusesLabel(
                base64("{\"kit\":[],\"name\":\"k\",\"new\":1,\"sdk\":{},\"version\":\"1.0.0\"}"),
                "the kit label has an unknown member 'new'");
    }

    @Test
    void a_missing_lock_is_told_with_what_to_run() throws IOException {
        LockException refusal = refused(LockException.class, () -> project().fetch(Arch.X86_64));
        assertThat(refusal.reason()).isEqualTo(LockException.Reason.MISSING);
        assertThat(refusal.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("twoliter update"));
    }

    @Test
    void a_lock_that_does_not_fit_the_project_is_told_with_what_to_run() throws IOException {
        registry.kit("low-kit 1.0.0", "acme-sdk 1.0.0");
        project("low-kit 1.0.0").updateLock().write();
        Project changed = project("low-kit 2.0.0");
        LockException refusal = refused(LockException.class, () -> changed.fetch(Arch.X86_64));
        assertThat(refusal.reason()).isEqualTo(LockException.Reason.STALE);
        assertThat(refusal).hasMessageContaining("low-kit: Twoliter.toml has 2.0.0, the lock 1.0.0");
        assertThat(refusal.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("twoliter update"));
    }

    @Test
    void a_lock_whose_image_was_published_anew_is_told_with_both_digests() throws IOException {
        registry.kit("low-kit 1.0.0", "acme-sdk 1.0.0");
        project("low-kit 1.0.0").updateLock().write();
        String before = registry.lockDigest("low-kit 1.0.0");
        registry.kit("low-kit 1.0.0", "acme-sdk 1.0.0", "other-kit 1.0.0");
        Project fresh = Twoliter.open(directory.resolve("os"), Environment.of(Map.of(), directory.resolve("cache-2")));
        TwoliterException refusal = refused(LockException.class, () -> fresh.fetch(Arch.X86_64));
        assertThat(refusal)
                .hasMessageContaining(before)
                .hasMessageContaining(registry.lockDigest("low-kit 1.0.0"))
                .hasMessageContaining("low-kit");
    }

    @Test
    void an_architecture_that_a_kit_was_not_published_for_is_told_with_its_address() throws IOException {
        Descriptor image = KitPublisher.push(
                repository("half-kit"), Arch.X86_64, Map.of(V4, label("half-kit 1.0.0", "acme-sdk 1.0.0")), "");
        KitPublisher.index(
                repository("half-kit"),
                "v1.0.0",
                List.of(image.withPlatform(new dev.twoliter.oci.Platform("linux", "amd64"))));
        Project project = project("half-kit 1.0.0");
        project.updateLock().write();
        assertThat(refused(FormatException.class, () -> project.fetch(Arch.AARCH64)))
                .hasMessageContaining("oci:../registry/half-kit:v1.0.0")
                .hasMessageContaining("not published for aarch64");
    }

    @Test
    void kits_without_a_common_label_version_cannot_be_mixed() throws IOException {
        String left = label("left-kit 1.0.0", "acme-sdk 1.0.0");
        registry.publish("left-kit", ONE, Map.of("dev.bottlerocket.kit.v3", left));
        registry.kit("right-kit 1.0.0", "acme-sdk 1.0.0");
        assertThat(refused(ResolutionException.class, project("left-kit 1.0.0", "right-kit 1.0.0")::updateLock))
                .hasMessageContaining("different label versions cannot be mixed")
                .hasMessageContaining("left-kit 1.0.0 (v3)")
                .hasMessageContaining("right-kit 1.0.0 (v4)");
        // One that carries both fits with either, and joins nothing that does not fit.
        registry.publish("left-kit", ONE, Map.of("dev.bottlerocket.kit.v3", left, V4, left));
        assertThat(project("left-kit 1.0.0", "right-kit 1.0.0")
                        .updateLock()
                        .lock()
                        .kits())
                .hasSize(2);
    }
}
