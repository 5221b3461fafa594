package dev.twoliter.core.internal.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageOverride;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockUpdate;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.core.internal.project.LockFile;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks, compared byte for byte with texts made by the rules of project-formats.md 2.2; for every kind of registry. */
abstract class LockRules {

    @TempDir
    Path directory;

    private ImageStore store;
    private KitPublisher published;

    /** The registry as a project writes it. */
    abstract String registry();

    /** The registry as this test reaches it. */
    abstract String storeName();

    @BeforeEach
    void publish() {
        store = ImageStore.open(storeName(), StoreOptions.builder().build());
        published = new KitPublisher(store);
        published.sdk("acme-sdk 1.0.0");
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private ProjectSpec.Builder spec(String... kits) {
        ProjectSpec.Builder spec = ProjectSpec.builder()
                .releaseVersion("0.3.0")
                .projectVendor("Acme Linux")
                .vendor("acme", registry());
        for (String kit : kits) {
            var image = KitPublisher.image(kit);
            spec.dependsOnKit(image.name(), image.version().toString(), image.vendor());
        }
        return spec;
    }

    private Project project(ProjectSpec.Builder spec) {
        return Twoliter.create(
                directory.resolve("os"), spec.build(), Environment.of(Map.of(), directory.resolve("cache")));
    }

    /** Writes the lock and compares it with what the rules give. */
    private Lock locks(ProjectSpec.Builder spec, String... lines) throws IOException {
        Project project = project(spec);
        project.updateLock().write();
        assertThat(Files.readString(project.directory().resolve("Twoliter.lock")))
                .isEqualTo(String.join("\n", lines) + "\n");
        return project.lock().orElseThrow();
    }

    private String image(String table, String image, String source) {
        var one = KitPublisher.image(image);
        return """

                %s
                name = "%s"
                version = "%s"
                vendor = "%s"
                source = "%s"
                digest = "%s\"""".formatted(
                        table,
                        one.name(),
                        one.version(),
                        one.vendor(),
                        source,
                        published.lockDigest(one.name() + " " + one.version()));
    }

    private String kit(String image) {
        var one = KitPublisher.image(image);
        return image("[[kit]]", image, registry() + "/" + one.name() + ":v" + one.version());
    }

    private String sdk() {
        return image("[sdk]", "acme-sdk 1.0.0", registry() + "/acme-sdk:v1.0.0");
    }

    private static final String HEAD = "schema-version = 2\nproject-vendor = \"Acme Linux\"";

    @Test
    void without_kits() throws IOException {
        locks(
                spec().sdk("acme-sdk", "1.0.0", "acme"),
                "schema-version = 2\nkit = []\nproject-vendor = \"Acme Linux\"",
                sdk());
    }

    @Test
    void with_one_kit_and_an_sdk_that_only_the_kit_names() throws IOException {
        published.kit("base-kit 2.1.0", "acme-sdk 1.0.0");
        locks(spec("base-kit 2.1.0"), HEAD, sdk(), kit("base-kit 2.1.0"));
    }

    @Test
    void with_two_kits_in_the_order_of_the_project() throws IOException {
        published.kit("base-kit 2.1.0", "acme-sdk 1.0.0");
        published.kit("app-kit 0.4.0", "acme-sdk 1.0.0");
        locks(
                spec("base-kit 2.1.0", "app-kit 0.4.0").sdk("acme-sdk", "1.0.0", "acme"),
                HEAD,
                sdk(),
                kit("base-kit 2.1.0"),
                kit("app-kit 0.4.0"));
    }

    @Test
    void breadth_first_as_in_the_example_of_the_rules() throws IOException {
        published.kit("a 1.0.0", "acme-sdk 1.0.0", "d 1.0.0", "c 1.0.0");
        published.kit("b 1.0.0", "acme-sdk 1.0.0", "c 1.0.0");
        published.kit("c 1.0.0", "acme-sdk 1.0.0");
        published.kit("d 1.0.0", "acme-sdk 1.0.0");
        locks(spec("b 1.0.0", "a 1.0.0"), HEAD, sdk(), kit("b 1.0.0"), kit("a 1.0.0"), kit("c 1.0.0"), kit("d 1.0.0"));
    }

    @Test
    void a_diamond_is_locked_once() throws IOException {
        published.kit("top 1.0.0", "acme-sdk 1.0.0", "left 1.0.0", "right 1.0.0");
        published.kit("left 1.0.0", "acme-sdk 1.0.0", "low 1.0.0-rc.1");
        published.kit("right 1.0.0", "acme-sdk 1.0.0", "low 1.0.0-rc.1");
        published.kit("low 1.0.0-rc.1", "acme-sdk 1.0.0");
        locks(
                spec("top 1.0.0"),
                HEAD,
                sdk(),
                kit("top 1.0.0"),
                kit("left 1.0.0"),
                kit("right 1.0.0"),
                kit("low 1.0.0-rc.1"));
    }

    @Test
    void kits_that_name_each_other_end() throws IOException {
        published.kit("egg 1.0.0", "acme-sdk 1.0.0", "hen 1.0.0");
        published.kit("hen 1.0.0", "acme-sdk 1.0.0", "egg 1.0.0", "hen 1.0.0");
        locks(spec("egg 1.0.0"), HEAD, sdk(), kit("egg 1.0.0"), kit("hen 1.0.0"));
    }

    @Test
    void one_name_from_two_vendors_is_two_kits() throws IOException {
        published.kit("base-kit 2.1.0", "acme-sdk 1.0.0");
        published.kit("base-kit 3.0.0", "acme-sdk 1.0.0");
        locks(
                spec("base-kit 2.1.0 acme", "base-kit 3.0.0 other").vendor("other", registry()),
                HEAD,
                sdk(),
                kit("base-kit 2.1.0 acme"),
                kit("base-kit 3.0.0 other"));
    }

    /** Upstream's own case: nobody can reach the vendor; the lock shows it all the same. */
    @Test
    void an_override_gives_the_digest_and_leaves_the_source() throws IOException {
        published.kit("my-top 1.0.0", "acme-sdk 1.0.0", "low 1.0.0");
        published.kit("low 1.0.0", "acme-sdk 1.0.0");
        String far = "unreachable.invalid/os";
        ProjectSpec.Builder spec = spec("top 1.0.0")
                .vendor("acme", far)
                .addOverride(new ImageOverride("acme", "top", registry(), "my-top"))
                .addOverride(new ImageOverride("acme", "low", registry(), null))
                .addOverride(new ImageOverride("acme", "acme-sdk", registry(), null));
        Project project = project(spec);
        project.updateLock().write();
        String expected = String.join(
                        "\n",
                        HEAD,
                        image("[sdk]", "acme-sdk 1.0.0", far + "/acme-sdk:v1.0.0"),
                        image("[[kit]]", "my-top 1.0.0", far + "/my-top:v1.0.0"),
                        image("[[kit]]", "low 1.0.0", far + "/low:v1.0.0"))
                + "\n";
        // Published as my-top, named top: only the digest is that of the override.
        assertThat(Files.readString(project.directory().resolve("Twoliter.lock")))
                .isEqualTo(expected.replace("\"my-top\"", "\"top\"").replace("/my-top:", "/top:"));
    }

    @Test
    void the_older_schema_has_no_project_vendor_and_is_read_back() throws IOException {
        published.kit("base-kit 2.1.0", "acme-sdk 1.0.0");
        Lock lock = locks(spec("base-kit 2.1.0"), HEAD, sdk(), kit("base-kit 2.1.0"));
        Lock older = new Lock(1, "Bottlerocket", lock.sdk(), lock.kits());
        String text = String.join("\n", "schema-version = 1", sdk(), kit("base-kit 2.1.0")) + "\n";
        assertThat(LockFile.format(older)).isEqualTo(text);
        Files.writeString(directory.resolve("os/Twoliter.lock"), text);
        assertThat(LockFile.read(directory.resolve("os"))).contains(older);
        assertThat(LockFile.format(new Lock(1, "Bottlerocket", lock.sdk(), List.of())))
                .isEqualTo(String.join("\n", "schema-version = 1\nkit = []", sdk()) + "\n");
    }

    @Test
    void a_second_update_changes_nothing_and_a_republished_kit_changes_its_digest() throws IOException {
        published.kit("base-kit 2.1.0", "acme-sdk 1.0.0");
        Project project = project(spec("base-kit 2.1.0"));
        project.updateLock().write();
        assertThat(project.updateLock().changes()).isEmpty();
        published.kit("base-kit 2.1.0", "acme-sdk 1.0.0", "new-kit 1.0.0");
        published.kit("new-kit 1.0.0", "acme-sdk 1.0.0");
        LockUpdate update = project.updateLock();
        assertThat(update.changes()).extracting(change -> change.name()).containsExactly("base-kit", "new-kit");
        assertThat(update.lock().kits().get(0).digest()).isEqualTo(published.lockDigest("base-kit 2.1.0"));
    }

    @Test
    void a_vendor_without_keys_is_told_of_once() {
        published.kit("base-kit 2.1.0", "acme-sdk 1.0.0");
        List<BuildEvent> events = new ArrayList<>();
        project(spec("base-kit 2.1.0")).updateLock(o -> o.listener(events::add));
        assertThat(events)
                .filteredOn(event -> event instanceof BuildEvent.StepProgress progress
                        && progress.message().contains("without signatures"))
                .hasSize(1);
        assertThat(events).noneMatch(BuildEvent.Warning.class::isInstance);
    }
}
