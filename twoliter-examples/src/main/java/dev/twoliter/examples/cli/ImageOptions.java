package dev.twoliter.examples.cli;

import dev.twoliter.oci.StoreOptions;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of every command that is given names of images. */
final class ImageOptions {

    @Option(
            names = "--allow-http",
            description = "Use plain http with hosts other than this one, where they do not speak https.")
    private boolean allowHttp;

    StoreOptions.Builder in(Path directory) {
        return StoreOptions.builder().baseDirectory(directory).allowHttp(allowHttp);
    }
}
