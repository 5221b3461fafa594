package dev.twoliter.core.internal.image;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.boot.secure.SecureBootKeys;
import java.nio.file.Path;
import java.util.Optional;

/** The keys that a variant's boot chain is signed with. */
final class SecureBootProfile {

    private SecureBootProfile() {}

    /** Opens them; empty for a variant without Secure Boot. */
    static Optional<SecureBootKeys> of(VariantSpec variant, Optional<Path> profile) {
        if (!variant.has(ImageFeature.UEFI_SECURE_BOOT)) {
            return Optional.empty();
        }
        return Optional.of(SecureBootKeys.open(profile.orElseThrow(() -> new EngineException(
                "variant '" + variant.name() + "' asks for uefi-secure-boot, but there are no keys for it",
                "Make some with `twoliter keys generate --secure-boot --out sbkeys/local`, or name yours with"
                        + " --secure-boot-keys.",
                null))));
    }
}
