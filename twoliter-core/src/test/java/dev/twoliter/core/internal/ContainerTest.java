package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.twoliter.api.Arch;
import dev.twoliter.api.LockException;
import dev.twoliter.api.Project;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.plan.ContainerRequest;
import dev.twoliter.api.plan.ContainerResult;
import dev.twoliter.oci.ImageInspection;
import dev.twoliter.oci.Repository;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ContainerTest {

    @TempDir
    Path directory;

    private Demo demo;
    private Project project;
    private Path tools;

    @BeforeEach
    void begin() throws IOException {
        demo = new Demo(directory);
        demo.publishSdk("0.50.0");
        project = Twoliter.create(
                directory.resolve("p"),
                demo.baseSpec().toBuilder()
                        .trust(demo.osSpec().trust().get(Demo.VENDOR))
                        .build(),
                demo.environment);
        project.updateLock().write();
        tools = Files.createDirectories(directory.resolve("tools"));
        Files.writeString(tools.resolve("buildsys"), "#!/bin/sh\n");
    }

    @Test
    void it_is_the_locked_sdk_with_the_tools_on_top_for_each_architecture() {
        ContainerResult made = project.container(c -> c.tools(tools)
                .arch(Arch.X86_64, Arch.AARCH64)
                .environment("TWOLITER", "1")
                .to("oci:../registry/twoliter:v1"));

        Repository repository = demo.repository("twoliter");
        ImageInspection container = ImageInspection.of(repository, "v1");
        ImageInspection sdk = ImageInspection.of(demo.repository("acme-sdk"), "v0.50.0");
        assertThat(made.reference().orElseThrow())
                .hasToString(
                        "oci:../registry/twoliter:v1@" + container.descriptor().digest());
        assertThat(made.sdk().digest()).contains(sdk.descriptor().digest());
        assertThat(container.images()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            assertThat(container.images().get(i).layers())
                    .hasSize(2)
                    .startsWith(sdk.images().get(i).layers().get(0));
        }
        assertThat(made.images())
                .containsEntry(
                        Arch.X86_64, container.images().get(0).descriptor().digest())
                .containsEntry(
                        Arch.AARCH64, container.images().get(1).descriptor().digest());
    }

    @Test
    @Peer("skopeo")
    void the_file_for_docker_load_is_the_same_image() {
        ContainerResult stored =
                project.container(c -> c.tools(tools).arch(Arch.AARCH64).to("oci:../registry/twoliter:v1"));

        ContainerResult file = project.container(
                c -> c.tools(tools).arch(Arch.AARCH64).toArchive(Path.of("build/c.tar"), "twoliter:1"));

        assertThat(file.archive()).contains(project.directory().resolve("build/c.tar"));
        assertThat(file.reference()).isEmpty();
        assertThat(file.images()).isEqualTo(stored.images());
        assertThat(Command.output(
                        "skopeo", "inspect", "docker-archive:" + file.archive().orElseThrow()))
                .contains("\"Architecture\": \"arm64\"");
    }

    @Test
    void an_sdk_that_is_not_the_locked_one_or_not_signed_is_not_used() throws IOException {
        ContainerRequest request = ContainerRequest.builder()
                .tools(tools)
                .to("oci:../registry/twoliter:v1")
                .build();
        Path layout = demo.registryDirectory().resolve("acme-sdk/index.json");
        String signed = Files.readString(layout);
        Files.writeString(layout, signed.replace(".sig\"", ".gone\""));
        // What was verified once, for the lock, is remembered there.
        try (var cached = Files.walk(demo.directory.resolve("cache"))) {
            for (Path file : cached.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> project.container(request, o -> o))
                .withMessageContaining("it is not signed");
        Files.writeString(layout, signed);
        Path lock = project.directory().resolve("Twoliter.lock");
        Files.writeString(lock, Files.readString(lock).replaceAll("digest = \"....", "digest = \"AAAA"));
        assertThatExceptionOfType(LockException.class)
                .isThrownBy(() -> project.container(request, o -> o))
                .withMessageContaining("pins acme-sdk 0.50.0");
        assertThat(demo.registryDirectory().resolve("twoliter")).doesNotExist();
    }

    @Test
    void requests_that_contradict_themselves_are_refused() {
        for (ContainerRequest.Builder wrong : new ContainerRequest.Builder[] {
            ContainerRequest.builder().tools(tools),
            ContainerRequest.builder().tools(tools).to("oci:r/t:v1").toArchive(tools, "t"),
            ContainerRequest.builder().tools(tools).arch(Arch.values()).toArchive(tools, "t"),
        }) {
            assertThatIllegalArgumentException().isThrownBy(wrong::build);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContainerRequest.builder().to("host/repo@sha256:" + "0".repeat(64)))
                .withMessageContaining("must have a tag");
    }
}
