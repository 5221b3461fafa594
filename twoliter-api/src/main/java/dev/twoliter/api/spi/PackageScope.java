package dev.twoliter.api.spi;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.VerificationException;
import java.nio.file.Path;
import java.util.Map;

/** What the build of a package may use while it runs. Thread-safe. */
public interface PackageScope extends StepScope {

    /** {@return variables and cache directory} */
    Environment environment();

    /**
     * Makes the package's external files present, and what is bundled out of them.
     *
     * @param tool makes bundles; not asked for a package without any
     * @return verified files outside the project, not to be changed, by their names in the package directory
     * @throws SourceException if one cannot be had
     * @throws VerificationException if one is not what the package says
     * @throws InterruptedException if the build is cancelled
     */
    Map<String, Path> sources(SourceTool tool) throws InterruptedException;

    /**
     * Finds the SDK that the lock pins, for this machine.
     *
     * @return the image, verified
     * @throws EngineException if the project names none
     * @throws RegistryException if it cannot be had
     */
    SdkImage sdk();

    /** {@return the file that keeps everything the build prints; its directory is there} */
    Path log();

    /** {@return how many processors the build may use, 1 or more} */
    int processors();
}
