package dev.twoliter.core.internal;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.KeySet;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.PublishResult;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageBuilder;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageStore;
import dev.twoliter.oci.RawManifest;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.StoreOptions;
import dev.twoliter.oci.TarLayer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small world for tests: an SDK, a signed base kit in a registry on disk, and a project that uses it. */
final class Demo {

    static final String VENDOR = "acme";

    final Path directory;
    final KeySet keys;
    final Environment environment;

    Demo(Path directory) {
        this(directory, Twoliter.generateKeys(directory.resolve("keys"), "Acme <acme@example.com>"));
    }

    /** A world whose maintainer has keys already; its projects find them in their own {@code ../keys}. */
    Demo(Path directory, KeySet keys) {
        this.directory = directory;
        this.keys = keys;
        copyPublicKeys();
        this.environment = Environment.of(Map.of(), directory.resolve("cache"));
    }

    private void copyPublicKeys() {
        try {
            Path home = Files.createDirectories(directory.resolve("keys"));
            for (Path key : List.of(keys.imagePublic(), keys.rpmPublic())) {
                Path copy = home.resolve(key.getFileName());
                if (!Files.exists(copy)) {
                    Files.copy(key, copy);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The registry on disk, as the projects of this world write it: relative, so that two worlds have the same labels. */
    static final String REGISTRY = "oci:../registry";

    Path registryDirectory() {
        return directory.resolve("registry");
    }

    Repository repository(String name) {
        return ImageStore.open(
                        "oci:" + registryDirectory(), StoreOptions.builder().build())
                .repository(name);
    }

    void publishSdk(String version) {
        try {
            Repository repository = repository("acme-sdk");
            List<Descriptor> images = new ArrayList<>();
            for (Arch arch : Arch.values()) {
                Path layer = Files.createTempFile(directory, "sdk", ".tar");
                images.add(ImageBuilder.forArch(arch)
                        .addLayer(TarLayer.at(0)
                                .file("etc/sdk-release", version.getBytes(StandardCharsets.UTF_8), 0644)
                                .file("toolchain/bin/cc", "compiler".getBytes(StandardCharsets.UTF_8), 0755)
                                .symlink("toolchain/bin/gcc", "cc")
                                .writeTo(layer))
                        .build()
                        .pushTo(repository));
                Files.delete(layer);
            }
            RawManifest index = ImageIndex.of(images).toRaw();
            repository.pushManifest(index, "v" + version);
            ImageSignatures.sign(repository, index.digest(), ImageKeys.load(keys.imageKey()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProjectSpec baseSpec() {
        return ProjectSpec.builder()
                .releaseVersion("2.1.0")
                .projectVendor("Acme Linux")
                .vendor(VENDOR, REGISTRY)
                .sdk("acme-sdk", "0.50.0", VENDOR)
                .addPackage(
                        "release",
                        p -> p.version("1.0")
                                .summary("What the system is")
                                .license("MIT")
                                .requires(
                                        "bottlerocket-motd",
                                        "(bottlerocket-host-ctr if bottlerocket-image-feature(host-containers))")
                                .file("/usr/lib/os-release", "NAME=Bottlerocket\nID=bottlerocket\n")
                                .symlink("/etc/os-release", "../usr/lib/os-release")
                                .directory("/var"))
                .addPackage(
                        "motd",
                        p -> p.version("1.0")
                                .summary("A greeting")
                                .license("MIT")
                                .file("/usr/share/motd", "hello from base\n"))
                .addPackage(
                        "host-ctr",
                        p -> p.version("1.0")
                                .summary("Host containers")
                                .license("MIT")
                                .script("/usr/bin/host-ctr", "#!/bin/sh\n"))
                .addKit("base-kit", k -> k.packages("release", "motd", "host-ctr"))
                .build();
    }

    Project baseProject() {
        return Twoliter.create(directory.resolve("base"), baseSpec(), environment);
    }

    PublishResult publishBase(Project base) {
        base.updateLock().write();
        base.plan(b -> b.kit("base-kit").arch(Arch.X86_64, Arch.AARCH64).rpmKey(keys.rpmKey()))
                .run();
        return base.publish(p -> p.kit("base-kit").to(VENDOR).imageKey(keys.imageKey()))
                .run();
    }

    ProjectSpec osSpec() {
        return ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor(VENDOR, REGISTRY)
                .trust(new TrustSpec(
                        VENDOR,
                        List.of("../keys/" + keys.imagePublic().getFileName()),
                        List.of("../keys/" + keys.rpmPublic().getFileName()),
                        TrustPolicy.REQUIRE))
                .sdk("acme-sdk", "0.50.0", VENDOR)
                .dependsOnKit("base-kit", "2.1.0", VENDOR)
                .addPackage(
                        "hello-agent",
                        p -> p.version("0.1.0")
                                .summary("Greets the machine at boot")
                                .license("Apache-2.0 OR MIT")
                                .requires("bottlerocket-release")
                                .script("/usr/bin/hello-agent", "#!/bin/sh\necho hello\n")
                                .licenseFile("LICENSE", "do what you like\n"))
                .addPackage(
                        "motd",
                        p -> p.version("0.9")
                                .summary("Our own greeting")
                                .license("MIT")
                                .file("/usr/share/motd", "hello from us\n"))
                .addKit("hello-kit", k -> k.packages("hello-agent", "motd"))
                .addVariant(
                        "metal-demo",
                        v -> v.kits("hello-kit", "acme/base-kit")
                                .packages("release", "hello-agent")
                                .without(ImageFeature.HOST_CONTAINERS)
                                .with(ImageFeature.EROFS_ROOT_PARTITION)
                                .layout(l -> l.osImageGib(1).unified()))
                .build();
    }

    Project osProject() {
        Project project = Twoliter.create(directory.resolve("os"), osSpec(), environment);
        project.updateLock().write();
        return project;
    }

    BuildResult buildOs(Project project) {
        return project.plan(b -> b.variant("metal-demo").arch(Arch.X86_64)).run();
    }
}
