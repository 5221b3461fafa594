package dev.twoliter.examples;

import static dev.twoliter.api.Arch.AARCH64;
import static dev.twoliter.api.Arch.X86_64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Environment;
import dev.twoliter.api.FetchResult;
import dev.twoliter.api.KeySet;
import dev.twoliter.api.Project;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.plan.PublishResult;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.DockerRegistry;
import dev.twoliter.testing.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same as with a registry on disk, through a real one. */
@Peer({"docker-registry", "skopeo"})
class RegistryTest {

    @TempDir
    Path demo;

    @Test
    void a_signed_kit_travels_through_a_registry() throws Exception {
        try (DockerRegistry server = DockerRegistry.start(Files.createDirectory(demo.resolve("server")))) {
            String registry = server.host() + "/os";
            KeySet keys = Demo.prepareKeys(demo);
            Environment environment = Environment.of(Map.of(), demo.resolve("cache"));
            StandInSdk.publish(registry, "0.1.0", keys.imageKey());
            Project acme = Twoliter.create(
                    demo.resolve("acme"),
                    QuickStart.acmeOs().toBuilder().vendor("acme", registry).build(),
                    environment);
            acme.updateLock().write();
            acme.plan(b -> b.kit("base-kit").arch(X86_64, AARCH64).rpmKey(keys.rpmKey()))
                    .run();
            PublishResult published = acme.publish(
                            p -> p.kit("base-kit").to("acme").imageKey(keys.imageKey()))
                    .run();

            String reference = "docker://" + registry + "/base-kit:v1.0.0";
            assertThat(Command.output("skopeo", "inspect", "--tls-verify=false", "--raw", reference))
                    .contains(
                            published.images().get(X86_64).toString(),
                            published.images().get(AARCH64).toString());
            assertThat(Command.output(
                            "skopeo", "list-tags", "--tls-verify=false", "docker://" + registry + "/base-kit"))
                    .contains("v1.0.0-metadata", "v1.0.0-00000000-aarch64", ".sig");
            Command.output(
                    "skopeo",
                    "copy",
                    "-q",
                    "--all",
                    "--preserve-digests",
                    "--src-tls-verify=false",
                    reference,
                    "oci:" + demo.resolve("copy") + ":v1");

            TrustSpec trust = Demo.trust("acme", keys, demo.resolve("hello"), TrustPolicy.REQUIRE);
            Project hello = Twoliter.create(
                    demo.resolve("hello"),
                    QuickStart.helloOs(trust).toBuilder()
                            .vendor("acme", registry)
                            .build(),
                    environment);
            hello.updateLock().write();
            FetchResult fetched = hello.fetch(X86_64);
            assertThat(fetched.kits())
                    .singleElement()
                    .satisfies(kit -> assertThat(kit.digest())
                            .isEqualTo(published.images().get(X86_64)));
            try (Stream<Path> files = Files.walk(fetched.kits().get(0).directory())) {
                assertThat(files.filter(file -> file.toString().endsWith(".rpm")))
                        .hasSize(4);
            }

            acme.publish(p ->
                            p.kit("base-kit").to("acme").repository("other-kit").allowUnsigned())
                    .run();
            Project other = Twoliter.create(
                    demo.resolve("other"),
                    QuickStart.helloOs(Demo.trust("acme", keys, demo.resolve("other"), TrustPolicy.REQUIRE)).toBuilder()
                            .vendor("acme", registry)
                            .dependsOnKit("other-kit", "1.0.0", "acme")
                            .build(),
                    environment);
            assertThatThrownBy(other::updateLock)
                    .isInstanceOf(VerificationException.class)
                    .hasMessageContaining("other-kit")
                    .hasMessageContaining("is not signed");
        }
    }
}
