package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.ImageOverride;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.ResolutionException;
import java.util.List;
import java.util.Objects;

/**
 * Where an image is published and where this machine gets it from (project-formats.md 1.4 and 1.5). Immutable,
 * thread-safe.
 *
 * @param source {@code REGISTRY/NAME:vVERSION} of the vendor
 * @param reference what is really asked; differs under an override
 */
record ImageLocation(String source, ImageRef reference) {

    /**
     * Finds an image.
     *
     * @param project names the vendors and overrides
     * @param image the image
     * @param path how the image was reached, for the message
     * @throws ResolutionException if the project does not know the vendor
     */
    static ImageLocation of(ProjectSpec project, ImageDependency image, String path) {
        String registry = project.vendors().get(image.vendor());
        if (registry == null) {
            throw new ResolutionException(
                    "Twoliter.toml has no vendor '" + image.vendor() + "', which is needed for " + image + " (" + path
                            + ")",
                    "Add [vendor." + image.vendor() + "] with its registry.",
                    List.of(path));
        }
        if (!image.version().build().isEmpty()) {
            throw new ResolutionException(
                    image + " (" + path + ") cannot be published: a registry's tag has no place for '+"
                            + image.version().build() + "'",
                    "Choose a version without build metadata.",
                    List.of(path));
        }
        String tag = KitTags.index(image.version());
        ImageRef source = ImageRef.tagged(registry, image.name(), tag);
        ImageRef reference = project.overrides().stream()
                .filter(o -> o.vendor().equals(image.vendor()) && o.image().equals(image.name()))
                .findFirst()
                .map(o -> overridden(o, source))
                .orElse(source);
        return new ImageLocation(source.toString(), reference);
    }

    /** {@return the source, with a note of where it is really got from when that is elsewhere} */
    String shown() {
        return reference.toString().equals(source) ? source : source + ", overridden to " + reference;
    }

    private static ImageRef overridden(ImageOverride override, ImageRef source) {
        return new ImageRef(
                Objects.requireNonNullElse(override.registryOrNull(), source.registry()),
                Objects.requireNonNullElse(override.nameOrNull(), source.repository()),
                source.tagOrNull(),
                null);
    }
}
