package dev.twoliter.examples.cli;

import dev.twoliter.api.KitSpec;
import dev.twoliter.api.Project;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code twoliter new kit}: a local kit. */
@Command(name = "kit", description = "Adds a local kit to the project.")
final class NewKitCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(names = "--name", required = true, paramLabel = "N", description = "The kit's name.")
    private String name = "";

    @Option(names = "--vendor", paramLabel = "V", description = "Its vendor; default the project's only one.")
    private String vendor = "";

    @Option(names = "--package", paramLabel = "P", description = "A package of the project that it holds; repeatable.")
    private List<String> packages = new ArrayList<>();

    NewKitCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        Project project = twoliter.project();
        Project now = project.addKit(KitSpec.builder(name)
                .vendor(vendor)
                .packages(packages.toArray(String[]::new))
                .build());
        KitSpec kit = now.spec().kits().stream()
                .filter(k -> k.name().equals(name))
                .findFirst()
                .orElseThrow();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("directory", now.directory().resolve("kits/" + name).toString());
        document.put("vendor", kit.vendor());
        document.put("packages", kit.packages());
        twoliter.answer(document, text(now, kit));
        return 0;
    }

    private String text(Project project, KitSpec kit) {
        String made =
                "Made " + project.directory().resolve("kits/" + name) + " for the vendor '" + kit.vendor() + "'.\n";
        return kit.packages().isEmpty()
                ? made + "It is empty. Go on with:\n\n  twoliter new package --name my-package --kit " + name
                : made + "It holds " + String.join(", ", kit.packages())
                        + ". Go on with:\n\n  twoliter build kit --name " + name;
    }
}
