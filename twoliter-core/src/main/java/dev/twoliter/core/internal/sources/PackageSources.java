package dev.twoliter.core.internal.sources;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Environment;
import dev.twoliter.api.spi.PackageStep;
import dev.twoliter.api.spi.SourceTool;
import dev.twoliter.api.spi.StepScope;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that one package is built from beyond its directory: its external files, and the bundles made of them.
 * Immutable, thread-safe.
 *
 * @param step the package
 * @param fetcher gets external files
 * @param environment where bundles are kept, and what Go is told
 */
public record PackageSources(PackageStep step, SourceFetcher fetcher, Environment environment) {

    /**
     * Gets all of it.
     *
     * @param scope whom to tell
     * @param tool makes bundles
     * @return files in the user's cache, for reading only, by the names that the spec knows them by
     */
    public Map<String, Path> get(StepScope scope, SourceTool tool) {
        SourceReport report = SourceReport.to(scope);
        Map<String, Path> files = new LinkedHashMap<>();
        for (SourceFetcher.Fetched source : fetcher.fetch(SourceFile.of(step.spec(), step.directory()), report)) {
            files.put(source.source().name(), source.path());
        }
        for (GoModules modules : GoModules.of(step.spec(), step.directory())) {
            Path archive = files.get(modules.archive().name());
            if (archive == null) {
                throw new IllegalStateException(modules.archive() + " was not fetched");
            }
            files.put(modules.name(), bundle(modules, archive, scope, report, tool));
        }
        return files;
    }

    private Path bundle(GoModules modules, Path archive, StepScope scope, SourceReport report, SourceTool tool) {
        return new BundleCache(environment).supply(modules.key(tool.identity()), report, directory -> {
            scope.progress("bundling the Go modules of " + modules.archive().name());
            try {
                tool.run(
                        archive,
                        directory,
                        (input, work) -> new SourceTool.Invocation(
                                modules.command(input, work.resolve("bundle")),
                                GoModules.environment(environment, work.resolve("scratch"))));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BuildCancelledException("the bundling of modules was interrupted");
            }
            return directory.resolve("bundle");
        });
    }
}
