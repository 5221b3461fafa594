package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.twoliter.api.Arch;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.PackageExplanation;
import dev.twoliter.api.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@link dev.twoliter.api.Project#why}: the demo's variant includes release and hello-agent. */
@ExtendWith(BuiltWorld.Resolver.class)
class WhyTest {

    private final BuiltWorld world;

    WhyTest(BuiltWorld world) {
        this.world = world;
    }

    private PackageExplanation why(String name) {
        return world.os.why(name, "metal-demo", Arch.X86_64);
    }

    @Test
    void says_what_the_variant_includes() {
        PackageExplanation answer = why("hello-agent");
        assertThat(answer.installed()).hasValueSatisfying(source -> {
            assertThat(source.nevra()).startsWith("bottlerocket-hello-agent-0.1.0-");
            assertThat(source.kit()).isEqualTo("hello-kit");
        });
        assertThat(answer.chain()).containsExactly("variant 'metal-demo' includes 'hello-agent' (included-packages)");
        assertThat(answer.neededBy()).isEmpty();
        assertThat(answer.losers()).isEmpty();
    }

    @Test
    void follows_the_dependencies_back_to_the_variant_and_says_which_kit_won() {
        PackageExplanation answer = why("bottlerocket-motd");
        assertThat(answer.chain()).hasSize(2);
        assertThat(answer.chain().get(0)).isEqualTo("variant 'metal-demo' includes 'release' (included-packages)");
        assertThat(answer.chain().get(1))
                .startsWith("bottlerocket-release-1.0-")
                .endsWith(" requires bottlerocket-motd");
        assertThat(answer.installed().orElseThrow().nevra()).startsWith("bottlerocket-motd-0.9-");
        assertThat(answer.neededBy()).singleElement().asString().startsWith("bottlerocket-release-1.0-");
        assertThat(answer.losers()).singleElement().satisfies(loser -> {
            assertThat(loser.source().nevra()).startsWith("bottlerocket-motd-1.0-");
            assertThat(loser.source().kit()).isEqualTo("acme-base-kit");
            assertThat(loser.because()).isEqualTo("hello-kit comes first in the order of kits");
        });
        assertThat(answer.toString())
                .contains(" of hello-kit is in metal-demo for x86_64:\n  variant 'metal-demo' includes 'release'")
                .contains("\nNot taken:\n  bottlerocket-motd-1.0-");
    }

    @Test
    void says_that_nothing_needs_a_package() {
        PackageExplanation answer = why("host-ctr");
        assertThat(answer.installed()).isEmpty();
        assertThat(answer.chain()).isEmpty();
        assertThat(answer.losers())
                .singleElement()
                .satisfies(loser ->
                        assertThat(loser.because()).isEqualTo("nothing needs it; included-packages would bring it in"));
        assertThat(answer.toString()).startsWith("Nothing that metal-demo for x86_64 asks for needs host-ctr");
    }

    @Test
    void finds_packages_by_their_files_and_capabilities() {
        assertThat(why("/usr/bin/hello-agent").installed().orElseThrow().nevra())
                .startsWith("bottlerocket-hello-agent-");
        assertThat(why("/usr/share/motd").installed().orElseThrow().nevra()).startsWith("bottlerocket-motd-0.9-");
        PackageExplanation metadata = why("bottlerocket-image-feature(no-host-containers)");
        assertThat(metadata.chain()).singleElement().asString().startsWith("every variant has bottlerocket-metadata");
    }

    @Test
    void guesses_what_was_meant_by_an_unknown_name() {
        assertThatThrownBy(() -> why("helo-agent")).isInstanceOfSatisfying(ResolutionException.class, e -> {
            assertThat(e)
                    .hasMessage("none of the kits of metal-demo (this-variant, hello-kit, acme-base-kit) has or"
                            + " provides 'helo-agent'");
            assertThat(e.hint()).contains("Did you mean 'hello-agent'?");
        });
        assertThatThrownBy(() -> world.os.why("motd", "metal-dmeo", Arch.X86_64))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("it has metal-demo");
    }

    @Test
    void builds_nothing_and_says_what_is_missing() {
        assertThatThrownBy(() -> world.os.why("motd", "metal-demo", Arch.AARCH64))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e)
                            .hasMessageContaining("variant 'metal-demo'")
                            .hasMessageContaining("not been built yet");
                    assertThat(e.hint())
                            .contains("Run `twoliter build variant --name metal-demo --arch aarch64` first.");
                });
    }

    @Test
    void leaves_nothing_behind() throws Exception {
        why("motd");
        Path scratch = world.os.directory().resolve("build/state/scratch");
        assertThat(Files.exists(scratch) ? scratch.toFile().list() : new String[0])
                .isEmpty();
    }
}
