package dev.twoliter.core.internal.engine.container;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.spi.PackageScope;
import dev.twoliter.api.spi.SdkImage;
import dev.twoliter.core.internal.engine.Subprocess;
import dev.twoliter.core.internal.io.AtomicFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Brings the SDK into the engine's own store: pulled and verified by our registry client, so that one login serves
 * everything, and compared layer by layer with what the engine says it has.
 */
final class SdkLoader {

    /** Loading 1 GB twice at the same time helps nobody. */
    private static final Object ONE_AT_A_TIME = new Object();

    private static final int NAME_DIGITS = 16;

    private SdkLoader() {}

    /** Makes the image present; returns its name. */
    static String load(ContainerCli cli, PackageScope scope) throws InterruptedException {
        SdkImage sdk = scope.sdk();
        String name = "dev.twoliter/sdk:" + sdk.digest().hex().substring(0, NAME_DIGITS);
        synchronized (ONE_AT_A_TIME) {
            if (layers(cli, name).filter(sdk.layers()::equals).isPresent()) {
                return name;
            }
            scope.progress("loading the SDK " + sdk.reference() + " into " + cli.name());
            Path archive = scope.output().resolveSibling(scope.output().getFileName() + ".sdk");
            try {
                sdk.writeArchive(archive, name);
                List<String> said = Collections.synchronizedList(new ArrayList<>());
                Subprocess load = cli.process(List.of("load", "--input", archive.toString()));
                int status = load.run(said::add, scope.cancellation(), () -> {});
                if (status != 0) {
                    throw new EngineException(
                            cli.name() + " cannot load the SDK: "
                                    + said.toString().strip(),
                            "Is its disk full? See '" + cli.name() + " system df'.",
                            null);
                }
            } finally {
                AtomicFiles.deleteTree(archive);
            }
        }
        List<String> loaded = layers(cli, name)
                .orElseThrow(() -> new EngineException(
                        cli.name() + " loaded the SDK but does not know it as " + name,
                        "Report this with the output of '" + cli.name() + " version'.",
                        null));
        if (!loaded.equals(sdk.layers())) {
            throw VerificationException.digest(
                    name + " in " + cli.name(),
                    sdk.layers(),
                    loaded,
                    "Something else replaced the image while it was loaded: remove it with '" + cli.name() + " rmi "
                            + name + "' and build again.");
        }
        return name;
    }

    private static Optional<List<String>> layers(ContainerCli cli, String name) {
        var answer = cli.ask(List.of("image", "inspect", "--format", "{{range .RootFS.Layers}}{{.}} {{end}}", name));
        return answer.ok()
                ? Optional.of(Arrays.stream(answer.text().split("\\s+"))
                        .filter(s -> !s.isEmpty())
                        .toList())
                : Optional.empty();
    }
}
