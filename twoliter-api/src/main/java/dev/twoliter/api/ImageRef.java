package dev.twoliter.api;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an image is: a registry, a repository in it, and a tag or digest or both. A registry is either
 * {@code host[:port]/path} or, for a tree of OCI image layouts on disk, {@code oci:DIR}. Immutable, thread-safe.
 *
 * @param registry host and path prefix, or {@code oci:DIR}; without a slash at the end
 * @param repository the name below it
 * @param tagOrNull the tag, or null
 * @param digestOrNull the digest, or null
 */
public record ImageRef(
        String registry,
        String repository,
        @Nullable String tagOrNull,
        @Nullable Digest digestOrNull) {

    public ImageRef {
        Objects.requireNonNull(registry, "registry");
        Objects.requireNonNull(repository, "repository");
    }

    /**
     * Names an image by tag.
     *
     * @param registry see {@link ImageRef}
     * @param repository the repository
     * @param tag the tag
     * @return the reference
     */
    public static ImageRef tagged(String registry, String repository, String tag) {
        return new ImageRef(registry, repository, Objects.requireNonNull(tag, "tag"), null);
    }

    /**
     * Names an image by content.
     *
     * @param registry see {@link ImageRef}
     * @param repository the repository
     * @param digest the digest
     * @return the reference
     */
    public static ImageRef pinned(String registry, String repository, Digest digest) {
        return new ImageRef(registry, repository, null, Objects.requireNonNull(digest, "digest"));
    }

    /**
     * Reads {@code REGISTRY/REPOSITORY[:TAG][@DIGEST]}; the repository is what follows the last slash.
     *
     * @param text the reference, as skopeo writes it without its transport ({@code docker://} is accepted)
     * @return the reference
     * @throws IllegalArgumentException if it has no slash, or neither tag nor digest
     */
    public static ImageRef parse(String text) {
        String rest = text.startsWith("docker://") ? text.substring("docker://".length()) : text;
        Digest digest = null;
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Digest.parse(rest.substring(at + 1));
            rest = rest.substring(0, at);
        }
        int slash = rest.lastIndexOf('/');
        if (slash <= 0) {
            throw new IllegalArgumentException("'" + text + "' names no repository: write REGISTRY/REPOSITORY:TAG");
        }
        String name = rest.substring(slash + 1);
        String tag = null;
        int colon = name.indexOf(':');
        if (colon >= 0) {
            tag = name.substring(colon + 1);
            name = name.substring(0, colon);
        }
        if (name.isEmpty() || (tag == null && digest == null) || (tag != null && tag.isEmpty())) {
            throw new IllegalArgumentException("'" + text + "' has neither tag nor digest: add :TAG or @sha256:HEX");
        }
        return new ImageRef(rest.substring(0, slash), name, tag, digest);
    }

    /** {@return the tag, if there is one} */
    public Optional<String> tag() {
        return Optional.ofNullable(tagOrNull);
    }

    /** {@return the digest, if there is one} */
    public Optional<Digest> digest() {
        return Optional.ofNullable(digestOrNull);
    }

    /**
     * {@return this reference with a digest added, so that a moved tag is noticed}
     *
     * @param digest the digest
     */
    public ImageRef withDigest(Digest digest) {
        return new ImageRef(registry, repository, tagOrNull, Objects.requireNonNull(digest, "digest"));
    }

    /** {@return {@code REGISTRY/REPOSITORY[:TAG][@DIGEST]}} */
    @Override
    public String toString() {
        return registry + "/" + repository + (tagOrNull == null ? "" : ":" + tagOrNull)
                + (digestOrNull == null ? "" : "@" + digestOrNull);
    }
}
