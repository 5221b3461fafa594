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

    @Option(names = "--ca-bundle", paramLabel = "F", description = "Certificate authorities to trust, in PEM.")
    private @Nullable Path caBundle;

    @Option(names = "--update-root", paramLabel = "F", description = "root.json of the update repository.")
    private @Nullable Path updateRoot;

    @Option(
            names = "--secure-boot-keys",
            paramLabel = "DIR",
            description = "Keys that sign anew, where the variant has uefi-secure-boot; default sbkeys/local.")
    private @Nullable Path secureBootKeys;

    RepackCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        RepackRequest.Builder request = RepackRequest.builder(variant).arch(arch);
        if (image != null) {
            request.image(image);
        }
        if (output != null) {
            request.output(output);
        }
        if (caBundle != null) {
            request.caBundle(caBundle);
        }
        if (updateRoot != null) {
            request.updateRoot(updateRoot);
        }
        if (secureBootKeys != null) {
            request.secureBootKeys(secureBootKeys);
        }
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
