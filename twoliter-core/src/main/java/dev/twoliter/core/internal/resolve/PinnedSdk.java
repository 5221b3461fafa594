package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.spi.SdkImage;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.StoredImage;
import java.nio.file.Path;
import java.util.List;

/**
 * The SDK that the lock pins, for one platform. Thread-safe.
 *
 * @param reference where it comes from
 * @param image the image
 */
public record PinnedSdk(String reference, StoredImage image) implements SdkImage {

    /**
     * Finds it.
     *
     * @param sdk the image, verified
     * @param arch the architecture of the machine that runs it
     * @return the SDK
     */
    public static PinnedSdk of(PinnedImage sdk, Arch arch) {
        return new PinnedSdk(
                sdk.reference().toString(),
                StoredImage.find(sdk.repository(), sdk.index().toString(), new Platform("linux", arch.ociName())));
    }

    @Override
    public Digest digest() {
        return image.digest();
    }

    @Override
    public List<String> layers() {
        return image.diffIds().stream().map(Digest::toString).toList();
    }

    @Override
    public void writeArchive(Path file, String name) {
        image.writeArchive(file, name);
    }
}
