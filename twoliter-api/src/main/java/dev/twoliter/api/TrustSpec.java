package dev.twoliter.api;

import java.util.List;
import java.util.Objects;

/**
 * One vendor in Twoliter.trust: the public keys that its images and RPMs must be signed with. Immutable, thread-safe.
 *
 * @param vendor the vendor's name
 * @param imageKeys paths of P-256 public keys (PEM), relative to the project; any one may have signed
 * @param rpmKeys paths of OpenPGP public keys, relative to the project; any one may have signed
 * @param policy what happens without a good signature
 */
public record TrustSpec(String vendor, List<String> imageKeys, List<String> rpmKeys, TrustPolicy policy) {

    public TrustSpec {
        Objects.requireNonNull(vendor, "vendor");
        imageKeys = List.copyOf(imageKeys);
        rpmKeys = List.copyOf(rpmKeys);
        Objects.requireNonNull(policy, "policy");
    }
}
