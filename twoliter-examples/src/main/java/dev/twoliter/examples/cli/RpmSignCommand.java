package dev.twoliter.examples.cli;

import dev.twoliter.api.KeyFile;
import dev.twoliter.rpm.RpmSigner;
import dev.twoliter.rpm.SigningOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code twoliter rpm sign}: signs packages, or removes their signatures. */
@Command(name = "sign", description = "Signs packages in place, after checking their digests; or removes signatures.")
final class RpmSignCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The packages.")
    private List<Path> files = List.of();

    @Option(
            names = "--key",
            paramLabel = "SECRET.asc",
            description = "An OpenPGP secret key; default: the file that TWOLITER_RPM_KEY names.")
    private @Nullable Path key;

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(names = "--jobs", paramLabel = "N", description = "How many at a time; default one for each processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--keep-others", description = "Adds the signature to those of other keys.")
    private boolean keepOthers;

    @Option(names = "--with-payload", description = "Also signs header and payload together, for rpm before 4.14.")
    private boolean withPayload;

    @Option(names = "--remove", description = "Removes all signatures instead.")
    private boolean remove;

    RpmSignCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        int workers = Math.max(1, jobs);
        if (remove) {
            FileProgress progress = twoliter.progress("removed signatures of", files.size());
            RpmSigner.removeSignatures(files, workers, file -> progress.oneMore());
            answer(null);
            return 0;
        }
        RpmSigner signer = RpmSigner.open(secretKey());
        SigningOptions options =
                SigningOptions.defaults().keepOthers(keepOthers).withPayload(withPayload);
        FileProgress progress = twoliter.progress("signed", files.size());
        signer.sign(files, options, workers, file -> progress.oneMore());
        answer(signer.keyId());
        return 0;
    }

    private KeyFile secretKey() {
        return twoliter.key(key, "TWOLITER_RPM_KEY")
                .map(passphrase::rpmKey)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "a key is missing: give --key, or name one in TWOLITER_RPM_KEY"));
    }

    private void answer(@Nullable String keyId) {
        twoliter.answer(
                () -> {
                    Map<String, @Nullable Object> document = new LinkedHashMap<>();
                    document.put("files", files.stream().map(Path::toString).toList());
                    document.put("keyId", keyId);
                    return document;
                },
                () -> files.size()
                        + (files.size() == 1 ? " package" : " packages")
                        + (keyId == null ? " without signatures now" : " signed by " + keyId));
    }
}
