package dev.twoliter.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageIndexTest {

    private static Descriptor image(String content, Platform platform) {
        return Descriptor.of(MediaTypes.MANIFEST, content.getBytes(UTF_8)).withPlatform(platform);
    }

    private static final Platform AMD64 = new Platform("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64");
    private static final Descriptor INTEL = image("intel", AMD64);
    private static final Descriptor ARM = image("arm", ARM64);

    @Test
    void the_same_images_give_the_same_index_in_whatever_order_they_come() {
        ImageIndex empty = ImageIndex.of(List.of());

        ImageIndex one = empty.with(ARM).with(INTEL);

        assertThat(one.manifests()).containsExactly(INTEL, ARM);
        assertThat(one.toRaw().bytes())
                .isEqualTo(empty.with(INTEL).with(ARM).toRaw().bytes())
                .isEqualTo(empty.with(image("older", ARM64))
                        .with(INTEL)
                        .with(ARM)
                        .toRaw()
                        .bytes());
    }

    @Test
    void an_image_replaces_all_others_of_its_platform_and_leaves_the_rest_as_it_is() {
        Descriptor v7 = image("v7", new Platform("linux", "arm", "v7"));
        Descriptor v8 = image("v8", new Platform("linux", "arm64", "v8"));
        Descriptor attestation = Descriptor.of(MediaTypes.MANIFEST, new byte[] {1});
        ImageIndex index = new ImageIndex(List.of(attestation, v8, v7, image("again", ARM64)), Map.of("a", "b"));

        ImageIndex changed = index.with(ARM);

        assertThat(changed.manifests()).containsExactly(v7, ARM, attestation);
        assertThat(changed.annotations()).containsEntry("a", "b");
        assertThat(changed.image(ARM64)).contains(ARM);
        assertThat(index.image(ARM64)).contains(v8);
        assertThat(changed.without(ARM64).image(ARM64)).isEmpty();
    }

    @Test
    void a_variant_survives_reading_and_writing() {
        ImageIndex index = ImageIndex.of(List.of(image("v7", new Platform("linux", "arm", "v7"))));

        ImageIndex again = ImageIndex.parse("index", index.toRaw().bytes());

        assertThat(again).isEqualTo(index);
        assertThat(again.manifests().get(0).platform().orElseThrow()).hasToString("linux/arm/v7");
    }

    @Test
    void an_image_for_no_platform_is_not_appended() {
        Descriptor none = Descriptor.of(MediaTypes.MANIFEST, new byte[0]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageIndex.of(List.of()).with(none))
                .withMessageContaining(none.digest().toString());
    }
}
