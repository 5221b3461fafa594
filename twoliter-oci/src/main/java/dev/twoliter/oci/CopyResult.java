package dev.twoliter.oci;

import java.util.List;
import java.util.Objects;

/**
 * What {@link ImageCopier} did. Immutable, thread-safe.
 *
 * @param root the index or image that was asked for
 * @param images how many images it has, itself included when it is one
 * @param signatures the tags of the signatures that came along
 * @param copiedBlobs how many layers and configurations were moved
 * @param copiedBytes their bytes
 * @param presentBlobs how many were there already, or could be taken over inside the registry
 * @param presentBytes their bytes
 */
public record CopyResult(
        Descriptor root,
        int images,
        List<String> signatures,
        int copiedBlobs,
        long copiedBytes,
        int presentBlobs,
        long presentBytes) {
    public CopyResult {
        Objects.requireNonNull(root, "root");
        signatures = List.copyOf(signatures);
    }
}
