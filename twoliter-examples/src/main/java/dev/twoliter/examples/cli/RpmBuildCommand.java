package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Twoliter;
import dev.twoliter.rpm.RpmPackage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code twoliter rpm build}: one declarative package, without a project. */
@Command(name = "build", description = "Builds the package that a package.toml describes; no project is needed.")
final class RpmBuildCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(
            names = "--package-dir",
            required = true,
            paramLabel = "D",
            description = "The directory that holds package.toml.")
    private Path directory = Path.of(".");

    @Option(names = "--arch", paramLabel = "A", description = "x86_64 or aarch64; default this machine's.")
    private Arch arch = Arch.host();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "O",
            description = "Where the RPM goes; made if it is missing.")
    private Path output = Path.of("out");

    RpmBuildCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        Path rpm = Twoliter.buildPackage(
                directory, arch, output, twoliter.terminal().environment());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("nevra", RpmPackage.open(rpm).nevra().toString());
        document.put("path", rpm.toString());
        twoliter.answer(document, rpm.toString());
        return 0;
    }
}
