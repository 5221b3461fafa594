package dev.twoliter.core.internal.project;

import dev.twoliter.api.Arch;
import dev.twoliter.api.EifKernelFormat;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.ImageLayout.PartitionPlan;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.api.PartitionSpec.Disk;
import dev.twoliter.api.PartitionSpec.FileSystem;
import dev.twoliter.api.Problem.Severity;
import dev.twoliter.api.VariantAttribute;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.core.internal.project.Dependencies.Dependency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads {@code [package.metadata.build-variant]} (project-formats.md 4.5 to 4.7, newer-twoliter.md 4). What contradicts
 * itself is the builder's to say. Not thread-safe.
 */
final class VariantReader {

    private static final Set<String> KEYS = Set.of(
            "included-packages",
            "kits",
            "image-format",
            "image-layout",
            "image-features",
            "kernel-parameters",
            "supported-arches",
            "platform",
            "runtime",
            "family",
            "version",
            "flavor",
            "eif-pcie-flags",
            "eif-kernel-format",
            "guest-images");

    private static final Set<String> LAYOUT_KEYS = Set.of(
            "os-image-size-gib", "data-image-size-gib", "publish-image-size-hint-gib", "partition-plan", "partitions");

    private static final Set<String> PARTITION_KEYS =
            Set.of("label", "size-mib", "offset-mib", "type", "filesystem", "disk");

    private final TomlView settings;
    private final VariantSpec.Builder variant;

    VariantReader(TomlView settings, VariantSpec.Builder variant) {
        this.settings = settings;
        this.variant = variant;
    }

    /**
     * Reads the table.
     *
     * @param localKits the names of the kits of this project
     * @param guests the variants among the build dependencies
     * @return whether format, layout and features could all be read
     */
    boolean read(List<String> localKits, List<Dependency> guests) {
        settings.onlyKeys(Severity.WARNING, KEYS);
        variant.packages(settings.strings("included-packages").toArray(String[]::new));
        variant.kits(kits(localKits));
        boolean complete = format();
        Optional<TomlView> layout = settings.table("image-layout");
        layout.ifPresent(table -> variant.layout(d -> layout(table, d)));
        Optional<TomlView> features = settings.table("image-features");
        complete &= features.map(this::features).orElse(!settings.has("image-features"));
        variant.kernelParameters(settings.strings("kernel-parameters").toArray(String[]::new));
        variant.supportedArches(arches());
        for (VariantAttribute attribute : VariantAttribute.values()) {
            settings.string(attribute.key()).ifPresent(value -> variant.override(attribute, value));
        }
        pcieFlags();
        word(settings, "eif-kernel-format", EifKernelFormat.values(), EifKernelFormat::key)
                .ifPresent(variant::eifKernelFormat);
        guests(guests);
        return complete;
    }

    private boolean format() {
        Optional<ImageFormat> format = word(settings, "image-format", ImageFormat.values(), ImageFormat::key);
        format.ifPresent(variant::imageFormat);
        return format.isPresent() || !settings.has("image-format");
    }

    private String[] kits(List<String> local) {
        List<String> kits = settings.strings("kits");
        for (int i = 0; i < kits.size(); i++) {
            String kit = kits.get(i);
            if (!kit.contains("/") && !local.contains(kit)) {
                String near = Nearest.hint(kit, local);
                settings.error(
                        "kits[" + i + "]",
                        "there is no kit '" + kit + "' in this project",
                        near.isEmpty() ? "an external kit is written VENDOR/NAME" : near);
            }
        }
        return kits.toArray(String[]::new);
    }

    private static ImageLayout layout(TomlView table, ImageLayout d) {
        table.onlyKeys(Severity.WARNING, LAYOUT_KEYS);
        return new ImageLayout(
                size(table, "os-image-size-gib", d.osImageSizeGib()),
                size(table, "data-image-size-gib", d.dataImageSizeGib()),
                size(table, "publish-image-size-hint-gib", d.publishImageSizeHintGib()),
                word(table, "partition-plan", PartitionPlan.values(), PartitionPlan::key)
                        .orElse(d.partitionPlan()),
                table.tables("partitions").stream()
                        .flatMap(partition -> partition(partition).stream())
                        .toList());
    }

    private static Optional<PartitionSpec> partition(TomlView table) {
        table.onlyKeys(Severity.ERROR, PARTITION_KEYS);
        Optional<String> label = table.required("label");
        OptionalLong size = table.requiredInteger("size-mib", 1, Integer.MAX_VALUE);
        Optional<UUID> type = table.string("type").flatMap(text -> guid(table, text));
        FileSystem fileSystem =
                word(table, "filesystem", FileSystem.values(), FileSystem::key).orElse(FileSystem.NONE);
        Disk disk = word(table, "disk", Disk.values(), Disk::key).orElse(Disk.OS);
        OptionalLong offset = table.integer("offset-mib", 1, Integer.MAX_VALUE);
        return label.isEmpty() || size.isEmpty()
                ? Optional.empty()
                : Optional.of(new PartitionSpec(label.get(), size.getAsLong(), offset, type, fileSystem, disk));
    }

