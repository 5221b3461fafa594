package dev.twoliter.examples.cli;

import dev.twoliter.api.plan.RunOptions;
import picocli.CommandLine.Option;

/** The option of every command that may ask registries. */
final class NetworkOption {

    @Option(
            names = "--offline",
            description = "Ask no registry: what is not on disk must be in the cache from an earlier run.")
    private boolean offline;

    /** Sets it. */
    RunOptions.Builder on(RunOptions.Builder options) {
        return options.offline(offline);
    }
}
