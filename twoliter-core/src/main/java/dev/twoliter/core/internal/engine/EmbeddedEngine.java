package dev.twoliter.core.internal.engine;

import dev.twoliter.api.Recipe;
import dev.twoliter.api.spi.Availability;
import dev.twoliter.api.spi.BuildEngine;
import dev.twoliter.api.spi.EngineContext;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.PackageStep;
import java.nio.file.Path;

/** Builds declarative packages in the JVM. Thread-safe. */
public final class EmbeddedEngine implements BuildEngine {

    /** Its name. */
    public static final String NAME = "embedded";

    /** For {@link java.util.ServiceLoader}. */
    public EmbeddedEngine() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Availability probe(EngineContext context) {
        return Availability.yes();
    }

    @Override
    public boolean supports(PackageStep step) {
        return step.spec().recipe() == Recipe.DECLARATIVE;
    }

    @Override
    public void build(PackageStep step, PackageScope scope) {
        new DeclarativePackage(step).writeTo(scope.output());
    }

    /**
     * Builds a package outside of any plan.
     *
     * @param step the package
     * @param directory where the RPM goes
     * @return the RPM
     */
    public static Path build(PackageStep step, Path directory) {
        return new DeclarativePackage(step).writeTo(directory);
    }
}
