package dev.twoliter.core.internal.publish;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.PublishException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.core.internal.resolve.KitLabel;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageConfig;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.ImageReader;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.Platform;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One release of a kit as the registry has it, and what becomes of it with the images that are built here. It is read
 * anew each time that it is asked: others may publish at the same time.
 */
final class Release {

    private final Repository repository;
    private final KitTags tags;
    private final Map<Arch, LocalKit> own;
    private final String label;
    private final KitPush push;
    private final boolean replace;
    private final Consumer<String> warn;

    Release(KitPush push, KitTags tags, Map<Arch, LocalKit> own, boolean replace, Consumer<String> warn) {
        this.repository = push.repository();
        this.tags = tags;
        this.own = own;
        this.label = own.values().iterator().next().label();
        this.push = push;
        this.replace = replace;
        this.warn = warn;
    }

    static Platform platform(Arch arch) {
        return new Platform("linux", arch.ociName());
    }

    /** Refuses to give a tag that is released another meaning. */
    void requireUnreleased(Map<Arch, Digest> metadata) {
        if (replace) {
            return;
        }
        Conflicts conflicts = new Conflicts();
        own.forEach((arch, kit) -> {
            Digest mine = kit.image().digest();
            ImageReader.find(repository, tags.image(arch))
                    .ifPresent(released -> conflicts.add(tags.image(arch), released.digest(), mine));
            compare(tags.index(), arch, mine, conflicts);
        });
        metadata.forEach((arch, mine) -> compare(tags.metadata(), arch, mine, conflicts));
        if (!conflicts.found.isEmpty()) {
            throw new PublishException(
                    repository.reference() + " has released other content: " + conflicts,
                    "Raise release-version in Twoliter.toml; or publish with --replace (replace()), and whoever has locked"
                            + " the release has to update.",
                    List.of(),
                    null);
        }
    }

    private void compare(String tag, Arch arch, Digest mine, Conflicts conflicts) {
        ImageReader.find(repository, tag).ifPresent(released -> {
            if (ImageIndex.isIndex(released.bytes())) {
                parse(tag, released)
                        .image(platform(arch))
                        .ifPresent(image -> conflicts.add(tag + " for " + arch, image.digest(), mine));
            } else {
                conflicts.add(tag + ", which is no index,", released.digest(), mine);
            }
        });
    }

    /** Where the registry has one content and this kit another; what has the same two is told once. */
    private static final class Conflicts {
        private final Map<String, List<String>> found = new LinkedHashMap<>();

        void add(String tag, Digest released, Digest mine) {
            if (!released.equals(mine)) {
                found.computeIfAbsent(released + ", and this kit is " + mine, key -> new ArrayList<>())
                        .add(tag);
            }
        }

        @Override
        public String toString() {
            return found.entrySet().stream()
                    .map(one -> String.join(" and ", one.getValue())
                            + (one.getValue().size() > 1 ? " are " : " is ")
                            + one.getKey())
                    .collect(Collectors.joining("; "));
        }
    }

    private ImageIndex parse(String tag, RawManifest index) {
        return ImageIndex.parse(repository.reference() + ":" + tag, index.bytes());
    }

    /**
     * The index to release: the images built here; of other architectures those that were pushed for the same version and
     * build, else those that are released.
     */
    ImageIndex index() {
        ImageIndex index = ImageReader.find(repository, tags.index())
                .filter(released -> ImageIndex.isIndex(released.bytes()))
                .map(released -> parse(tags.index(), released))
                .orElse(ImageIndex.of(List.of()));
        for (Arch arch : Arch.values()) {
            Optional<Descriptor> image = Optional.ofNullable(own.get(arch)).map(LocalKit::image);
            if (image.isEmpty()) {
                image = elsewhere(arch, index);
            }
            index = image.isPresent() ? index.with(image.get()) : index.without(platform(arch));
        }
        return index;
    }

    private Optional<Descriptor> elsewhere(Arch arch, ImageIndex released) {
        String tag = tags.image(arch);
        return ImageReader.find(repository, tag)
                .map(image -> ImageReader.describe(repository, tag))
                .or(() -> released.image(platform(arch)))
                .filter(image -> isOfThisRelease(arch, image));
    }

    private boolean isOfThisRelease(Arch arch, Descriptor image) {
        if (label.equals(labelOf(image))) {
            requireSigned(arch, image.digest());
            return true;
        }
        String what = "the image for " + arch + " that " + repository.reference() + " has (" + image.digest()
                + ") was built from another lock or version";
        if (!replace) {
            throw new PublishException(
                    what,
                    "Build and publish it again for " + arch
                            + " first, from the same sources and lock; or leave it out of the index with --replace"
                            + " (replace()).",
                    List.of(),
                    null);
        }
        warn.accept(what + "; it is no longer part of " + tags.index());
        return false;
    }

    private String labelOf(Descriptor image) {
        String reference = image.digest().toString();
        ImageConfig config = ImageReader.config(
                repository,
                ImageManifest.parse(
                        repository.reference() + "@" + reference,
                        ImageReader.manifest(repository, reference).bytes()));
        return KitLabel.find(config.labels()).orElse("");
    }

    /** An index vouches for what is in it, so nothing gets in that somebody without the key has put there. */
    private void requireSigned(Arch arch, Digest image) {
        push.key().ifPresent(key -> {
            try {
                ImageSignatures.verify(repository, image, List.of(key.publicKey()));
            } catch (VerificationException e) {
                throw new PublishException(
                        "the image for " + arch + " that " + repository.reference() + " has (" + image
                                + ") is not signed with this key, and the signature of the index would vouch for it",
                        "Sign it with the same key where it was built, by publishing it again.",
                        List.of(),
                        e);
            }
        });
    }
}
