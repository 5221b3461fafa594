package dev.twoliter.core.internal.publish;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.ImageRef;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KitSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.PublishException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.plan.PublishPlan;
import dev.twoliter.api.plan.PublishRequest;
import dev.twoliter.api.plan.PublishResult;
import dev.twoliter.api.plan.RunOptions;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.kit.KitFiles;
import dev.twoliter.core.internal.plan.BuildStamps;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.resolve.KitLabel;
import dev.twoliter.core.internal.resolve.Registries;
import dev.twoliter.core.internal.run.SingleStep;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImageSignatures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The publication of one kit: {@code vVERSION-BUILD-ARCH} for each image, {@code vVERSION} for the index, {@code
 * vVERSION-metadata} for the design's metadata image, and a signature for each of them (formats.md, section 2).
 */
public final class KitPublication implements PublishPlan {

    private final ProjectSpec project;
    private final PublishRequest request;
    private final ProjectPaths paths;
    private final String registry;
    private final String version;
    private final String buildId;
    private final Environment environment;
    private final Map<Arch, Path> archives = new EnumMap<>(Arch.class);

    /**
     * Looks at what has been built.
     *
     * @param project the project
     * @param paths where it is
     * @param request what to publish, and where
     * @param environment the build identifier, where the request has none
     * @throws PublishException if the kit has not been built, or would not be signed
     */
    public KitPublication(ProjectSpec project, ProjectPaths paths, PublishRequest request, Environment environment) {
        this.request = request;
        this.environment = environment;
        this.paths = paths;
        this.project = project;
        this.version = project.releaseVersion().toString();
        this.buildId = BuildStamps.buildId(request.buildId(), environment);
        this.registry = registryOf(project, request.vendor());
        if (project.kits().stream().noneMatch(kit -> kit.name().equals(request.kit()))) {
            throw unknown(
                    "kit",
                    "the project has no kit '" + request.kit() + "'",
                    project.kits().stream().map(KitSpec::name).toList());
        }
        if (request.imageKey().isEmpty() && !request.unsigned()) {
            throw new PublishException(
                    "kit '" + request.kit() + "' would be published without a signature",
                    "Give an image key (--image-key FILE, or imageKey(..)), or say that it may be unsigned (--unsigned,"
                            + " or allowUnsigned()).",
                    List.of(),
                    null);
        }
        findArchives(project);
    }

    private static String registryOf(ProjectSpec project, String vendor) {
        String registry = project.vendors().get(vendor);
        if (registry == null) {
            throw unknown(
                    "vendor." + vendor,
                    "Twoliter.toml has no vendor '" + vendor + "'",
                    project.vendors().keySet());
        }
        return registry;
    }

    private static InvalidProjectException unknown(String key, String message, Collection<String> known) {
        return new InvalidProjectException(List.of(Problem.error(key, message)
                .withHint(known.isEmpty() ? "it has none at all" : "it has " + String.join(", ", known))));
    }

    private void findArchives(ProjectSpec project) {
        List<Arch> wanted = request.arches().isEmpty() ? List.of(Arch.values()) : request.arches();
        for (Arch arch : wanted) {
            Path archive = paths.kit(request.kit())
                    .resolve(KitFiles.archive(request.kit(), project.releaseVersion(), buildId, arch));
            if (Files.isRegularFile(archive)) {
                requireAsBuilt(arch, archive);
                archives.put(arch, archive);
            } else if (!request.arches().isEmpty()) {
                throw notBuilt(archive);
            }
        }
        if (archives.isEmpty()) {
            throw notBuilt(paths.kit(request.kit()));
        }
    }

    /** What is published is what the last build of the kit left, not what happens to lie there. */
    private void requireAsBuilt(Arch arch, Path archive) {
        Path target = paths.kit(request.kit());
        boolean recorded = StepRecord.read(paths.record(new StepId(StepId.Kind.KIT, request.kit(), arch)))
                .filter(record -> record.firstDamaged(target).isEmpty())
                .filter(record -> record.outputs().stream()
                        .anyMatch(output -> target.resolve(output.path()).equals(archive)))
                .isPresent();
        if (!recorded) {
            throw new PublishException(
                    archive + " is not what the last build of kit '" + request.kit() + "' for " + arch + " left",
                    "Build the kit again.",
                    List.of(),
                    null);
        }
    }

