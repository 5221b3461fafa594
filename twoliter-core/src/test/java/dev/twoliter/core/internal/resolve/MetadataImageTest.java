package dev.twoliter.core.internal.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.Twoliter;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metadata image that we publish beside a kit says what the kit's label says. */
class MetadataImageTest {

    @TempDir
    Path directory;

    private ImageStore store;
    private KitPublisher published;
    private ProjectSpec.Builder spec;

    /** A kit of the project that needs another of the project and one of another vendor. */
    @BeforeEach
    void publish() {
        store = ImageStore.open(
                "oci:" + directory.resolve("registry"), StoreOptions.builder().build());
        published = new KitPublisher(store);
        published.sdk("acme-sdk 1.0.0");
        published.kit("far-kit 3.0.0", "acme-sdk 1.0.0");
        spec = ProjectSpec.builder()
                .releaseVersion("1.2.3")
                .vendor("acme", "oci:../registry")
                .vendor("other", "oci:../registry/../registry")
                .sdk("acme-sdk", "1.0.0", "acme");
        Project project = project(spec.dependsOnKit("far-kit", "3.0.0", "other")
                .addPackage(
                        "one", p -> p.version("1").summary("s").license("MIT").directory("/a"))
                .addPackage(
                        "two", p -> p.version("1").summary("s").license("MIT").directory("/b"))
                .addKit("low-kit", k -> k.vendor("acme").packages("one"))
                .addKit("top-kit", k -> k.vendor("acme").packages("two").requires("low-kit")));
        project.updateLock().write();
        for (String kit : List.of("low-kit", "top-kit")) {
            project.plan(b -> b.kit(kit).arch(Arch.values())).run();
            project.publish(p -> p.kit(kit).to("acme").allowUnsigned()).run();
        }
    }

    private Project project(ProjectSpec.Builder what) {
        return Twoliter.create(
                directory.resolve("project-" + System.nanoTime()),
                what.build(),
                Environment.of(Map.of(), directory.resolve("cache")));
    }

    private RawManifest index(String tag) {
        return store.repository("top-kit").manifest(tag).orElseThrow();
    }

    @Test
    void its_references_read_back_as_the_label() {
        Repository repository = store.repository("top-kit");
        List<Descriptor> images = KitImages.images("top-kit", index("v1.2.3"));
        List<Descriptor> metadata = KitImages.images("top-kit", index("v1.2.3-metadata"));
        assertThat(metadata).hasSameSizeAs(images).hasSize(2);
        for (int i = 0; i < images.size(); i++) {
            String label = KitLabel.find(
                            KitImages.config(repository, "", images.get(i)).labels())
                    .orElseThrow();
            byte[] document = KitImages.metadata(repository, "", metadata.get(i).digest());
            assertThat(KitJson.parse(
                            "",
                            document,
                            "acme",
                            Map.of("acme", "oci:../registry", "other", "oci:../registry/../registry")))
                    .isEqualTo(KitLabel.parse("", label));
            assertThat(KitLabel.parse("", label).kits())
                    .extracting(Object::toString)
                    .containsExactly("low-kit-1.2.3@acme", "far-kit-3.0.0@other");
        }
    }

    @Test
    void a_kit_that_lost_its_labels_resolves_as_before() {
        ProjectSpec.Builder user = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor("acme", "oci:../registry")
                .vendor("other", "oci:../registry/../registry")
                .dependsOnKit("top-kit", "1.2.3", "acme");
        List<String> before = names(project(user));
        published.publish("top-kit", SemVer.parse("1.2.3"), Map.of());
        assertThat(names(project(user)))
                .isEqualTo(before)
                .containsExactly("top-kit-1.2.3@acme", "low-kit-1.2.3@acme", "far-kit-3.0.0@other");
    }

    private static List<String> names(Project project) {
        return project.updateLock().lock().kits().stream()
                .map(LockedImage::toString)
                .toList();
    }
}
