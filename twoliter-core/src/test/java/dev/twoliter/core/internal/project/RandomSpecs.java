package dev.twoliter.core.internal.project;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Content;
import dev.twoliter.api.ContentType;
import dev.twoliter.api.Dialect;
import dev.twoliter.api.EifKernelFormat;
import dev.twoliter.api.ExternalFile;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.ImageFormat;
import dev.twoliter.api.ImageLayout;
import dev.twoliter.api.ImageOverride;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.PartitionSpec;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.VariantAttribute;
import dev.twoliter.api.VariantSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Makes specifications that use everything the model can say, the same for the same seed. */
final class RandomSpecs {

    private static final String[] PIECES = {
        "a",
        "Zed",
        "0",
        " ",
        "\"",
        "\"\"\"",
        "\\",
        "'",
        "é",
        "日本",
        "\uD83D\uDE80",
        "#",
        "=",
        "[x]",
        "\u007f",
        "\u0085",
        "\u2028",
        "\t"
    };

    private final Random random;

    RandomSpecs(long seed) {
        this.random = new Random(seed);
    }

    private String line() {
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private String text() {
        String control = random.nextBoolean() ? "\u0000\u0001\r\n" : "\n";
        return line() + control + line() + (random.nextBoolean() ? "\n" : "\"");
    }

    private @Nullable String maybe(String text) {
        return random.nextBoolean() ? text : null;
    }

    private String[] lines() {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            lines.add(line() + i);
        }
        return lines.toArray(String[]::new);
    }

    private String[] some(List<String> names) {
        List<String> chosen = new ArrayList<>(names);
        java.util.Collections.shuffle(chosen, random);
        return chosen.subList(0, random.nextInt(chosen.size() + 1)).toArray(String[]::new);
    }

    private static List<String> among(List<String> names, List<String> chosen) {
        return names.stream().filter(chosen::contains).toList();
    }

    ProjectSpec next() {
        Dialect dialect = Dialect.values()[random.nextInt(3)];
        ProjectSpec.Builder b = ProjectSpec.builder()
                .dialect(dialect)
                .releaseVersion(random.nextInt(20) + ".0.1" + (random.nextBoolean() ? "-rc.1+b" : ""));
        if (dialect == Dialect.DESIGN && random.nextBoolean()) {
            b.name(text());
        }
        if (dialect == Dialect.SCHEMA_2) {
            b.projectVendor("N" + line().replace("\"", "").replace("\t", "") + "\\");
        }
        b.vendor("zeta", "images.example:5000/a").vendor("acme", "oci:../é'dir").vendor("007", "r");
        if (random.nextBoolean()) {
            b.sdk("sdk_1", "0.1.0-0422-10", "zeta");
        }
        if (random.nextBoolean()) {
            b.dependsOnKit("z-kit", "1.0.0", "acme").dependsOnKit("a-kit", "1.0.0", "zeta");
        }
        if (random.nextBoolean()) {
            b.trust(new TrustSpec("acme", List.of(lines()), List.of("k/" + line()), TrustPolicy.WARN));
            b.trust(new TrustSpec("007", List.of(), List.of(), TrustPolicy.OFF));
        }
        if (random.nextBoolean()) {
            b.addOverride(new ImageOverride("zeta", "b" + text(), maybe(text()), maybe(line())));
            b.addOverride(new ImageOverride("a.b", "", maybe(line()), null));
            b.addOverride(new ImageOverride("zeta", "a", null, null));
        }
        List<String> packages = List.of("hello-2.0", "hello-agent", "gtk+", "2048", "src.d");
        List<String> kits = List.of("base-kit", "App_Kit", "z9");
        List<String> both = new ArrayList<>(packages);
        both.addAll(kits);
        // Each needs only those before it, or they would need each other in a circle.
        List<String> done = new ArrayList<>();
        for (String name : List.of("hello-2.0", "base-kit", "hello-agent", "gtk+", "App_Kit", "2048", "z9", "src.d")) {
            List<String> before = List.copyOf(done);
            List<String> packagesBefore =
                    before.stream().filter(packages::contains).toList();
            if (packages.contains(name)) {
                b.addPackage(name, p -> packageSpec(p, before, packagesBefore));
            } else {
                b.addKit(
                        name,
                        k -> k.vendor(random.nextBoolean() ? "acme" : "other")
                                .packages(some(packagesBefore))
                                .requires(some(
                                        before.stream().filter(kits::contains).toList())));
            }
            done.add(name);
        }
        b.addVariant("metal-demo", v -> variantSpec(v, both));
        b.addVariant("aws-k8s-1.31-nvidia", v -> {
            variantSpec(v, both);
            return random.nextBoolean() || v.build().imageFormat() == ImageFormat.EIF
                    ? v
                    : v.guestImage("metal-demo", "/usr/share/é " + line().replace(":", ""));
        });
        return b.build();
    }