    private static Optional<UUID> guid(TomlView table, String text) {
        if (text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            return Optional.of(UUID.fromString(text));
        }
        table.error("type", "'" + text + "' is not a GUID", "write it as " + PartitionSpec.LINUX);
        return Optional.empty();
    }

    private static int size(TomlView table, String key, int byDefault) {
        return (int) table.integer(key, 0, 65535).orElse(byDefault);
    }

    private boolean features(TomlView table) {
        boolean complete = true;
        for (String key : table.keys()) {
            Optional<ImageFeature> feature = ImageFeature.of(key);
            if (feature.isEmpty()) {
                List<String> known = Arrays.stream(ImageFeature.values())
                        .map(ImageFeature::key)
                        .toList();
                table.error(key, "there is no image feature '" + key + "'", Nearest.hint(key, known));
                complete = false;
                continue;
            }
            if (feature.get() == ImageFeature.GRUB_SET_PRIVATE_VAR || feature.get() == ImageFeature.SYSTEMD_NETWORKD) {
                table.warning(key, "the image feature '" + key + "' is deprecated", "");
            }
            Optional<Boolean> on = table.bool(key);
            complete &= on.isPresent();
            if (on.orElse(false)) {
                variant.with(feature.get());
            } else if (on.isPresent()) {
                variant.without(feature.get());
            }
        }
        return complete;
    }

    private Arch[] arches() {
        List<Arch> arches = new ArrayList<>();
        List<String> names = settings.strings("supported-arches");
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Optional<Arch> arch = Arrays.stream(Arch.values())
                    .filter(a -> a.rpmName().equals(name))
                    .findFirst();
            if (arch.isEmpty()) {
                settings.error(
                        "supported-arches[" + i + "]",
                        "'" + name + "' is neither x86_64 nor aarch64",
                        Nearest.hint(name, Set.of("x86_64", "aarch64")));
            }
            arch.ifPresent(arches::add);
        }
        return arches.toArray(Arch[]::new);
    }

    /** An integer, or a string of hexadecimal digits after 0x; a string of decimal digits is refused upstream too. */
    private void pcieFlags() {
        String key = "eif-pcie-flags";
        if (!settings.isString(key)) {
            OptionalLong flags = settings.integer(key, 0, 0xFFFF);
            flags.ifPresent(value -> variant.eifPcieFlags((int) value));
            return;
        }
        String text = settings.string(key).orElse("");
        if (text.matches("0[xX][0-9a-fA-F]{1,4}")) {
            variant.eifPcieFlags(Integer.parseInt(text.substring(2), 16));
        } else {
            settings.error(
                    key,
                    "'" + text + "' is not a hexadecimal number of 16 bits",
                    "write it as 0x240, with or without quotes");
        }
    }

    private void guests(List<Dependency> dependencies) {
        List<String> keys = new ArrayList<>();
        settings.table("guest-images").ifPresent(table -> {
            for (String key : table.keys()) {
                keys.add(key);
                Optional<Dependency> guest = dependencies.stream()
                        .filter(d -> d.target().name().equals(key)
                                || d.key().equals(key)
                                || key.equals(d.target().crate()))
                        .findFirst();
                if (guest.isEmpty()) {
                    table.error(
                            key,
                            "there is no variant '" + key + "' in [build-dependencies]",
                            "add " + key + " = { path = \"../" + key + "\" } there");
                }
                String name = guest.map(g -> g.target().name()).orElse(key);
                table.string(key).ifPresent(path -> variant.guestImage(name, path));
            }
        });
        for (Dependency d : dependencies) {
            if (!keys.contains(d.target().name())
                    && !keys.contains(d.key())
                    && !keys.contains(String.valueOf(d.target().crate()))) {
                d.table()
                        .warning(
                                d.key(),
                                "the variant '" + d.target().name() + "' is not among the guest-images and is ignored",
                                "");
            }
        }
    }

    private static <E> Optional<E> word(TomlView table, String key, E[] values, Function<E, String> keyOf) {
        Optional<String> word = table.string(key);
        if (word.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = Arrays.stream(values).map(keyOf).toList();
        int index = words.indexOf(word.get());
        if (index < 0) {
            table.error(
                    key,
                    "'" + word.get() + "' is none of " + String.join(", ", words),
                    Nearest.hint(word.get(), words));
            return Optional.empty();
        }
        return Optional.of(values[index]);
    }
}
