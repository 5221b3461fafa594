package dev.twoliter.core.internal.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.Environment;
import dev.twoliter.api.HeldBack;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.LockChange;
import dev.twoliter.api.LockUpdate;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.Project;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VersionEdit;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.api.plan.UpgradeRequest;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.StoreOptions;
import dev.twoliter.testing.DockerRegistry;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates with requirements, and upgrades, of projects on disk against registries. */
class UpgradeTest {

    @TempDir
    Path directory;

    private ImageStore store;
    private KitPublisher registry;

    @BeforeEach
    void openRegistry() throws IOException {
        Files.createDirectory(directory.resolve("os"));
        use("oci:" + directory.resolve("registry"));
    }

    @AfterEach
    void closeRegistry() {
        store.close();
    }

    private void use(String name) {
        if (store != null) {
            store.close();
        }
        store = ImageStore.open(name, StoreOptions.builder().build());
        registry = new KitPublisher(store);
    }

    /** The vendor's core-kit and kernel-kit, of which the newest do not fit together. */
    private void publishCoreAndKernel() {
        registry.sdk("acme-sdk 0.70.0");
        registry.sdk("acme-sdk 0.71.0");
        registry.sdk("acme-sdk 0.72.0");
        registry.kit("core-kit 13.0.0", "acme-sdk 0.70.0");
        registry.kit("core-kit 13.1.0", "acme-sdk 0.71.0");
        registry.kit("core-kit 13.2.0", "acme-sdk 0.72.0");
        registry.kit("kernel-kit 5.0.0", "acme-sdk 0.70.0");
        registry.kit("kernel-kit 5.1.0", "acme-sdk 0.71.0");
    }

    private static String kit(String name, String version) {
        return "\n[[kit]]\nname = \"" + name + "\"\nversion = \"" + version + "\"\nvendor = \"acme\"\n";
    }

    private static String sdk(String version) {
        return "\n[sdk]\nname = \"acme-sdk\"\nversion = \"" + version + "\"\nvendor = \"acme\"\n";
    }

    private Path toml() {
        return directory.resolve("os/Twoliter.toml");
    }

    private Project project(String... rest) throws IOException {
        return projectAt("oci:../registry", rest);
    }

    private Project projectAt(String vendor, String... rest) throws IOException {
        Files.writeString(
                toml(),
                "schema-version = 2\nrelease-version = \"1.0.0\"\nproject-vendor = \"Acme\"\n\n[vendor.acme]\nregistry = \""
                        + vendor + "\"\n" + String.join("", rest));
        return open();
    }

    private Project open() {
        return Twoliter.open(directory.resolve("os"), Environment.of(Map.of(), directory.resolve("cache")));
    }

    private static List<String> kits(LockUpdate update) {
        return update.lock().kits().stream()
                .map(kit -> kit.name() + " " + kit.version())
                .toList();
    }

    private static List<String> words(List<?> things) {
        return things.stream().map(Object::toString).toList();
    }

    private Map<String, String> everything() {
        try (Stream<Path> all = Files.walk(directory.resolve("os"))) {
            Map<String, String> files = new TreeMap<>();
            for (Path path : all.toList()) {
                files.put(
                        path.toString(),
                        Files.getLastModifiedTime(path)
                                + (Files.isRegularFile(path) ? " " + Files.readString(path) : ""));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_newest_kits_that_fit_together_are_written_and_nothing_else_is_touched() throws IOException {
        publishCoreAndKernel();
        Project project = project(
                "# the SDK, 0.70.0\n",
                sdk("0.70.0"),
                "\n[[kit]] # core, 13.0.0\nname = \"core-kit\"\nvendor = \"acme\"\nversion = '13.0.0'   # keep me\n",
                "\n[[kit]]\nname    = \"kernel-kit\"\nversion = \"5.0.0\"\nvendor  = \"acme\"\n");
        project.updateLock().write();
        String before = Files.readString(toml());

        LockUpdate update = project.upgrade(u -> u);

        assertThat(kits(update)).containsExactly("core-kit 13.1.0", "kernel-kit 5.1.0");
        assertThat(words(update.changes()))
                .containsExactly("acme-sdk 0.70.0 -> 0.71.0", "core-kit 13.0.0 -> 13.1.0", "kernel-kit 5.0.0 -> 5.1.0");
        assertThat(words(update.edits()))
                .containsExactly(
                        "sdk.version of acme-sdk: 0.70.0 -> 0.71.0",
                        "kit[0].version of core-kit: 13.0.0 -> 13.1.0",
                        "kit[1].version of kernel-kit: 5.0.0 -> 5.1.0");
        assertThat(words(update.heldBack()))
                .containsExactly("core-kit 13.2.0 is held back: core-kit 13.2.0 needs SDK acme-sdk 0.72.0; "
                        + "kernel-kit 5.1.0 needs SDK acme-sdk 0.71.0, 5.0.0 needs 0.70.0");
        update.write();
        assertThat(Files.readString(toml()))
                .isEqualTo(before.replace("version = \"0.70.0\"", "version = \"0.71.0\"")
                        .replace("'13.0.0'", "'13.1.0'")
                        .replace("\"5.0.0\"", "\"5.1.0\""));
        Project again = open();
        assertThat(again.lock()).contains(update.lock());
        assertThat(again.updateLock().changes()).isEmpty();
        assertThat(again.upgrade(u -> u).edits()).isEmpty();
    }

    @Test
    void nothing_is_written_before_it_is_asked_for() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "13.0.0"), kit("kernel-kit", "5.0.0"));
        project.updateLock().write();
        Map<String, String> before = everything();

        assertThat(project.upgrade(u -> u).edits()).isNotEmpty();

        assertThat(everything()).isEqualTo(before);
        project.updateLock().write();
        assertThat(everything()).as("a lock that is right already").isEqualTo(before);
    }

