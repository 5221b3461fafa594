package dev.twoliter.examples.cli;

import dev.twoliter.oci.StoreOptions;
import picocli.CommandLine.Option;

/** The options of every command that is given names of images. */
final class ImageOptions {

    @Option(
            names = "--allow-http",
            description = "Use plain http with hosts other than this one, where they do not speak https.")
    private boolean allowHttp;

    StoreOptions.Builder in(Terminal terminal) {
        return StoreOptions.builder()
                .environment(terminal.environment())
                .baseDirectory(terminal.directory())
                .allowHttp(allowHttp);
    }
}
