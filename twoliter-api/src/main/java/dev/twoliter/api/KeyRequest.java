package dev.twoliter.api;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Which keys to make for {@link Twoliter#generateKeys(java.nio.file.Path, KeyRequest)}. Immutable, thread-safe. */
public final class KeyRequest {

    /** What a key signs. */
    public enum Kind {
        /** Packages and repository metadata: OpenPGP, Ed25519. */
        RPM,
        /** Images: ECDSA, P-256. */
        IMAGE,
        /**
         * What firmware starts, the kernel and GRUB's configuration: RSA certificates and an OpenPGP key, as upstream's
         * local profile ({@code sbkeys/local}). Made only when named; never encrypted.
         */
        SECURE_BOOT
    }

    private final Set<Kind> kinds;
    private final String owner;
    private final Supplier<char[]> rpmPassphrase;
    private final Supplier<char[]> imagePassphrase;

    private KeyRequest(Builder b) {
        this.kinds = Set.copyOf(b.kinds);
        this.owner = b.owner;
        this.rpmPassphrase = b.rpmPassphrase;
        this.imagePassphrase = b.imagePassphrase;
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return what is made; at least one} */
    public Set<Kind> kinds() {
        return kinds;
    }

    /** {@return the OpenPGP user identity} */
    public String owner() {
        return owner;
    }

    /** {@return what encrypts the RPM key; it gives an empty array for none} */
    public Supplier<char[]> rpmPassphrase() {
        return rpmPassphrase;
    }

    /** {@return what encrypts the image key; it gives an empty array for none} */
    public Supplier<char[]> imagePassphrase() {
        return imagePassphrase;
    }

    /** Collects a {@link KeyRequest}. Not thread-safe. */
    public static final class Builder {
        private static final Set<Kind> DEFAULT_KINDS = EnumSet.of(Kind.RPM, Kind.IMAGE);

        private Set<Kind> kinds = DEFAULT_KINDS;
        private String owner = "Twoliter";
        private Supplier<char[]> rpmPassphrase = () -> new char[0];
        private Supplier<char[]> imagePassphrase = () -> new char[0];

        private Builder() {}

        /** Sets which keys are made; default those for RPMs and images, also for none. */
        public Builder kinds(Kind... values) {
            kinds = values.length == 0 ? DEFAULT_KINDS : EnumSet.copyOf(List.of(values));
            return this;
        }

        /** Sets the OpenPGP user identity, such as {@code Acme Linux <linux@acme.example>}; default {@code Twoliter}. */
        public Builder owner(String value) {
            owner = Objects.requireNonNull(value, "owner");
            return this;
        }

        /** Encrypts the RPM key; an empty array does not. */
        public Builder rpmPassphrase(Supplier<char[]> value) {
            rpmPassphrase = Objects.requireNonNull(value, "rpmPassphrase");
            return this;
        }

        /** Encrypts the image key, as cosign does; an empty array does not. */
        public Builder imagePassphrase(Supplier<char[]> value) {
            imagePassphrase = Objects.requireNonNull(value, "imagePassphrase");
            return this;
        }

        /** {@return the request} */
        public KeyRequest build() {
            return new KeyRequest(this);
        }
    }
}