    private VariantSpec.Builder variantSpec(VariantSpec.Builder v, List<String> both) {
        v.packages(lines()).kits(some(List.of("base-kit", "acme/z-kit", "z9")));
        if (random.nextBoolean()) {
            v.buildDependencies(some(both));
        }
        if (random.nextBoolean()) {
            v.kernelParameters("console=tty0", "x=" + line().replace("\"", "").replace("\t", ""));
            v.supportedArches(Arch.AARCH64);
        }
        if (random.nextBoolean()) {
            v.eifPcieFlags(random.nextInt(0x10000)).eifKernelFormat(EifKernelFormat.VMLINUX);
        }
        for (VariantAttribute attribute : VariantAttribute.values()) {
            if (random.nextInt(4) == 0) {
                v.override(attribute, "é" + random.nextInt());
            }
        }
        ImageFormat format = ImageFormat.values()[random.nextInt(ImageFormat.values().length)];
        boolean standalone = format == ImageFormat.EIF || random.nextInt(3) == 0;
        v.imageFormat(format);
        if (standalone && format != ImageFormat.EIF) {
            v.with(ImageFeature.STANDALONE_IMAGE);
        } else if (format == ImageFormat.UKI) {
            v.without(ImageFeature.IN_PLACE_UPDATES);
        }
        for (ImageFeature feature : List.of(
                ImageFeature.EXTERNAL_KMOD_DEVELOPMENT,
                ImageFeature.GRUB_SET_PRIVATE_VAR,
                ImageFeature.EROFS_ROOT_PARTITION,
                ImageFeature.SYSTEMD_NETWORKD,
                ImageFeature.FIPS)) {
            random(v, feature);
        }
        if (!standalone) {
            random(v, ImageFeature.UEFI_SECURE_BOOT);
            random(v, ImageFeature.XFS_DATA_PARTITION);
            random(v, ImageFeature.HOST_CONTAINERS);
            if (format == ImageFormat.UKI && random.nextBoolean()) {
                v.with(ImageFeature.ENCRYPTED_STORAGE, ImageFeature.EPHEMERAL_ENCRYPTION_KEYS);
            }
        }
        if (random.nextBoolean()) {
            v.layout(l -> new ImageLayout(
                    1 + random.nextInt(3),
                    1 + random.nextInt(2),
                    random.nextBoolean() ? 22 : 0,
                    standalone
                            ? ImageLayout.PartitionPlan.UNIFIED
                            : ImageLayout.PartitionPlan.values()[random.nextInt(2)]));
            if (format != ImageFormat.EIF) {
                partitions(v);
            }
        }
        return v;
    }

    private void partitions(VariantSpec.Builder v) {
        for (int i = random.nextInt(3); i > 0; i--) {
            PartitionSpec one = PartitionSpec.of("ACME-" + i, 8 + random.nextInt(100));
            one = random.nextBoolean() ? one.ext4() : random.nextBoolean() ? one.fat() : one;
            one = random.nextBoolean() ? one.atMib(1 + random.nextInt(9000)) : one;
            PartitionSpec typed = random.nextBoolean() ? one.type(new java.util.UUID(random.nextLong(), i)) : one;
            v.layout(l -> l.partitionPlan() == ImageLayout.PartitionPlan.SPLIT
                    ? l.partition(typed.onDataDisk())
                    : l.partition(typed));
        }
        if (random.nextBoolean()) {
            v.layout(l -> l.resized("BOTTLEROCKET-ROOT-A", 512));
        }
    }

    private void random(VariantSpec.Builder v, ImageFeature feature) {
        switch (random.nextInt(4)) {
            case 0 -> v.with(feature);
            case 1 -> v.without(feature);
            default -> {}
        }
    }

    private PackageSpec.Builder packageSpec(PackageSpec.Builder p, List<String> both, List<String> packages) {
        p.buildDependencies(some(both)).dependencies(some(packages)).sourceGroups(lines());
        p.releasesUrl(random.nextBoolean() ? "" : line());
        if (random.nextInt(3) == 0) {
            p.addExternalFile(ExternalFile.of("https://src.example/a-1.tar.gz", "0a".repeat(64)));
            p.addExternalFile(new ExternalFile(
                    "https://src.example/b?c=%22",
                    "f".repeat(128),
                    maybe("é b"),
                    random.nextBoolean(),
                    random.nextBoolean() ? List.of("go") : List.of(),
                    maybe("é b/\"c\""),
                    maybe("bundle \"é\".tar.gz")));
            return random.nextBoolean() ? p.spec() : p.specFile("Name: x\n");
        }
        p.version("1.0~rc1^2").summary(line()).license("(MIT OR Apache-2.0) AND BSD-3-Clause");
        p.requires(lines()).provides(lines());
        p.declare(d -> {
            if (random.nextBoolean()) {
                d.description(text())
                        .homepage(line())
                        .arch("noarch")
                        .epoch(4294967295L)
                        .release("7.x");
                d.conflicts(lines()).obsoletes(lines()).recommends(lines()).suggests(lines());
            }
            return d.prefix(random.nextBoolean() ? "" : "own-");
        });
        for (ContentType type : ContentType.values()) {
            boolean empty = type == ContentType.DIR || type == ContentType.GHOST;
            Content content = Content.of(type, empty ? "" : "src/" + line(), "/usr/" + line() + type);
            if (random.nextBoolean()) {
                content = content.withMode(random.nextInt(010000));
            }
            p.addContent(random.nextBoolean() ? content.withOwner("systemd-network", "root") : content);
        }
        return p.script("/usr/bin/run", text());
    }
}
