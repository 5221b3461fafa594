package dev.twoliter.oci;

import dev.twoliter.api.Arch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small images for tests. */
final class TestImages {

    private TestImages() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static BuiltImage image(Path scratch, Arch arch, String content) {
        Layer one = TarLayer.at(0)
                .file("kits/demo/Packages/one/one.rpm", bytes(content + arch), 0644)
                .writeTo(scratch.resolve("one-" + arch + ".tar"));
        Layer rest = TarLayer.at(0)
                .file("etc/yum.repos.d/demo.repo", bytes("[demo]\n"), 0644)
                .symlink("Packages", "kits/demo/Packages")
                .writeTo(scratch.resolve("rest-" + arch + ".tar"));
        return ImageBuilder.forArch(arch)
                .label("a.label", "value")
                .addLayer(one)
                .addLayer(rest)
                .build();
    }

    /** Pushes an image for each architecture and an index over them. */
    static RawManifest publish(Repository repository, Path scratch, String tag) {
        List<Descriptor> images = new ArrayList<>();
        for (Arch arch : Arch.values()) {
            images.add(image(scratch, arch, tag).pushTo(repository, tag + "-" + arch));
        }
        RawManifest index = ImageIndex.of(images).toRaw();
        repository.pushManifest(index, tag);
        return index;
    }
}
