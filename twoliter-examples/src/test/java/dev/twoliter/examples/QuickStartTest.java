package dev.twoliter.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.Project;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.plan.Artifact;
import dev.twoliter.api.plan.BuildResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartTest {

    @TempDir
    static Path demo;

    private static DemoReport report;

    @BeforeAll
    static void run_it() {
        report = QuickStart.run(demo);
    }

    @Test
    void twice_in_a_row_gives_the_same_digests() {
        Map<String, Digest> first = report.digests();

        Map<String, Digest> second = QuickStart.run(demo).digests();

        assertThat(second).isEqualTo(first);
        assertThat(first.keySet())
                .anyMatch(name -> name.startsWith("kit base-kit x86_64"))
                .anyMatch(name -> name.startsWith("variant metal-demo aarch64"))
                .contains("published index", "published x86_64", "published aarch64");
    }

    @Test
    void every_artefact_is_where_it_is_said_to_be_and_holds_what_is_said() throws IOException {
        for (BuildResult build : report.builds()) {
            for (Artifact artifact : build.artifacts()) {
                assertThat(artifact.path()).isAbsolute().exists();
                assertThat(Files.size(artifact.path())).isEqualTo(artifact.size());
                if (artifact.size() < 1 << 20) {
                    assertThat(Digest.ofBytes(Files.readAllBytes(artifact.path())))
                            .isEqualTo(artifact.sha256());
                }
            }
        }
    }

    @Test
    void both_architectures_get_an_image() {
        assertThat(report.builds().get(1).images())
                .extracting(image -> image.step().archOrNull())
                .contains(Arch.X86_64, Arch.AARCH64);
    }

    @Test
    void our_motd_replaces_that_of_the_other_kit_and_unwanted_packages_stay_out() throws IOException {
        String installed = installed("x86_64");

        assertThat(installed.lines())
                .anyMatch(line -> line.startsWith("bottlerocket-motd.") && line.endsWith("hello-kit"))
                .anyMatch(line -> line.startsWith("bottlerocket-hello-agent.") && line.endsWith("hello-kit"))
                .anyMatch(line -> line.startsWith("bottlerocket-release.") && line.endsWith("base-kit"));
        assertThat(installed).doesNotContain("host-ctr").doesNotContain("legacy-banner");
    }

    @Test
    void the_project_from_java_is_the_project_from_files() {
        Project opened = Twoliter.open(demo.resolve("acme-os"));

        assertThat(opened.spec()).isEqualTo(QuickStart.acmeOs());
        assertThat(Twoliter.open(demo.resolve("hello-os/packages/motd")).spec().variants())
                .hasSize(1);
    }

    @Test
    void nothing_is_left_to_do_when_nothing_has_changed() {
        Project opened = Twoliter.open(demo.resolve("acme-os"));

        assertThat(opened.updateLock().changes()).isEmpty();
        assertThat(opened.plan(build -> build.kit("base-kit")
                                .arch(Arch.X86_64, Arch.AARCH64)
                                .rpmKey(Demo.prepareKeys(demo).rpmKey()))
                        .steps())
                .isNotEmpty()
                .allMatch(step -> step.upToDate());
    }

    @Test
    void it_prints_a_table_of_artefacts_and_steps() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        report.print(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("KIND", "SHA-256", "STEP", "SECONDS", "variant metal-demo aarch64", "published oci:");
    }

    private static String installed(String arch) throws IOException {
        try (Stream<Path> files = Files.walk(demo.resolve("hello-os/build/images"))) {
            Path list = files.filter(Files::isRegularFile)
                    .filter(file -> file.endsWith("installed-packages.txt"))
                    .filter(file -> file.toString().contains("/" + arch + "-metal-demo/"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(list);
        }
    }
}
