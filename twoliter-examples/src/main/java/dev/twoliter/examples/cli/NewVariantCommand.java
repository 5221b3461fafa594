package dev.twoliter.examples.cli;

import dev.twoliter.api.Project;
import dev.twoliter.api.VariantSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code twoliter new variant}: a variant of what the project has. */
@Command(name = "variant", description = "Adds a variant to the project.")
final class NewVariantCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(
            names = "--name",
            required = true,
            paramLabel = "N",
            description = "PLATFORM-RUNTIME[-VERSION[-FLAVOR]], such as metal-demo.")
    private String name = "";

    @Option(
            names = "--kit",
            paramLabel = "K",
            description = "A kit by priority, highest first; repeatable; default all local ones.")
    private List<String> kits = new ArrayList<>();

    @Option(
            names = "--include",
            paramLabel = "P",
            description = "A package to include; repeatable; default all of the project's kits.")
    private List<String> packages = new ArrayList<>();

    NewVariantCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        Project project = twoliter.project();
        VariantSpec variant = variant(project);
        project.addVariant(variant);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(
                "directory", project.directory().resolve("variants/" + name).toString());
        document.put("kits", variant.kits());
        document.put("packages", variant.packages());
        twoliter.answer(document, text(project, variant));
        return 0;
    }

    private VariantSpec variant(Project project) {
        VariantSpec.Builder variant = VariantSpec.builder(name).everythingIn(project.spec());
        if (!kits.isEmpty()) {
            variant.kits(kits.toArray(String[]::new))
                    .packages(project.spec().kits().stream()
                            .filter(kit -> kits.contains(kit.name()))
                            .flatMap(kit -> kit.packages().stream())
                            .distinct()
                            .toArray(String[]::new));
        }
        if (!packages.isEmpty()) {
            variant.packages(packages.toArray(String[]::new));
        }
        return variant.build();
    }

    private String text(Project project, VariantSpec variant) {
        String made = "Made " + project.directory().resolve("variants/" + name) + ".\n";
        return variant.packages().isEmpty()
                ? made + "It includes no packages yet: list them as included-packages in its Cargo.toml."
                : made + "It includes " + String.join(", ", variant.packages())
                        + ". Go on with:\n\n  twoliter build variant --name " + name;
    }
}
