package dev.twoliter.api.spi;

import dev.twoliter.api.EngineException;

/**
 * Builds packages. Kits and variants are put together in the JVM whatever the engine: only packages may need a
 * compiler, and only for them is there a choice. Found by {@link java.util.ServiceLoader}; a provider must have a public
 * constructor without parameters. Implementations hold no state between steps and are thread-safe.
 */
public interface BuildEngine {

    /** {@return the name by which it can be chosen, such as {@code embedded}} */
    String name();

    /** {@return its place when none is chosen: of the available engines that support a step, the highest builds it} */
    int priority();

    /** {@return whether it builds only where it was chosen by name; default no} */
    default boolean onlyByName() {
        return false;
    }

    /**
     * Finds out, cheaply and without side effects, whether it can work here.
     *
     * @param context where
     * @return whether it can, and if not why
     */
    Availability probe(EngineContext context);

    /**
     * Says whether it can build a package of this kind.
     *
     * @param step the package
     * @return whether it can
     */
    boolean supports(PackageStep step);

    /**
     * Builds a package. It must look at {@link StepScope#cancellation()} and at interrupts, and stop within two seconds
     * together with every process it has started.
     *
     * @param step the package
     * @param scope where the results go and whom to tell
     * @throws EngineException if it fails
     * @throws InterruptedException if the build is cancelled
     */
    void build(PackageStep step, PackageScope scope) throws InterruptedException;
}
