package dev.twoliter.core.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Project;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.disk.ext4.Ext4Reader;
import dev.twoliter.core.internal.disk.gpt.GptReader;
import dev.twoliter.core.internal.disk.tree.Tree;
import dev.twoliter.core.internal.disk.tree.TreeEntry;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variants whose images are files of another, and what an image says of itself. */
@Tag("any-jdk")
class GuestImagesTest {
    private static final String HOST = SmallSystem.VARIANT;
    private static final String GUEST = "metal-guest";
    private static final String INSIDE = "/usr/share/acme/guest";

    @TempDir
    Path directory;

    private Environment environment() {
        return Environment.of(Map.of(), directory.resolve("cache"));
    }

    private Project create(UnaryOperator<VariantSpec.Builder> host, UnaryOperator<VariantSpec.Builder> guest) {
        return Twoliter.create(
                directory.resolve("project"),
                SmallSystem.spec(UnaryOperator.identity(), host)
                        .addPackage(
                                "inner",
                                p -> p.version("2.5")
                                        .summary("In the guest")
                                        .license("MIT")
                                        .file("/usr/inner", "in\n"))
                        .addKit("guest-kit", k -> k.vendor("acme").packages("inner"))
                        .addVariant(
                                GUEST,
                                v -> guest.apply(v.kits("guest-kit", "disk-kit")
                                        .packages("inner", "kernel-6.1")
                                        .imageFormat(ImageFormat.QCOW2)
                                        .with(ImageFeature.STANDALONE_IMAGE)
                                        .imageLayout(ImageLayout.STANDALONE)))
                        .build(),
                environment());
    }

    private static VariantSpec.Builder hosting(VariantSpec.Builder variant) {
        return variant.guestImage(GUEST, INSIDE);
    }

    private static Path build(Project project) {
        project.plan(b -> b.variant(HOST).arch(Arch.X86_64)).run();
        return project.directory().resolve("build/images/x86_64-" + HOST + "/latest");
    }

    /** The files of a partition of the disk. */
    private Tree partition(Path images, String label) throws IOException {
        return partition(images, HOST, label);
    }

    private Tree partition(Path images, String variant, String label) throws IOException {
        Path disk = images.resolve("bottlerocket-" + variant + "-x86_64-1.0.0-00000000.img");
        Path part = directory.resolve(label);
        try (FileChannel channel = FileChannel.open(disk)) {
            var found = GptReader.read(channel, "disk").partitions().stream()
                    .filter(partition -> partition.label().equals(label))
                    .findFirst()
                    .orElseThrow();
            Command.output(
                    "dd",
                    "if=" + disk,
                    "of=" + part,
                    "bs=1M",
                    "skip=" + found.firstSector() / 2048,
                    "count=" + (found.lastSector() + 1 - found.firstSector()) / 2048,
                    "conv=sparse",
                    "status=none");
        }
        try (FileChannel channel = FileChannel.open(part)) {
            Tree tree = Ext4Reader.read(channel, label);
            // Contents are read while the partition is open.
            read(tree);
            return tree;
        }
    }

    private final Map<String, byte[]> contents = new java.util.TreeMap<>();

    private void read(Tree tree) throws IOException {
        contents.clear();
        for (TreeEntry entry : tree.entries()) {
            if (entry instanceof TreeEntry.RegularFile file) {
                try (InputStream in = file.content().open()) {
                    contents.put(file.path(), in.readAllBytes());
                }
            }
        }
    }

    @Test
    @Peer("dd")
    void the_images_of_a_guest_are_files_of_its_host_and_its_packages_are_in_the_inventory() throws IOException {
        Project project = create(GuestImagesTest::hosting, UnaryOperator.identity());

        Path images = build(project);

        Tree root = partition(images, "BOTTLEROCKET-ROOT-A");
        Path guest = project.directory().resolve("build/images/x86_64-" + GUEST + "/latest");
        String image = "bottlerocket-" + GUEST + "-x86_64-1.0.0-00000000.qcow2";
        assertThat(contents.get(INSIDE + "/" + image)).isEqualTo(Files.readAllBytes(guest.resolve(image)));
        assertThat(root.entries().stream()
                        .map(TreeEntry::path)
                        .filter(path -> path.startsWith(INSIDE + "/"))
                        .map(path -> path.substring(path.lastIndexOf("x86_64") + "x86_64".length())))
                .containsExactlyInAnyOrder(
                        ".qcow2",
                        "-1.0.0.qcow2",
                        "-v1.0.0.qcow2",
                        "-1.0.0-00000000.qcow2",
                        "-boot.ext4.lz4",
                        "-1.0.0-boot.ext4.lz4",
                        "-v1.0.0-boot.ext4.lz4",
                        "-1.0.0-00000000-boot.ext4.lz4",
                        "-root.ext4.lz4",
                        "-1.0.0-root.ext4.lz4",
                        "-v1.0.0-root.ext4.lz4",
                        "-1.0.0-00000000-root.ext4.lz4",
                        "-root.verity.lz4",
                        "-1.0.0-root.verity.lz4",
                        "-v1.0.0-root.verity.lz4",
                        "-1.0.0-00000000-root.verity.lz4");
        assertThat(root.entries())
                .filteredOn(entry -> entry.path().startsWith(INSIDE + "/"))
                .allMatch(entry -> entry instanceof TreeEntry.HardLink
                        || entry instanceof TreeEntry.RegularFile file
                                && file.attributes().mode() == 0644);
        byte[] inventory = contents.get("/usr/share/bottlerocket/application-inventory.json");
        assertThat(inventory).isEqualTo(Files.readAllBytes(images.resolve("application-inventory.json")));
        List<String> names = new ArrayList<>();
        for (JsonNode one : new ObjectMapper().readTree(inventory).path("Content")) {
            names.add(one.path("Name").asText() + " " + one.path("Version").asText());
        }
        assertThat(names).contains("inner 2.5").doesNotHaveDuplicates().isSorted();
        assertThat(names).filteredOn(name -> name.startsWith("kernel-6.1 ")).hasSize(1);
        assertThat(images.resolve("installed-packages.txt")).content().doesNotContain("inner");
    }

