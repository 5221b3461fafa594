package dev.twoliter.core.internal.plan;

import dev.twoliter.api.Environment;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.plan.BuildRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The maintainer's own files of a variant: from the request, the variables of upstream, or where upstream keeps them
 * (project-formats.md 5.1, variant-image.md 2.5 and 4.1).
 */
public final class VariantInputs {

    private static final String LOCAL_PROFILE = "sbkeys/local";
    private static final String DEFAULT_ROOT = "roles/default.root.json";

    private VariantInputs() {}

    static Work.VariantFiles of(BuildRequest request, Environment environment, Path project) {
        Work.VariantFiles asked =
                new Work.VariantFiles(request.secureBootKeys(), request.caBundle(), request.updateRoot());
        Work.VariantFiles own = of(asked, environment, project);
        return new Work.VariantFiles(
                own.secureBootKeys(),
                own.caBundle(),
                own.updateRoot()
                        .or(() -> Optional.of(project.resolve(DEFAULT_ROOT)).filter(Files::isRegularFile)));
    }

    /**
     * Completes what is asked for.
     *
     * @param asked may name everything or nothing; relative paths are below the project
     * @param environment its variables come next
     * @param project the project's directory
     * @return absolute paths; what nobody names is empty, but for keys that are in their usual place
     * @throws SourceException if a file does not exist
     */
    public static Work.VariantFiles of(Work.VariantFiles asked, Environment environment, Path project) {
        Optional<Path> profile = asked.secureBootKeys()
                .or(() -> variable(environment, "BUILDSYS_SBKEYS_PROFILE_DIR"))
                .map(project::resolve)
                .or(() -> Optional.of(project.resolve(LOCAL_PROFILE)).filter(Files::isDirectory));
        Optional<Path> bundle = asked.caBundle()
                .or(() -> variable(environment, "BUILDSYS_CACERTS_BUNDLE_OVERRIDE"))
                .map(project::resolve);
        Optional<Path> root = asked.updateRoot()
                .or(() -> variable(environment, "PUBLISH_REPO_ROOT_JSON"))
                .map(project::resolve);
        bundle.ifPresent(file -> requireFile(file, "the CA bundle"));
        root.ifPresent(file -> requireFile(file, "the root of updates"));
        return new Work.VariantFiles(profile, bundle, root);
    }

    private static Optional<Path> variable(Environment environment, String name) {
        return environment.variable(name).filter(value -> !value.isBlank()).map(Path::of);
    }

    private static void requireFile(Path file, String what) {
        if (!Files.isRegularFile(file)) {
            throw new SourceException(
                    file.toString(), what + ", " + file + ", does not exist", "Correct its path.", null);
        }
    }
}
