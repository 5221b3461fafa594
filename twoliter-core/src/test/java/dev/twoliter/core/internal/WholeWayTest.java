package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Project;
import dev.twoliter.api.plan.Artifact;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeWayTest {

    @TempDir
    Path directory;

    @Test
    void a_variant_takes_packages_from_a_signed_kit_and_its_own() throws Exception {
        Demo demo = new Demo(directory);
        demo.publishSdk("0.50.0");
        demo.publishBase(demo.baseProject());
        Project os = demo.osProject();
        BuildResult result =
                os.plan(b -> b.variant("metal-demo").arch(Arch.X86_64)).run(o -> o.listener(System.out::println));
        result.artifacts().forEach(System.out::println);
        Path images = os.directory().resolve("build/images/x86_64-metal-demo/latest");
        System.out.println(Files.readString(images.resolve("installed-packages.txt")));
        System.out.println(Files.readString(images.resolve("build-report.json")));
        System.out.println(Files.readString(images.resolve("root-tree.txt")));
        assertThat(result.artifacts(Artifact.Kind.IMAGE)).isNotEmpty();
        assertThat(os.plan(b -> b.variant("metal-demo").arch(Arch.X86_64)).steps())
                .allMatch(Step::upToDate);
    }
}
