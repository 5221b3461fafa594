package dev.twoliter.core.internal.plan;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.Lock;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.spi.PackageStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a step does, with everything it needs to know. Immutable, thread-safe. */
public sealed interface Work {

    /**
     * Pulls an external kit and unpacks it.
     *
     * @param kit what the lock says of it
     * @param arch the architecture
     */
    record Fetch(LockedImage kit, Arch arch) implements Work {}

    /**
     * Builds a package.
     *
     * @param step the package, as engines see it
     */
    record Rpm(PackageStep step) implements Work {}

    /**
     * Puts a kit together.
     *
     * @param kit the kit
     * @param arch the architecture
     * @param packages the steps that made its packages, by package name
     * @param localKits the kits of this project that it depends on, by name
     * @param lock the lock, for the label; empty where the project depends on nothing outside: there is no image then
     * @param rpmKey what signs its RPMs and its repository
     * @param stamp version, build and time
     */
    record Kit(
            KitSpec kit,
            Arch arch,
            List<StepId> packages,
            List<String> localKits,
            Optional<Lock> lock,
            Optional<KeyFile> rpmKey,
            Stamp stamp)
            implements Work {
        public Kit {
            packages = List.copyOf(packages);
            localKits = List.copyOf(localKits);
        }
    }

    /**
     * Builds a variant.
     *
     * @param variant the variant
     * @param arch the architecture
     * @param packages the steps that made the packages of this project that it uses directly, by name
     * @param kits the kits, highest priority first
     * @param stamp version, build and time
     * @param files files of the maintainer's
     * @param guests whose images it holds
     */
    record Variant(
            VariantSpec variant,
            Arch arch,
            List<StepId> packages,
            List<KitSource> kits,
            Stamp stamp,
            VariantFiles files,
            List<Guest> guests)
            implements Work {
        public Variant {
            guests = List.copyOf(guests);
            packages = List.copyOf(packages);
            kits = List.copyOf(kits);
        }
    }

    /**
     * {@return the package of the kernel for which others may build modules; empty if none may}
     *
     * @param variant the variant
     */
    static Optional<String> kernelOfKmodKit(VariantSpec variant) {
        return variant.has(ImageFeature.EXTERNAL_KMOD_DEVELOPMENT)
                ? variant.packages().stream()
                        .filter(name -> name.startsWith("kernel-"))
                        .findFirst()
                : Optional.empty();
    }

    /**
     * What maintainers bring to a variant beside packages.
     *
     * @param secureBootKeys the directory of keys for Secure Boot
     * @param caBundle the certificate authorities that the image trusts, in PEM; empty for what packages bring
     * @param updateRoot the TUF root of its updates; empty for what packages bring
     */
    record VariantFiles(Optional<Path> secureBootKeys, Optional<Path> caBundle, Optional<Path> updateRoot) {}

    /**
     * A variant whose images are files of another.
     *
     * @param name the variant
     * @param step what made it
     * @param directory where its images are in the other, absolute
     */
    record Guest(String name, StepId step, String directory) {}

    /**
     * A kit that a variant takes packages from.
     *
     * @param name the name of its repository: the kit's, or {@code VENDOR-NAME} for an external one
     * @param priority dnf's: lower wins
     * @param local the kit's own step, when it is one of this project
     * @param external what the lock says of it, when it is not
     * @param trustedKeys the OpenPGP keys that its vendor's RPMs are trusted by; empty where there are none
     */
    record KitSource(
            String name, int priority, Optional<StepId> local, Optional<LockedImage> external, List<Path> trustedKeys) {
        public KitSource {
            trustedKeys = List.copyOf(trustedKeys);
        }
    }
}
