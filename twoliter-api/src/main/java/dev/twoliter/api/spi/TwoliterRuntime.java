package dev.twoliter.api.spi;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.KeySet;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import java.nio.file.Path;

/** What stands behind {@link dev.twoliter.api.Twoliter}; twoliter-core provides it. Thread-safe. */
public interface TwoliterRuntime {

    /** Does {@link dev.twoliter.api.Twoliter#create(Path, ProjectSpec, Environment)}. */
    Project create(Path directory, ProjectSpec spec, Environment environment);

    /** Does {@link dev.twoliter.api.Twoliter#open(Path, Environment)}. */
    Project open(Path directory, Environment environment);

    /** Does {@link dev.twoliter.api.Twoliter#buildPackage(Path, Arch, Path, Environment)}. */
    Path buildPackage(Path directory, Arch arch, Path output, Environment environment);

    /** Does {@link dev.twoliter.api.Twoliter#generateKeys(Path, String)}. */
    KeySet generateKeys(Path directory, String owner);
}