    private PublishException notBuilt(Path missing) {
        return new PublishException(
                "kit '" + request.kit() + "' " + version + " (build " + buildId + ") has not been built: " + missing
                        + " is missing",
                "Run `twoliter build kit --name " + request.kit() + "` first.",
                List.of(),
                null);
    }

    private ImageRef reference(String tag) {
        return ImageRef.tagged(registry, request.repository(), tag);
    }

    private String archTag(Arch arch) {
        return "v" + version + "-" + buildId + "-" + arch;
    }

    private String indexTag() {
        return "v" + version;
    }

    private String metadataTag() {
        return indexTag() + "-metadata";
    }

    @Override
    public List<Push> steps() {
        List<Push> steps = new ArrayList<>();
        String signed = request.imageKey().isPresent() ? ", signed" : ", not signed";
        archives.keySet().forEach(arch -> steps.add(new Push("image for " + arch + signed, reference(archTag(arch)))));
        steps.add(new Push("metadata" + signed, reference(metadataTag())));
        steps.add(new Push("index" + signed, reference(indexTag())));
        return List.copyOf(steps);
    }

    @Override
    public PublishResult run(UnaryOperator<RunOptions.Builder> fill) {
        RunOptions options = fill.apply(RunOptions.builder()).build();
        StepId step = new StepId(StepId.Kind.PUBLISH, request.kit(), null);
        return SingleStep.runLocked(paths.lockFile(), options, step, "publishing was asked for", reporter -> {
            try (Registries registries =
                            new Registries(paths.directory(), environment, options.jobs(), options.offline());
                    Registries.Listening listening = registries.reportTo(reporter.registries())) {
                Objects.requireNonNull(listening);
                return push(new KitPush(
                        registries.repository(reference(indexTag())),
                        request.imageKey().map(ImageKeys::load),
                        reporter::progress));
            } finally {
                AtomicFiles.deleteTree(paths.scratch());
            }
        });
    }

    /** Readers refuse a kit whose architectures say different things (project-formats.md 3.2). */
    private KitLabel requireOneLabel() {
        Set<String> labels = new HashSet<>();
        archives.values().forEach(archive -> labels.add(KitPush.labelOf(archive)));
        if (labels.size() > 1) {
            throw new PublishException(
                    "the images of kit '" + request.kit() + "' were built from different locks or versions",
                    "Build the kit again for all architectures at once.",
                    List.of(),
                    null);
        }
        return KitLabel.parse(request.kit(), labels.iterator().next());
    }

    /** Where a kit or SDK is; kits of a vendor that Twoliter.toml does not have are this project's, published with it. */
    private String source(ImageDependency image) {
        String home = project.vendors().getOrDefault(image.vendor(), registry);
        return ImageRef.tagged(home, image.name(), "v" + image.version()).toString();
    }

    /** The index comes last: what it names is then complete and signed. */
    private PublishResult push(KitPush push) {
        KitLabel label = requireOneLabel();
        Map<Arch, Digest> images = new EnumMap<>(Arch.class);
        List<Descriptor> entries = new ArrayList<>();
        List<Descriptor> metadata = new ArrayList<>();
        archives.forEach((arch, archive) -> {
            Descriptor image = push.archive(archive, archTag(arch));
            images.put(arch, image.digest());
            entries.add(image);
            metadata.add(push.image(MetadataImage.build(label, arch, this::source, paths.scratch())));
        });
        push.index(metadata, metadataTag());
        Digest index = push.index(entries, indexTag());
        List<ImageRef> signatures = push.signedDigests().stream()
                .map(digest -> reference(ImageSignatures.tagOf(digest)))
                .toList();
        return new PublishResult(reference(indexTag()).withDigest(index), images, signatures);
    }
}
