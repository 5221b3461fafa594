package dev.twoliter.core.internal.engine;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.Recipe;
import dev.twoliter.api.spi.Availability;
import dev.twoliter.api.spi.BuildEngine;
import dev.twoliter.api.spi.EngineContext;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.core.internal.engine.container.ContainerEngine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The engines that are there, and which of them builds a package. Immutable, thread-safe. */
public final class Engines {

    private static final System.Logger LOG = System.getLogger(Engines.class.getName());

    private final List<BuildEngine> engines;
    private final EngineContext context;
    private final Optional<String> chosen;

    /**
     * Finds engines.
     *
     * @param context where they would work
     * @param chosen the one asked for by name; empty to let {@link #engineFor} choose
     */
    public Engines(EngineContext context, Optional<String> chosen) {
        this.engines = load();
        this.context = context;
        this.chosen = chosen;
        chosen.ifPresent(this::requireKnown);
    }

    private static List<BuildEngine> load() {
        List<BuildEngine> found = new ArrayList<>();
        ServiceLoader.load(BuildEngine.class, Engines.class.getClassLoader()).stream()
                .forEach(provider -> {
                    try {
                        found.add(provider.get());
                    } catch (ServiceConfigurationError e) {
                        LOG.log(System.Logger.Level.WARNING, "a build engine cannot be loaded and is left out", e);
                    }
                });
        found.sort(Comparator.comparingInt(BuildEngine::priority).reversed().thenComparing(BuildEngine::name));
        return found;
    }

    private void requireKnown(String name) {
        if (engines.stream().noneMatch(engine -> engine.name().equals(name))) {
            throw new EngineException(
                    "there is no engine '" + name + "'",
                    "These are there: "
                            + engines.stream().map(BuildEngine::name).collect(Collectors.joining(", ")) + ".",
                    null);
        }
    }

    /**
     * {@return what the result of a spec package depends on, beside its inputs: containers of all kinds give the same}
     *
     * @return {@code container}, or the name of an engine that was asked for and runs none
     */
    public String identity() {
        return chosen.filter(name -> engines.stream()
                        .noneMatch(engine -> engine.name().equals(name) && engine instanceof ContainerEngine))
                .filter(name -> !name.equals(EmbeddedEngine.NAME))
                .orElse("container");
    }

    /**
     * {@return what builds a package}
     *
     * @param step the package
     * @throws EngineException if none can
     */
    public BuildEngine engineFor(PackageStep step) {
        List<String> refusals = new ArrayList<>();
        for (BuildEngine engine : candidates(step)) {
            if (!engine.supports(step)) {
                refusals.add("engine '" + engine.name() + "' does not build "
                        + (step.spec().recipe() == Recipe.SPEC ? "spec packages" : "declarative packages"));
                continue;
            }
            Availability availability = engine.probe(context);
            if (availability.available()) {
                return engine;
            }
            refusals.add("engine '" + engine.name() + "' is not available: " + availability.reason());
        }
        throw new EngineException(
                step.label() + " cannot be built: " + String.join("; ", refusals),
                step.spec().recipe() == Recipe.SPEC
                        ? "A spec file needs rpmbuild in the SDK: choose an engine that runs containers (docker, podman), or"
                                + " 'host' for the rpmbuild of this machine, or describe the package in a package.toml."
                        : "",
                null);
    }

    /** The chosen engine; where it is one for spec packages, declarative ones are still built in the JVM. */
    private List<BuildEngine> candidates(PackageStep step) {
        Optional<BuildEngine> named = chosen.flatMap(name ->
                engines.stream().filter(engine -> engine.name().equals(name)).findFirst());
        if (named.isPresent()
                && (step.spec().recipe() == Recipe.SPEC || named.get().supports(step))) {
            return List.of(named.get());
        }
        return engines.stream().filter(engine -> !engine.onlyByName()).toList();
    }
}
