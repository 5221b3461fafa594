package dev.twoliter.examples.cli;

import dev.twoliter.api.KitSpec;
import dev.twoliter.api.Project;
import dev.twoliter.api.Template;
import dev.twoliter.api.Twoliter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code twoliter new package}: a package from a template, in a kit. */
@Command(name = "package", description = "Adds a package to the project.")
final class NewPackageCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(names = "--name", required = true, paramLabel = "N", description = "The package's name.")
    private String name = "";

    @Option(
            names = "--template",
            paramLabel = "T",
            description = "declarative (the default), or spec, with a spec file and a Rust program.")
    private Template template = Template.DECLARATIVE;

    @Option(
            names = "--kit",
            paramLabel = "K",
            description = "A local kit that gets it; repeatable; default the only one.")
    private List<String> kits = new ArrayList<>();

    NewPackageCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        Project project = twoliter.project();
        List<String> local = project.spec().kits().stream().map(KitSpec::name).toList();
        List<String> chosen = kits.isEmpty() && local.size() == 1 ? local : kits;
        project.addPackage(Twoliter.newPackage(name, template), chosen.toArray(String[]::new));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(
                "directory", project.directory().resolve("packages/" + name).toString());
        document.put("kits", chosen);
        twoliter.answer(document, text(project, local, chosen));
        return 0;
    }

    private String text(Project project, List<String> local, List<String> chosen) {
        String made = "Made " + project.directory().resolve("packages/" + name) + ".\n";
        String where = !chosen.isEmpty()
                ? "It is in " + String.join(" and ", chosen) + ". "
                : local.isEmpty()
                        ? "There is no kit yet that could hold it: make one with `twoliter new kit --name my-kit --package "
                                + name + "`. "
                        : "It is in no kit: there are " + String.join(", ", local)
                                + ", so add it to the [build-dependencies] of one. ";
        return made + where.strip()
                + "\nTo have it in an image, list it as one of the included-packages in the variant's"
                + " Cargo.toml. Go on with:\n\n  twoliter build package --name " + name;
    }
}
