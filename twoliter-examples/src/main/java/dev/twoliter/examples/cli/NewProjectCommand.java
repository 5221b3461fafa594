package dev.twoliter.examples.cli;

import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.examples.StandInSdk;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code twoliter new project}: a project that can be built at once, without a network. */
@Command(name = "project", description = "Writes a small project that can be built at once.")
final class NewProjectCommand implements Callable<Integer> {

    private static final String SDK_VERSION = "0.1.0";

    private static final String AGENT = """
            #!/bin/sh
            echo "hello from $(uname -n)"
            """;

    private static final String UNIT = """
            [Unit]
            Description=Greets the machine at boot

            [Service]
            Type=oneshot
            ExecStart=/usr/bin/hello-agent

            [Install]
            WantedBy=multi-user.target
            """;

    private final TwoliterCommand twoliter;

    @Option(names = "--name", required = true, paramLabel = "N", description = "The project's name.")
    private String name = "";

    @Option(
            names = "--variant-name",
            required = true,
            paramLabel = "V",
            description = "PLATFORM-RUNTIME[-VERSION[-FLAVOR]], such as example-dev.")
    private String variant = "";

    @Option(names = "--dir", paramLabel = "D", description = "Where; default the name.")
    private @Nullable Path directory;

    NewProjectCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        Path root = directory == null ? twoliter.terminal().directory().resolve(name) : directory;
        Project project = Twoliter.create(root, spec(), twoliter.terminal().environment());
        StandInSdk.publish("oci:" + project.directory().resolve("registry"), SDK_VERSION);
        twoliter.answer(
                Map.of("directory", project.directory().toString()), """
                Made %s.
                Its vendor 'local' is the directory registry/ in it, which holds a stand-in for an SDK: enough for packages
                that need no compiler, so everything works without a network. Go on with:

                  cd %s
                  twoliter update
                  twoliter build variant --name %s --arch x86_64""".formatted(project.directory(), root, variant));
        return 0;
    }

    private ProjectSpec spec() {
        return ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .projectVendor(name)
                .vendor("local", "oci:./registry")
                .sdk(StandInSdk.NAME, SDK_VERSION, "local")
                .addPackage(
                        "hello-agent",
                        p -> p.version("0.1.0")
                                .summary("Greets the machine at boot")
                                .license("Apache-2.0 OR MIT")
                                .script("/usr/bin/hello-agent", AGENT)
                                .file("/usr/lib/systemd/system/hello-agent.service", UNIT))
                .addKit("hello-dev-kit", k -> k.packages("hello-agent"))
                .addVariant(
                        variant,
                        v -> v.kits("hello-dev-kit").packages("hello-agent").with(ImageFeature.EROFS_ROOT_PARTITION))
                .build();
    }
}
