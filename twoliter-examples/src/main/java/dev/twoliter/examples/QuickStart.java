package dev.twoliter.examples;

import static dev.twoliter.api.Arch.AARCH64;
import static dev.twoliter.api.Arch.X86_64;
import static dev.twoliter.api.ImageFeature.HOST_CONTAINERS;

import dev.twoliter.api.KeySet;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.PublishResult;
import java.nio.file.Path;
import java.util.List;

/**
 * The whole way, once. Acme builds and publishes a signed kit; a second project takes it, replaces one of its packages,
 * leaves another out, adds its own, and builds a disk image for two architectures.
 */
public final class QuickStart {

    private QuickStart() {}

    /** Takes the directory to work in; default {@code demo}. Everything in it but the keys is made anew. */
    public static void main(String... arguments) {
        Path demo = Path.of(arguments.length > 0 ? arguments[0] : "demo").toAbsolutePath();
        run(demo).print(System.out);
    }

    static DemoReport run(Path demo) {
        KeySet keys = Demo.prepare(demo);
        StandInSdk.publish("oci:" + demo.resolve("registry"), "0.1.0", keys.imageKey());

        // Acme's project: four packages in a kit, signed and published for both architectures.
        Project acme = Twoliter.create(demo.resolve("acme-os"), acmeOs());
        acme.updateLock().write();
        BuildResult kits = acme.plan(
                        build -> build.kit("base-kit").arch(X86_64, AARCH64).rpmKey(keys.rpmKey()))
                .run();
        PublishResult published = acme.publish(
                        publish -> publish.kit("base-kit").to("acme").imageKey(keys.imageKey()))
                .run();

        // Our project: what Acme signed with its keys, and nothing else, may come in.
        TrustSpec trust = Demo.trust("acme", keys, demo.resolve("hello-os"), TrustPolicy.REQUIRE);
        Project hello = Twoliter.create(demo.resolve("hello-os"), helloOs(trust));
        hello.updateLock().write();
        BuildResult images = hello.plan(build ->
                        build.variant("metal-demo").arch(X86_64, AARCH64).rpmKey(keys.rpmKey()))
                .run();
        return new DemoReport(published, List.of(kits, images));
    }

    static ProjectSpec acmeOs() {
        return ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .projectVendor("Acme")
                .vendor("acme", "oci:../registry")
                .sdk("stand-in-sdk", "0.1.0", "acme")
                .addPackage(
                        "release",
                        p -> p.version("1.0.0")
                                .summary("What every image has")
                                .license("Apache-2.0")
                                .requires("(bottlerocket-host-ctr if bottlerocket-image-feature(host-containers))")
                                .file("/usr/lib/os-release", "NAME=\"Acme OS\"\nID=acme\n")
                                .symlink("/bin", "usr/bin")
                                .symlink("/lib", "usr/lib"))
                .addPackage(
                        "motd",
                        p -> p.version("1.0.0")
                                .summary("What is read after logging in")
                                .license("Apache-2.0")
                                .file("/usr/share/motd", "Welcome to Acme OS.\n"))
                .addPackage(
                        "host-ctr",
                        p -> p.version("1.0.0")
                                .summary("Starts host containers")
                                .license("Apache-2.0")
                                .script("/usr/bin/host-ctr", "#!/bin/sh\necho host-ctr: $1\n"))
                .addPackage(
                        "legacy-banner",
                        p -> p.version("1.0.0")
                                .summary("A banner that nobody wants any more")
                                .license("Apache-2.0")
                                .file("/usr/share/banner", "ACME\n"))
                .addKit("base-kit", k -> k.packages("release", "motd", "host-ctr", "legacy-banner"))
                .build();
    }

    static ProjectSpec helloOs(TrustSpec trust) {
        return ProjectSpec.builder()
                .releaseVersion("0.1.0")
                .projectVendor("Hello")
                .vendor("acme", "oci:../registry")
                .trust(trust)
                .sdk("stand-in-sdk", "0.1.0", "acme")
                .dependsOnKit("base-kit", "1.0.0", "acme")
                .addPackage(
                        "hello-agent",
                        p -> p.version("0.1.0")
                                .summary("Greets the machine at boot")
                                .license("Apache-2.0 OR MIT")
                                .script("/usr/bin/hello-agent", "#!/bin/sh\necho hello\n")
                                .file("/usr/lib/systemd/system/hello-agent.service", Demo.UNIT)
                                .licenseFile("LICENSE", "Apache-2.0 OR MIT\n"))
                .addPackage(
                        "motd",
                        p -> p.version("0.1.0") // an older version, from a kit that comes first
                                .summary("Our own welcome")
                                .license("MIT")
                                .file("/usr/share/motd", "Hello.\n"))
                .addKit("hello-kit", k -> k.packages("hello-agent", "motd"))
                .addVariant(
                        "metal-demo",
                        v -> v.kits("hello-kit", "acme/base-kit")
                                .packages("release", "motd", "hello-agent")
                                .without(HOST_CONTAINERS)
                                .layout(sizes -> sizes.osImageGib(1).unified()))
                .build();
    }
}
