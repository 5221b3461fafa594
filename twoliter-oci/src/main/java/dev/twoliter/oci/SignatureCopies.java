package dev.twoliter.oci;

import dev.twoliter.api.Digest;
import dev.twoliter.api.PublishException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The signatures that are copied with images: in the classic form the images with the tags {@code sha256-HEX.sig}, in the
 * bundle form what refers to an image, whatever it says. Not thread-safe.
 */
final class SignatureCopies {

    private final Repository source;
    private final Map<String, RawManifest> tagged = new LinkedHashMap<>();
    private final Map<Digest, List<RawManifest>> referrers = new LinkedHashMap<>();

    private SignatureCopies(Repository source) {
        this.source = source;
    }

    static SignatureCopies none(Repository source) {
        return new SignatureCopies(source);
    }

    /** Finds all signatures of some images. */
    static SignatureCopies of(Repository source, List<RawManifest> images) {
        SignatureCopies copies = new SignatureCopies(source);
        for (RawManifest image : images) {
            String tag = ImageSignatures.tagOf(image.digest());
            source.manifest(tag).ifPresent(manifest -> copies.tagged.put(tag, manifest));
            for (Descriptor referrer : Referrers.of(source, image.digest())) {
                source.manifest(referrer.digest().toString())
                        .ifPresent(manifest -> copies.referrers
                                .computeIfAbsent(image.digest(), digest -> new ArrayList<>())
                                .add(manifest));
            }
        }
        return copies;
    }

    /** Leaves out what a target has, and refuses what would take signatures away from it. */
    SignatureCopies missingIn(Repository target) {
        SignatureCopies missing = new SignatureCopies(source);
        tagged.forEach((tag, manifest) -> {
            if (isMissing(target, tag, manifest)) {
                missing.tagged.put(tag, manifest);
            }
        });
        referrers.forEach((subject, found) -> {
            Set<Digest> there = new HashSet<>();
            Referrers.of(target, subject).forEach(one -> there.add(one.digest()));
            List<RawManifest> left =
                    found.stream().filter(one -> !there.contains(one.digest())).toList();
            if (!left.isEmpty()) {
                missing.referrers.put(subject, left);
            }
        });
        return missing;
    }

    private boolean isMissing(Repository target, String tag, RawManifest manifest) {
        Set<Descriptor> lost = new HashSet<>(layers(target, tag, ImageReader.find(target, tag)));
        Set<Descriptor> gained = new HashSet<>(layers(source, tag, Optional.of(manifest)));
        if (lost.containsAll(gained)) {
            return false;
        }
        lost.removeAll(gained);
        if (!lost.isEmpty()) {
            throw new PublishException(
                    ImageReader.subject(target, tag) + " has " + lost.size()
                            + " signatures that the source does not have, and which would be lost",
                    "Copy without signatures, and sign again where the copy is.",
                    List.of(),
                    null);
        }
        return true;
    }

    private static List<Descriptor> layers(Repository repository, String tag, Optional<RawManifest> signatures) {
        return signatures
                .map(raw -> ImageManifest.parse(ImageReader.subject(repository, tag), raw.bytes())
                        .layers())
                .orElse(List.of());
    }

    /** {@return all manifests of signatures} */
    List<RawManifest> manifests() {
        List<RawManifest> all = new ArrayList<>(tagged.values());
        referrers.values().forEach(all::addAll);
        return all;
    }

    /** {@return the tags under which they are found} */
    List<String> tags() {
        List<String> tags = new ArrayList<>(tagged.keySet());
        referrers.keySet().forEach(subject -> tags.add(Repository.referrersTag(subject)));
        return tags;
    }

    /** {@return what has a tag: classic signatures, and the lists of referrers} */
    Map<String, RawManifest> byTag() {
        Map<String, RawManifest> all = new LinkedHashMap<>(tagged);
        referrers.forEach((subject, found) -> all.put(Repository.referrersTag(subject), Referrers.list(found)));
        return all;
    }

    /** Stores the manifests, of which all blobs are there, and lists them. */
    void push(Repository target) {
        tagged.forEach((tag, manifest) -> target.pushManifest(manifest, tag));
        referrers.forEach((subject, found) -> found.forEach(manifest -> {
            target.pushManifest(manifest);
            Referrers.add(target, subject, manifest);
        }));
    }
}
