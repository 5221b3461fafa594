package dev.twoliter.examples;

import static dev.twoliter.api.Arch.X86_64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.twoliter.api.KeySet;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Template;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.plan.BuildPlan;
import dev.twoliter.api.plan.BuildResult;
import dev.twoliter.api.plan.PublishPlan;
import dev.twoliter.api.plan.PublishResult;
import dev.twoliter.api.plan.RunningBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows compiles and runs: its Java blocks are, indentation aside, the code of this file. */
class ReadmeTest {

    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path directory;

    @Test
    void its_code_runs() throws InterruptedException {
        StandInSdk.publish("oci:" + directory.resolve("registry"), "0.1.0");

        ProjectSpec spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor("acme", "oci:./registry") // or host/path of a registry
                .sdk("stand-in-sdk", "0.1.0", "acme")
                .addPackage(
                        "hello",
                        p -> p.version("1.0")
                                .summary("Says hello")
                                .license("MIT")
                                .script("/usr/bin/hello", "#!/bin/sh\necho hello\n"))
                .addKit("hello-kit", k -> k.packages("hello"))
                .addVariant("metal-demo", v -> v.kits("hello-kit").packages("hello"))
                .build(); // reports every problem at once; immutable from here on

        Project project = Twoliter.create(directory, spec); // or Twoliter.open(directory)
        project.updateLock().write(); // resolves; then writes Twoliter.lock

        BuildPlan plan = project.plan(build -> build.variant("metal-demo").arch(X86_64));
        plan.steps().forEach(step -> System.out.println((step.upToDate() ? "  " : "* ") + step.id()));
        BuildResult built = plan.run(); // only what is not up to date
        built.images().forEach(image -> System.out.println(image.path() + " " + image.sha256()));

        assertThat(built.images()).isNotEmpty();

        KeySet keys = Twoliter.generateKeys(directory.resolve("keys"), "Acme Linux <linux@acme.example>");
        PublishPlan publish = project.publish(p -> p.kit("hello-kit").to("acme").imageKey(keys.imageKey()));
        publish.steps().forEach(System.out::println); // what would be pushed where
        PublishResult published = publish.run();
        System.out.println(published.reference()); // oci:…/hello-kit:v1.0.0@sha256:…

        assertThat(published.signatures()).isNotEmpty();

        try (RunningBuild running = plan.start(run -> run.jobs(2).listener(event -> {
            if (event instanceof BuildEvent.StepFinished done) {
                System.out.println(done.step() + " took " + done.took().toMillis() + " ms");
            }
        }))) { // leaving the block cancels what still runs, and waits for it
            BuildResult again = running.await();
            System.out.println(again.steps().size() + " steps");
        }

        Project grown = project.addPackage(Twoliter.newPackage("greeter", Template.DECLARATIVE), "hello-kit");
        grown = grown.addVariant(
                VariantSpec.builder("metal-second").everythingIn(grown.spec()).build());

        assertThat(grown.spec().variants().get(1).packages()).containsExactly("hello", "greeter");
    }

    @Test
    void its_code_is_the_code_that_runs() throws IOException {
        String readme = Files.readString(Lib.ROOT.resolve("README.md"));
        String tested = flatten(Files.readString(Path.of("src/test/java/dev/twoliter/examples/ReadmeTest.java")));

        assertThat(JAVA_BLOCK.matcher(readme).results().map(MatchResult::group))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(block -> assertThat(tested).contains(flatten(block.substring(8, block.length() - 3))));
    }

    @Test
    void its_dependency_has_the_version_of_this_build() throws IOException {
        String pom = Files.readString(Lib.ROOT.resolve("pom.xml"));
        String version = pom.substring(pom.indexOf("<version>"), pom.indexOf("</version>"));

        assertThat(Files.readString(Lib.ROOT.resolve("README.md"))).contains(version);
    }

    private static String flatten(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n", "", "\n"));
    }
}
