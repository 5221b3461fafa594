package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.plan.PublishPlan;
import dev.twoliter.api.plan.PublishRequest;
import dev.twoliter.api.plan.PublishResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code twoliter publish kit}: pushes a kit's images, their index and the signatures. */
@Command(name = "kit", description = "Publishes a kit that has been built.")
final class PublishKitCommand implements Callable<Integer> {

    private final TwoliterCommand twoliter;

    @Option(names = "--name", required = true, paramLabel = "N", description = "The kit.")
    private String name = "";

    @Option(names = "--vendor", required = true, paramLabel = "V", description = "Whose registry it goes to.")
    private String vendor = "";

    @Option(names = "--arch", paramLabel = "A", description = "x86_64 or aarch64; repeatable; default all built.")
    private List<Arch> arches = new ArrayList<>();

    @Option(
            names = "--replace",
            description = "Set tags anew that are released with other content; locks that pin it are then refused.")
    private boolean replace;

    @Option(
            names = "--images-only",
            description = "Leave the index to a later publication from another machine: push and sign the images.")
    private boolean imagesOnly;

    @Option(
            names = "--dry-run",
            description = "Say what would be pushed, with digests; needs no network, no credentials and no key.")
    private boolean dryRun;

    @ArgGroup
    private Signature signature = new Signature();

    @Mixin
    private PassphraseOption passphrase = new PassphraseOption();

    /** How it is signed, or that it is not. */
    private static final class Signature {
        @Option(
                names = "--image-key",
                paramLabel = "F",
                description =
                        "P-256 private key that signs the images; default $TWOLITER_IMAGE_KEY. The passphrase may also be in"
                                + " COSIGN_PASSWORD.")
        private @Nullable Path imageKey;

        @Option(names = "--unsigned", description = "Publish without a signature.")
        private boolean unsigned;
    }

    PublishKitCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        PublishRequest.Builder request =
                PublishRequest.builder().kit(name).to(vendor).arch(arches.toArray(Arch[]::new));
        if (signature.unsigned) {
            request.allowUnsigned();
        } else {
            twoliter.key(signature.imageKey, "TWOLITER_IMAGE_KEY")
                    .map(key -> passphrase.imageKey(key, twoliter.terminal().environment()))
                    .ifPresent(request::imageKey);
        }
        if (replace) {
            request.replace();
        }
        if (imagesOnly) {
            request.imagesOnly();
        }
        PublishPlan plan = twoliter.project().publish(request.build());
        if (dryRun) {
            twoliter.answer(() -> document(plan), () -> text(plan));
            return 0;
        }
        PublishResult result = plan.run(twoliter::listening);
        twoliter.answer(document(result), result.reference().toString());
        return 0;
    }

    private static String text(PublishPlan plan) {
        return plan.steps().stream().map(step -> "would push " + step).collect(Collectors.joining("\n"));
    }

    private static Map<String, Object> document(PublishPlan plan) {
        List<Map<String, String>> pushes = new ArrayList<>();
        for (PublishPlan.Push step : plan.steps()) {
            Map<String, String> push = new LinkedHashMap<>();
            push.put("what", step.what());
            push.put("reference", step.reference().toString());
            pushes.add(push);
        }
        return Map.of("pushes", pushes);
    }

    private static Map<String, Object> document(PublishResult result) {
        Map<String, String> images = new TreeMap<>();
        result.images().forEach((arch, digest) -> images.put(arch.toString(), digest.toString()));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("reference", result.reference().toString());
        document.put("images", images);
        document.put(
                "signatures",
                result.signatures().stream().map(ImageRef::toString).toList());
        return document;
    }
}
