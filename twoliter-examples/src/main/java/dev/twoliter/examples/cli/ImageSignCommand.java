package dev.twoliter.examples.cli;

import dev.twoliter.api.Digest;
import dev.twoliter.api.KeyFile;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageSigningKey;
import dev.twoliter.oci.SignatureForm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code twoliter image sign}: signs an image where it is, as cosign does. */
@Command(name = "sign", description = "Signs an image where it is, as `cosign sign --key` does; once for each key.")
final class ImageSignCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ImageOptions options = new ImageOptions();

    @Parameters(
            paramLabel = "IMAGE",
            description = "docker://HOST/REPO:TAG or oci:DIR/REPO:TAG; with @sha256:HEX exactly that image.")
    private @Nullable ImageName image;

    @Option(
            names = "--key",
            paramLabel = "F",
            description = "P-256 private key, encrypted as cosign does or not; default: the file that"
                    + " TWOLITER_IMAGE_KEY names. The passphrase may also be in COSIGN_PASSWORD.")
    private @Nullable Path key;

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    @Option(names = "--recursive", description = "Signs each image of an index as well.")
    private boolean recursive;

    @Option(
            names = "--form",
            paramLabel = "FORM",
            description = "tag (default): sha256-HEX.sig, which every cosign reads; bundle: as cosign 3 writes.")
    private SignatureForm form = SignatureForm.TAG;

    ImageSignCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    private record Signed(Digest digest, boolean added) {}

    @Override
    public Integer call() {
        KeyFile file = twoliter.key(key, "TWOLITER_IMAGE_KEY")
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "a key is missing: give --key, or name one in TWOLITER_IMAGE_KEY"));
        ImageSigningKey signer =
                ImageKeys.load(passphrase.imageKey(file, twoliter.terminal().environment()));
        ImageName name = Objects.requireNonNull(image);
        try (ImageName.Opened opened = name.open(options.in(twoliter.terminal()).build())) {
            List<Signed> signed = new ArrayList<>();
            for (Digest digest : opened.digests(recursive)) {
                signed.add(new Signed(digest, ImageSignatures.sign(opened.repository(), digest, signer, form)));
            }
            String repository = opened.repository().reference();
            twoliter.answer(() -> document(repository, signer, signed), () -> text(repository, signed));
        }
        return 0;
    }

    private Map<String, Object> document(String repository, ImageSigningKey signer, List<Signed> signed) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("repository", repository);
        document.put("fingerprint", signer.publicKey().fingerprint().toString());
        document.put("form", form.name().toLowerCase(Locale.ROOT));
        document.put(
                "signed",
                signed.stream()
                        .map(one -> Map.of("digest", one.digest().toString(), "added", one.added()))
                        .toList());
        return document;
    }

    private static String text(String repository, List<Signed> signed) {
        return signed.stream()
                .map(one -> repository + "@" + one.digest()
                        + (one.added() ? ": signed" : ": was signed by this key already"))
                .collect(Collectors.joining("\n"));
    }
}
