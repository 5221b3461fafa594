package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.plan.RepackRequest;
import dev.twoliter.api.plan.RepackResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twoliter repack VARIANT}: other trust for a finished image. */
@Command(name = "repack", description = "Gives a finished image other trust: authorities, update root, signatures.")
final class RepackCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Parameters(index = "0", paramLabel = "VARIANT", description = "The variant that the image was built from.")
    private String variant = "";

    @Option(names = "--arch", paramLabel = "A", description = "x86_64 or aarch64; default this machine's.")
    private Arch arch = Arch.host();

    @Option(
            names = "--image",
            paramLabel = "DIR",
            description = "Directory with the finished image; default build/images/ARCH-VARIANT/latest.")
    private @Nullable Path image;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "New directory for the result; default one below build/repacked, which is replaced.")
    private @Nullable Path output;

    @Mixin
    private TrustOptions trust = new TrustOptions();

    RepackCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        Path here = twoliter.terminal().directory();
        RepackRequest.Builder request = RepackRequest.builder(variant).arch(arch);
        if (image != null) {
            request.image(here.resolve(image));
        }
        if (output != null) {
            request.output(here.resolve(output));
        }
        trust.on(here, request::secureBootKeys, request::caBundle, request::updateRoot);
        RepackResult result = twoliter.project().repack(request.build(), twoliter::listening);
        Map<String, Object> artifacts = new LinkedHashMap<>();
        result.artifacts().forEach((name, digest) -> artifacts.put(name, digest.hex()));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("directory", result.directory().toString());
        document.put("rootHash", result.rootHash());
        document.put("sha256", artifacts);
        twoliter.answer(document, "repacked  " + result.directory());
        return 0;
    }
}
