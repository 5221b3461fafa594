package dev.twoliter.core.internal.container;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.plan.ContainerRequest;
import dev.twoliter.api.plan.ContainerResult;
import dev.twoliter.core.internal.resolve.PinnedImage;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageOnBase;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.Repository;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** The twoliter container of one project. */
public final class ToolsContainer {

    private final ContainerRequest request;
    private final PinnedImage sdk;
    private final Consumer<String> progress;

    /**
     * Prepares it.
     *
     * @param request what goes into it and where it goes
     * @param sdk the SDK, verified
     * @param progress is told what is done
     */
    public ToolsContainer(ContainerRequest request, PinnedImage sdk, Consumer<String> progress) {
        this.request = request;
        this.sdk = sdk;
        this.progress = progress;
    }

    /**
     * Assembles it.
     *
     * @param directory what the path of an archive is relative to
     * @param repositories opens the target
     * @return what was made
     */
    public ContainerResult assemble(Path directory, Function<ImageRef, Repository> repositories) {
        Map<Arch, Digest> images = new EnumMap<>(Arch.class);
        ImageRef base = sdk.reference().withDigest(sdk.index());
        if (request.archive().isPresent()) {
            Arch arch = request.arches().get(0);
            Path file = directory.resolve(request.archive().get());
            images.put(
                    arch,
                    image(arch).writeDockerArchive(file, request.archiveName()).digest());
            return new ContainerResult(base, images, null, file);
        }
        ImageRef target = request.target().orElseThrow();
        Repository repository = repositories.apply(target);
        ImageIndex index = ImageIndex.of(List.of());
        for (Arch arch : request.arches()) {
            Descriptor image = image(arch).publish(repository);
            images.put(arch, image.digest());
            index = index.with(image);
        }
        Digest digest = repository
                .pushManifest(index.toRaw(), target.tag().orElseThrow())
                .digest();
        return new ContainerResult(base, images, target.withDigest(digest), null);
    }

    private ImageOnBase image(Arch arch) {
        progress.accept("assembling the container for " + arch);
        ImageOnBase image = ImageOnBase.of(
                        sdk.repository(), sdk.index().toString(), new Platform("linux", arch.ociName()))
                .directory(request.at(), request.tools());
        request.environment().forEach(image::environment);
        return image;
    }
}
