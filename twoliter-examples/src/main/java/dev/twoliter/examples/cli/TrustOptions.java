package dev.twoliter.examples.cli;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What images trust, and who signs what they start from. */
final class TrustOptions {

    @Option(
            names = "--secure-boot-keys",
            paramLabel = "DIR",
            description = "Keys for variants with uefi-secure-boot; default sbkeys/local.")
    private @Nullable Path secureBootKeys;

    @Option(names = "--ca-bundle", paramLabel = "F", description = "Certificate authorities that images trust, in PEM.")
    private @Nullable Path caBundle;

    @Option(names = "--update-root", paramLabel = "F", description = "root.json of the update repository of images.")
    private @Nullable Path updateRoot;

    /** Hands on what was given; relative paths are below the directory where the command is run. */
    void on(Path here, Consumer<Path> forKeys, Consumer<Path> forBundle, Consumer<Path> forRoot) {
        give(here, secureBootKeys, forKeys);
        give(here, caBundle, forBundle);
        give(here, updateRoot, forRoot);
    }

    private static void give(Path here, @Nullable Path value, Consumer<Path> to) {
        if (value != null) {
            to.accept(here.resolve(value));
        }
    }
}