    @Test
    void an_update_raises_what_a_requirement_leaves_open_and_nothing_else() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "^13.0"), kit("kernel-kit", "5.0.0"));

        LockUpdate update = project.updateLock();

        assertThat(kits(update)).containsExactly("core-kit 13.0.0", "kernel-kit 5.0.0");
        assertThat(update.edits()).isEmpty();
        assertThat(words(update.heldBack()))
                .containsExactly("core-kit 13.2.0 is held back: core-kit 13.2.0 needs SDK acme-sdk 0.72.0; "
                        + "kernel-kit 5.0.0 needs SDK acme-sdk 0.70.0; "
                        + "Twoliter.toml has kernel-kit 5.0.0");
        update.write();
        assertThat(open().lock()).contains(update.lock());
    }

    @Test
    void requirements_are_honoured_and_not_rewritten() throws IOException {
        publishCoreAndKernel();
        registry.kit("core-kit 14.0.0", "acme-sdk 0.71.0");
        Project project = project(kit("core-kit", "^13.0"), kit("kernel-kit", "5.0.0"));

        LockUpdate update = project.upgrade(u -> u);

        assertThat(kits(update)).containsExactly("core-kit 13.1.0", "kernel-kit 5.1.0");
        assertThat(update.edits()).extracting(VersionEdit::name).containsExactly("kernel-kit");
        update.write();
        assertThat(Files.readString(toml())).contains("\"^13.0\"", "\"5.1.0\"").doesNotContain("13.1.0");
        Project raised = open();
        registry.kit("kernel-kit 5.2.0", "acme-sdk 0.72.0");
        assertThat(words(raised.updateLock().heldBack()))
                .containsExactly("core-kit 13.2.0 is held back: core-kit 13.2.0 needs SDK acme-sdk 0.72.0; "
                        + "kernel-kit 5.1.0 needs SDK acme-sdk 0.71.0; Twoliter.toml has kernel-kit 5.1.0");
        assertThat(words(raised.upgrade(u -> u).heldBack()))
                .containsExactly("core-kit 14.0.0 is held back: Twoliter.toml asks for core-kit ^13.0");
    }

    @Test
    void an_exact_requirement_stays() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "=13.0.0"), kit("kernel-kit", "5.0.0"));

        LockUpdate update = project.upgrade(u -> u);

        assertThat(kits(update)).containsExactly("core-kit 13.0.0", "kernel-kit 5.0.0");
        assertThat(update.edits()).isEmpty();
    }

    @Test
    void only_the_kits_that_are_named_move() throws IOException {
        registry.sdk("acme-sdk 1.0.0");
        for (String version : List.of("1.0.0", "1.1.0")) {
            registry.kit("a-kit " + version, "acme-sdk 1.0.0");
            registry.kit("b-kit " + version, "acme-sdk 1.0.0");
            registry.kit("c-kit " + version, "acme-sdk 1.0.0");
        }
        Project project = project(kit("a-kit", "1.0.0"), kit("b-kit", "1.0.0"), kit("c-kit", "^1.0"));
        project.updateLock().write();
        registry.kit("c-kit 1.2.0", "acme-sdk 1.0.0");

        LockUpdate update = project.upgrade(u -> u.kits("b-kit"));

        assertThat(kits(update)).containsExactly("a-kit 1.0.0", "b-kit 1.1.0", "c-kit 1.1.0");
        assertThat(update.edits()).extracting(VersionEdit::keyPath).containsExactly("kit[1].version");
        assertThat(update.heldBack()).isEmpty();
        assertThat(kits(project.upgrade(u -> u.kits("acme/c-kit"))))
                .containsExactly("a-kit 1.0.0", "b-kit 1.0.0", "c-kit 1.2.0");
    }

    @Test
    void a_kit_that_stays_is_given_as_the_reason() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "13.0.0"), kit("kernel-kit", "5.0.0"));

        LockUpdate update = project.upgrade(u -> u.kits("core-kit"));

        assertThat(update.edits()).isEmpty();
        assertThat(words(update.heldBack()))
                .containsExactly("core-kit 13.2.0 is held back: core-kit 13.2.0 needs SDK acme-sdk 0.72.0; kernel-kit"
                        + " 5.0.0 needs SDK acme-sdk 0.70.0; kernel-kit stays at 5.0.0, as only core-kit may move");
    }

    @Test
    void an_unknown_kit_is_refused_with_a_guess() throws IOException {
        Project project = project(kit("core-kit", "13.0.0"));

        assertThat(catchThrowableOfType(
                        InvalidProjectException.class, () -> project.upgrade(u -> u.kits("cor-kit", "core-kit"))))
                .hasMessageContaining("no kit 'cor-kit' (it has core-kit)")
                .hasMessageContaining("did you mean 'core-kit'?");
    }

    @Test
    void pre_releases_are_taken_on_request_or_where_they_are_named() throws IOException {
        registry.sdk("acme-sdk 1.0.0");
        for (String version : List.of("1.0.0", "1.1.0-rc.1", "1.1.0-rc.2", "2.0.0-beta")) {
            registry.kit("a-kit " + version, "acme-sdk 1.0.0");
        }

        assertThat(kits(project(kit("a-kit", "1.0.0")).upgrade(u -> u))).containsExactly("a-kit 1.0.0");
        assertThat(kits(project(kit("a-kit", "1.0.0")).upgrade(u -> u.preReleases(true))))
                .containsExactly("a-kit 2.0.0-beta");
        assertThat(kits(project(kit("a-kit", "1.1.0-rc.1")).upgrade(u -> u))).containsExactly("a-kit 1.1.0-rc.2");
        assertThat(kits(project(kit("a-kit", "^1.0")).upgrade(u -> u))).containsExactly("a-kit 1.0.0");
        assertThat(kits(project(kit("a-kit", "^1.0")).upgrade(u -> u.preReleases(true))))
                .containsExactly("a-kit 1.1.0-rc.2");
        assertThat(kits(project(kit("a-kit", ">=1.1.0-rc.1, <2")).updateLock())).containsExactly("a-kit 1.1.0-rc.2");
    }

    @Test
    void what_cannot_be_read_is_passed_over_with_a_warning() throws IOException {
        registry.sdk("acme-sdk 1.0.0");
        registry.kit("a-kit 1.0.0", "acme-sdk 1.0.0");
        registry.kit("a-kit 1.1.0", "acme-sdk 1.0.0");
        KitPublisher.raw(store.repository("a-kit"), "v1.2.0", "{\"schemaVersion\":2,\"manifests\":[]}");
        KitPublisher.raw(store.repository("a-kit"), "latest", "{\"schemaVersion\":2,\"manifests\":[]}");
        KitPublisher.raw(store.repository("a-kit"), "v1.3", "{\"schemaVersion\":2,\"manifests\":[]}");
        List<String> warnings = new ArrayList<>();

        LockUpdate update =
                project(kit("a-kit", "1.0.0")).upgrade(UpgradeRequest.builder().build(), listening(warnings));

        assertThat(kits(update)).containsExactly("a-kit 1.1.0");
        assertThat(warnings).singleElement().asString().startsWith("a-kit 1.2.0 is passed over: ");
        assertThat(update.heldBack())
                .singleElement()
                .extracting(HeldBack::because)
                .asString()
                .startsWith("a-kit 1.2.0 cannot be used: ");
    }

    private static UnaryOperator<RunOptions.Builder> listening(List<String> warnings) {
        return options -> options.listener(event -> {
            if (event instanceof BuildEvent.Warning warning) {
                warnings.add(warning.message());
            }
        });
    }

    @Test
    void a_broken_kit_that_is_asked_for_exactly_is_told_as_it_is() throws IOException {
        registry.sdk("acme-sdk 1.0.0");
        registry.kit("b-kit 1.0.0", "acme-sdk 1.0.0");
        KitPublisher.raw(store.repository("a-kit"), "v1.2.0", "{\"schemaVersion\":2,\"manifests\":[]}");

        assertThat(catchThrowableOfType(
                        dev.twoliter.api.FormatException.class,
                        () -> project(kit("a-kit", "1.2.0"), kit("b-kit", "^1.0"))
                                .updateLock()))
                .hasMessageContaining("a-kit:v1.2.0");
        assertThat(catchThrowableOfType(
                        RegistryException.class,
                        () -> project(kit("a-kit", "1.3.0"), kit("b-kit", "^1.0"))
                                .updateLock()))
                .hasMessageContaining("a-kit:v1.3.0 does not exist");
    }

    @Test
    void where_nothing_fits_the_reasons_are_given() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "~13.2.0"), kit("kernel-kit", "^5.0"));

        ResolutionException refusal = catchThrowableOfType(ResolutionException.class, project::updateLock);

        assertThat(refusal)
                .hasMessage(
                        "no kits fit together: core-kit 13.2.0 needs SDK acme-sdk 0.72.0; kernel-kit 5.1.0 needs SDK"
                                + " acme-sdk 0.71.0, 5.0.0 needs 0.70.0; Twoliter.toml asks for core-kit ~13.2.0;"
                                + " Twoliter.toml asks for kernel-kit ^5.0");
        assertThat(refusal.hint()).isPresent();
        assertThat(catchThrowableOfType(
                        ResolutionException.class,
                        () -> project(kit("core-kit", "^14.0")).updateLock()))
                .hasMessage(
                        "no version of kit 'core-kit' that vendor 'acme' has published fits ^14.0: there are 3, from"
                                + " 13.0.0 to 13.2.0");
    }

    @Test
    void a_change_that_another_kit_brought_says_which() throws IOException {
        registry.sdk("acme-sdk 1.0.0");
        registry.kit("base-kit 1.0.0", "acme-sdk 1.0.0");
        registry.kit("base-kit 1.1.0", "acme-sdk 1.0.0");
        registry.kit("app-kit 1.0.0", "acme-sdk 1.0.0", "base-kit 1.0.0");
        registry.kit("app-kit 1.1.0", "acme-sdk 1.0.0", "base-kit 1.1.0");
        Project project = project(kit("app-kit", "1.0.0"));
        project.updateLock().write();

        assertThat(words(project.upgrade(u -> u).changes()))
                .containsExactly("app-kit 1.0.0 -> 1.1.0", "base-kit 1.0.0 -> 1.1.0 (needed by app-kit 1.1.0)");
    }

    @Test
    void without_kits_the_sdk_is_raised() throws IOException {
        registry.sdk("acme-sdk 0.70.0");
        registry.sdk("acme-sdk 0.72.0");
        registry.sdk("acme-sdk 0.73.0-rc.1");
        Project project = project(sdk("0.70.0"));

        LockUpdate update = project.upgrade(u -> u);

        assertThat(update.lock().sdk()).extracting(LockedImage::version).hasToString("0.72.0");
        update.write();
        assertThat(Files.readString(toml())).contains("version = \"0.72.0\"");
    }

    @Test
    void overrides_are_followed() throws IOException {
        registry.sdk("acme-sdk 1.0.0");
        registry.kit("my-kit 1.0.0", "acme-sdk 1.0.0");
        registry.kit("my-kit 1.5.0", "acme-sdk 1.0.0");
        Files.writeString(directory.resolve("os/Twoliter.override"), "[acme.a-kit]\nname = \"my-kit\"\n");

        LockUpdate update = project(kit("a-kit", "1.0.0")).upgrade(u -> u);

        assertThat(kits(update)).containsExactly("a-kit 1.5.0");
        assertThat(update.lock().kits().get(0).source()).isEqualTo("oci:../registry/a-kit:v1.5.0");
    }

    @Test
    void a_project_that_has_changed_has_to_be_opened_again() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "13.0.0"));
        LockUpdate update = project.upgrade(u -> u);
        project(kit("core-kit", "13.0.0"), kit("kernel-kit", "5.0.0"));
        Map<String, String> before = everything();

        assertThat(catchThrowableOfType(InvalidProjectException.class, update::write))
                .hasMessageContaining("open it again");
        assertThat(catchThrowableOfType(InvalidProjectException.class, () -> project.upgrade(u -> u)))
                .hasMessageContaining("open it again");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void when_the_lock_cannot_be_written_neither_is_twoliter_toml() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "13.0.0"));
        LockUpdate update = project.upgrade(u -> u);
        String before = Files.readString(toml());
        Files.createDirectories(directory.resolve("os/Twoliter.lock/in the way"));

        assertThat(catchThrowableOfType(dev.twoliter.api.StorageException.class, update::write))
                .hasMessageContaining("Twoliter.lock");
        assertThat(Files.readString(toml())).isEqualTo(before);
    }

    @Test
    void offline_an_update_keeps_what_is_locked() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "^13.0"), kit("kernel-kit", "^5.0"));
        project.updateLock().write();
        registry.kit("core-kit 13.3.0", "acme-sdk 0.71.0");

        assertThat(kits(project.updateLock(options -> options.offline(true))))
                .containsExactly("core-kit 13.1.0", "kernel-kit 5.1.0");
        assertThat(kits(project.updateLock())).containsExactly("core-kit 13.3.0", "kernel-kit 5.1.0");
    }

    @Test
    void two_lock_files_can_be_compared() throws IOException {
        publishCoreAndKernel();
        Project project = project(kit("core-kit", "13.0.0"), kit("kernel-kit", "5.0.0"));
        project.updateLock().write();
        Path old = Files.copy(directory.resolve("os/Twoliter.lock"), directory.resolve("before.lock"));
        project.upgrade(u -> u).write();

        List<LockChange> changes = open().lock().orElseThrow().changesSince(Twoliter.readLock(old));

        assertThat(words(changes))
                .containsExactly("acme-sdk 0.70.0 -> 0.71.0", "core-kit 13.0.0 -> 13.1.0", "kernel-kit 5.0.0 -> 5.1.0");
    }

    @Test
    void metadata_is_read_of_those_versions_only_that_are_looked_at() throws IOException {
        registry.sdk("acme-sdk 1.0.0");
        for (int version = 0; version < 30; version++) {
            registry.kit("a-kit 1." + version + ".0", "acme-sdk 1.0.0");
            registry.kit("b-kit 1." + version + ".0", "acme-sdk 1.0.0");
        }
        try (HttpRegistry http = new HttpRegistry(directory.resolve("registry"))) {
            Project project = projectAt(http.host(), kit("a-kit", "1.0.0"), kit("b-kit", "^1.0"));

            assertThat(kits(project.upgrade(u -> u))).containsExactly("a-kit 1.29.0", "b-kit 1.29.0");

            assertThat(http.requests)
                    .filteredOn(request -> request.contains("/manifests/v"))
                    .allMatch(request -> request.contains("v1.29.0") || request.contains("acme-sdk/manifests/v1.0.0"))
                    .hasSize(3);
        }
    }

    @Test
    void a_registry_that_does_not_answer_ends_it() throws IOException {
        String nobody = "127.0.0.1:" + DockerRegistry.freePort();

        assertThat(catchThrowableOfType(
                        RegistryException.class,
                        () -> projectAt(nobody, kit("a-kit", "1.0.0")).upgrade(u -> u)))
                .hasMessageContaining(nobody);
    }

    @Test
    @Peer("docker-registry")
    void against_a_real_registry_it_is_the_same() throws IOException, InterruptedException {
        try (DockerRegistry server = DockerRegistry.start(Files.createDirectory(directory.resolve("server")))) {
            use(server.host() + "/os");
            publishCoreAndKernel();
            Project project = projectAt(
                    server.host() + "/os", sdk("0.70.0"), kit("core-kit", "13.0.0"), kit("kernel-kit", "5.0.0"));

            LockUpdate update = project.upgrade(u -> u);

            assertThat(kits(update)).containsExactly("core-kit 13.1.0", "kernel-kit 5.1.0");
            assertThat(update.heldBack()).extracting(HeldBack::name).containsExactly("core-kit");
            update.write();
            assertThat(open().updateLock().changes()).isEmpty();
        }
    }
}
