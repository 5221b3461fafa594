package dev.twoliter.examples.cli;

import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImagePublicKey;
import dev.twoliter.oci.ImageSignatures;
import dev.twoliter.oci.ImageVerification;
import dev.twoliter.oci.ImageVerification.Signer;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code twoliter image verify}: which keys have signed an image. */
@Command(
        name = "verify",
        description = "Says which keys have signed an image; status 1 unless at least one of those given has.")
final class ImageVerifyCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Mixin
    private ImageOptions options = new ImageOptions();

    @Parameters(
            paramLabel = "IMAGE",
            description = "docker://HOST/REPO:TAG or oci:DIR/REPO:TAG; with @sha256:HEX exactly that image.")
    private @Nullable ImageName image;

    @Option(
            names = "--key",
            required = true,
            paramLabel = "PUB",
            description = "A trusted P-256 public key; may be repeated.")
    private List<Path> keys = new ArrayList<>();

    @Option(names = "--recursive", description = "Asks the same of each image of an index.")
    private boolean recursive;

    ImageVerifyCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        List<ImagePublicKey> trusted = keys.stream().map(ImageKeys::loadPublic).toList();
        List<ImageVerification> found;
        ImageName name = Objects.requireNonNull(image);
        try (ImageName.Opened opened = name.open(options.in(twoliter.terminal()).build())) {
            found = opened.digests(recursive).stream()
                    .map(digest -> ImageSignatures.check(opened.repository(), digest, trusted))
                    .toList();
        }
        twoliter.answer(
                () -> found.stream().map(ImageVerifyCommand::document).toList(),
                () -> found.stream().map(ImageVerifyCommand::line).collect(Collectors.joining("\n")));
        return found.stream().allMatch(ImageVerification::isGood) ? 0 : 1;
    }

    private static String verdict(ImageVerification found) {
        if (found.isGood()) {
            return "ok";
        }
        return found.signatures() == 0 ? "unsigned" : "nokey";
    }

    private static String line(ImageVerification found) {
        String subject = found.reference() + "@" + found.digest() + ": " + verdict(found);
        if (found.isGood()) {
            return subject + ", signed by "
                    + found.signers().stream()
                            .map(signer -> signer.key().name())
                            .distinct()
                            .collect(Collectors.joining(", "));
        }
        return found.signatures() == 0
                ? subject
                : subject + ", none of " + found.signatures() + " signatures is a good one by these keys";
    }

    private static Map<String, Object> document(ImageVerification found) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("repository", found.reference());
        document.put("digest", found.digest().toString());
        document.put("verdict", verdict(found));
        document.put("signatures", found.signatures());
        document.put(
                "signers",
                found.signers().stream().map(ImageVerifyCommand::document).toList());
        return document;
    }

    private static Map<String, String> document(Signer signer) {
        Map<String, String> document = new LinkedHashMap<>();
        document.put("key", signer.key().name());
        document.put("fingerprint", signer.key().fingerprint().toString());
        document.put("form", signer.form().name().toLowerCase(Locale.ROOT));
        document.put("claim", signer.claim());
        return document;
    }
}
