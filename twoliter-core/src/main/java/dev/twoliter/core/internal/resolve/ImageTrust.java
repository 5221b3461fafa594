package dev.twoliter.core.internal.resolve;

import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImagePublicKey;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.rpm.RpmVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Holds what comes from a vendor against the vendor's keys, as Twoliter.trust says (formats.md, section 1). Immutable,
 * thread-safe.
 */
final class ImageTrust {

    private final Optional<TrustSpec> trust;
    private final Path projectDirectory;

    ImageTrust(ProjectSpec project, Path projectDirectory, String vendor) {
        this.trust = Optional.ofNullable(project.trust().get(vendor)).filter(t -> t.policy() != TrustPolicy.OFF);
        this.projectDirectory = projectDirectory;
    }

    /** {@return whether anything is checked at all} */
    boolean demandsAnything() {
        return trust.filter(t -> !t.imageKeys().isEmpty() || !t.rpmKeys().isEmpty())
                .isPresent();
    }

    /** Checks an image's signature: by the one that was read earlier, else by what the registry has today. */
    void checkImage(CachedRepository repository, String subject, Digest digest, Consumer<String> warn) {
        List<ImagePublicKey> keys = new ArrayList<>();
        trust.ifPresent(t -> t.imageKeys().forEach(file -> keys.add(ImageKeys.loadPublic(existing(file)))));
        if (!keys.isEmpty() && !isSigned(repository.remembered(), digest, keys)) {
            enforce(subject, warn, () -> ImageSignatures.verify(repository, digest, keys));
        }
    }

    private static boolean isSigned(CachedRepository repository, Digest digest, List<ImagePublicKey> keys) {
        try {
            ImageSignatures.verify(repository, digest, keys);
            return true;
        } catch (VerificationException | FormatException e) {
            // Never read, damaged on this disk, or by another key then: the registry has the last word.
            return false;
        }
    }

    /** {@return what checks the RPMs; empty when they need not be signed} */
    Optional<RpmVerifier> rpmVerifier() {
        return trust.filter(t -> !t.rpmKeys().isEmpty())
                .map(t -> RpmVerifier.withKeys(
                        t.rpmKeys().stream().map(this::existing).toList()));
    }

    /** Runs a check; under {@link TrustPolicy#WARN} its failure is only told. */
    void enforce(String subject, Consumer<String> warn, Runnable check) {
        try {
            check.run();
        } catch (VerificationException e) {
            if (trust.isPresent() && trust.get().policy() == TrustPolicy.WARN) {
                warn.accept(subject + ": " + e.getMessage());
            } else {
                throw e;
            }
        }
    }

    private Path existing(String file) {
        Path path = projectDirectory.resolve(file);
        if (!Files.isRegularFile(path)) {
            throw new InvalidProjectException(List.of(new Problem(
                    Problem.Severity.ERROR,
                    "Twoliter.trust",
                    0,
                    0,
                    "vendor",
                    "the key file " + file + " does not exist",
                    "put the vendor's public key there")));
        }
        return path;
    }
}
