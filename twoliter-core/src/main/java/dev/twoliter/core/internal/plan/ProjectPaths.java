package dev.twoliter.core.internal.plan;

import dev.twoliter.api.Arch;
import dev.twoliter.api.event.StepId;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where things are in a project (formats.md, section 4). Immutable, thread-safe.
 *
 * @param directory the project's directory, absolute
 */
public record ProjectPaths(Path directory) {

    public Path build() {
        return directory.resolve("build");
    }

    public Path packageDirectory(String name) {
        return directory.resolve("packages").resolve(name);
    }

    public Path variantDirectory(String name) {
        return directory.resolve("variants").resolve(name);
    }

    public Path rpms(String packageName) {
        return build().resolve("rpms").resolve(packageName);
    }

    public Path kit(String name) {
        return build().resolve("kits").resolve(name);
    }

    public Path externalKits() {
        return build().resolve("external-kits");
    }

    public Path externalKit(String vendor, String name, Arch arch) {
        return externalKits().resolve(vendor).resolve(name).resolve(arch.rpmName());
    }

    public Path images(String variant, Arch arch) {
        return build().resolve("images").resolve(arch + "-" + variant);
    }

    /** Where images are that were given other trust. */
    public Path repacked(String variant, Arch arch) {
        return build().resolve("repacked").resolve(arch + "-" + variant);
    }

    /** Where the kits of a variant are put side by side, as the seed design draws it. */
    public Path composite(String variant, Arch arch) {
        return build().resolve("composites").resolve(arch + "-" + variant);
    }

    /** Everything that is not finished yet; emptied at the start of each build. */
    public Path scratch() {
        return build().resolve("state").resolve("scratch");
    }

    /** Serialises the builds of this project. */
    public Path lockFile() {
        return build().resolve("state").resolve("lock");
    }

    /** The record of a step that is run for one architecture. */
    public Path record(StepId id) {
        return build().resolve("state")
                .resolve(String.valueOf(id.archOrNull()))
                .resolve(id.kind().name().toLowerCase(Locale.ROOT) + "s")
                .resolve(id.name())
                .resolve("step.json");
    }
}
