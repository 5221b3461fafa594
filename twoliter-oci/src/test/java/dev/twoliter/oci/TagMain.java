package dev.twoliter.oci;

import java.nio.file.Path;
import java.util.Random;

/** Pushes images to a layout, one after the other: DIRECTORY NAME COUNT. */
final class TagMain {

    private TagMain() {}

    public static void main(String[] args) {
        try (ImageStore store = ImageStore.open(
                "oci:" + Path.of(args[0]), StoreOptions.builder().build())) {
            Repository repository = store.repository("kit");
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                byte[] layer = new byte[200_000];
                new Random(i).nextBytes(layer);
                repository.pushBlob(Descriptor.of(MediaTypes.LAYER_TAR, layer), BlobSource.of(layer));
                repository.pushManifest(ImageIndex.of(java.util.List.of()).toRaw(), args[1] + "-" + i);
            }
        }
    }
}
