package dev.twoliter.examples.cli;

import dev.twoliter.api.KeyRequest;
import dev.twoliter.api.KeyRequest.Kind;
import dev.twoliter.api.KeySet;
import dev.twoliter.api.Twoliter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code twoliter keys generate}: keys for RPMs, images and Secure Boot. */
@Command(
        name = "generate",
        description =
                "Makes keys that sign: for RPMs and images, unless kinds are named. Those two are encrypted when there is a"
                        + " passphrase (for the image key also in COSIGN_PASSWORD). Nothing is overwritten.")
final class KeysGenerateCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(names = "--out", required = true, paramLabel = "D", description = "Where; keep it private.")
    private Path directory = Path.of("keys");

    @Option(names = "--rpm", description = "An OpenPGP key for RPMs.")
    private boolean rpm;

    @Option(names = "--image", description = "A P-256 key for images.")
    private boolean image;

    @Option(
            names = "--secure-boot",
            description = "A profile for Secure Boot: certificates, their keys, an OpenPGP key, firmware variables.")
    private boolean secureBoot;

    @Option(
            names = "--owner",
            paramLabel = "O",
            description = "OpenPGP user identity, such as 'Acme Linux <linux@acme.example>'.")
    private String owner = "Twoliter";

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    KeysGenerateCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        List<Kind> kinds = new ArrayList<>();
        if (rpm) {
            kinds.add(Kind.RPM);
        }
        if (image) {
            kinds.add(Kind.IMAGE);
        }
        if (secureBoot) {
            kinds.add(Kind.SECURE_BOOT);
        }
        KeyRequest request = KeyRequest.builder()
                .kinds(kinds.toArray(Kind[]::new))
                .owner(owner)
                .rpmPassphrase(passphrase::forRpm)
                .imagePassphrase(() -> passphrase.forImages(twoliter.terminal().environment()))
                .build();
        Map<String, String> files = files(Twoliter.generateKeys(directory, request), request);
        twoliter.answer(
                files,
                files.entrySet().stream()
                        .map(file -> file.getKey() + "  " + file.getValue())
                        .collect(Collectors.joining("\n")));
        return 0;
    }

    private static Map<String, String> files(KeySet keys, KeyRequest request) {
        Map<String, String> files = new LinkedHashMap<>();
        if (request.kinds().contains(Kind.RPM)) {
            files.put("rpmSecret", keys.rpmSecret().toString());
            files.put("rpmPublic", keys.rpmPublic().toString());
        }
        if (request.kinds().contains(Kind.IMAGE)) {
            files.put("imagePrivate", keys.imagePrivate().toString());
            files.put("imagePublic", keys.imagePublic().toString());
        }
        if (request.kinds().contains(Kind.SECURE_BOOT)) {
            files.put("secureBoot", keys.secureBoot().toString());
        }
        return files;
    }
}
