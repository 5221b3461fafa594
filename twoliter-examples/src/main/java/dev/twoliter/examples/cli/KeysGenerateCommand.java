package dev.twoliter.examples.cli;

import dev.twoliter.api.KeySet;
import dev.twoliter.api.Twoliter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code twoliter keys generate}: an OpenPGP key for RPMs and a P-256 key for images. */
@Command(name = "generate", description = "Makes the keys that sign RPMs and images; they are not encrypted.")
final class KeysGenerateCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(names = "--out", required = true, paramLabel = "D", description = "Where; keep it private.")
    private Path directory = Path.of("keys");

    @Option(
            names = "--owner",
            paramLabel = "O",
            description = "OpenPGP user identity, such as 'Acme Linux <linux@acme.example>'.")
    private String owner = "Twoliter";

    KeysGenerateCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        KeySet keys = Twoliter.generateKeys(directory, owner);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("rpmSecret", keys.rpmSecret().toString());
        files.put("rpmPublic", keys.rpmPublic().toString());
        files.put("imagePrivate", keys.imagePrivate().toString());
        files.put("imagePublic", keys.imagePublic().toString());
        twoliter.answer(
                files,
                files.entrySet().stream()
                        .map(file -> file.getKey() + "  " + file.getValue())
                        .collect(Collectors.joining("\n")));
        return 0;
    }
}