    @Test
    void a_host_is_made_anew_when_its_guest_is() throws IOException {
        Project project = create(GuestImagesTest::hosting, UnaryOperator.identity());
        build(project);
        assertThat(steps(project)).allMatch(step -> step.endsWith("done"));
        Path inner = project.directory().resolve("packages/inner/package.toml");
        Files.writeString(inner, Files.readString(inner).replace("In the guest", "Changed"));

        assertThat(steps(Twoliter.open(project.directory(), environment())))
                .contains(
                        "variant " + GUEST + " x86_64 to do",
                        "variant " + HOST + " x86_64 to do",
                        "kit disk-kit x86_64 done");
    }

    private static List<String> steps(Project project) {
        return project.plan(b -> b.variant(HOST).arch(Arch.X86_64)).steps().stream()
                .map(step -> step.id() + (step.upToDate() ? " done" : " to do"))
                .toList();
    }

    @Test
    void guests_are_drawn_but_their_packages_are_not_offered_to_the_host() {
        Project project = create(GuestImagesTest::hosting, UnaryOperator.identity());

        assertThat(project.graph().variants().get(HOST).kits()).doesNotContain("guest-kit");
        assertThat(project.graph().of(HOST).variants()).containsOnlyKeys(GUEST, HOST);
        assertThat(project.graph().draw(dev.twoliter.api.GraphFormat.TEXT)).containsPattern(HOST + " +.*" + GUEST);
    }

    @Test
    void variants_that_hold_each_other_are_refused() {
        assertThatThrownBy(() -> create(GuestImagesTest::hosting, v -> v.guestImage(HOST, "/host")))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining(
                        "these hold each other's images in a circle: metal-disk > metal-guest > metal-disk");
    }

    @Test
    void a_guest_for_another_machine_is_refused_before_anything_is_built() {
        Project project = create(GuestImagesTest::hosting, v -> v.supportedArches(Arch.AARCH64));

        assertThatThrownBy(() -> build(project))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("the guest '" + GUEST + "' of variant '" + HOST + "' does not support x86_64");
        assertThat(project.directory().resolve("build/rpms")).doesNotExist();
    }

    @Test
    @Peer("dd")
    void an_image_says_what_it_is_to_the_services_of_its_first_start() throws IOException {
        Path images = build(create(
                v -> v.with(ImageFeature.ENCRYPTED_STORAGE).with(ImageFeature.XFS_DATA_PARTITION),
                UnaryOperator.identity()));

        partition(images, "BOTTLEROCKET-ROOT-A");
        assertThat(new String(contents.get("/usr/share/bottlerocket/image-features.env"), UTF_8))
                .isEqualTo("""
                DATA_PARTITION_FILESYSTEM=xfs
                IN_PLACE_UPDATES=true
                ENCRYPTED_STORAGE=true
                EPHEMERAL_ENCRYPTION_KEYS=false
                STANDALONE_IMAGE=false
                """);
        assertThat(new String(contents.get("/usr/share/bottlerocket/image-format.env"), UTF_8))
                .isEqualTo("""
                IMAGE_FORMAT=raw
                UKI_IMAGE=false
                """);
        partition(images, "BOTTLEROCKET-BOOT-A");
        assertThat(new String(contents.get("/grub/grub.cfg"), UTF_8))
                .contains("bootconfig")
                .contains("initrd ($private)/bootconfig.data");
        partition(images, "BOTTLEROCKET-PRIVATE");
        assertThat(contents).containsOnlyKeys("/bootconfig.data");
    }

    @Test
    @Peer("dd")
    void nothing_is_written_to_a_private_partition_that_the_first_start_encrypts() throws IOException {
        Project project = create(UnaryOperator.identity(), UnaryOperator.identity());
        Project more = project.addVariant(VariantSpec.builder("metal-keys")
                .kits("guest-kit")
                .packages("inner")
                .imageFormat(ImageFormat.UKI)
                .without(ImageFeature.IN_PLACE_UPDATES)
                .with(ImageFeature.ENCRYPTED_STORAGE)
                .with(ImageFeature.EPHEMERAL_ENCRYPTION_KEYS)
                .layout(l -> l.osImageGib(1))
                .build());
        more.plan(b -> b.variant("metal-keys").arch(Arch.X86_64)).run();

        partition(
                project.directory().resolve("build/images/x86_64-metal-keys/latest"),
                "metal-keys",
                "BOTTLEROCKET-PRIVATE");
        assertThat(contents).isEmpty();
    }
}
