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
import dev.twoliter.api.StorageException;
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
import dev.twoliter.core.internal.resolve.RegistryReport;
import dev.twoliter.core.internal.run.Reporter;
import dev.twoliter.core.internal.run.SingleStep;
import dev.twoliter.oci.BuiltImage;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageKeys;
import dev.twoliter.oci.ImageSignatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
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

    private static final int MAX_ATTEMPTS = 5;

    private final ProjectSpec project;
    private final PublishRequest request;
    private final ProjectPaths paths;
    private final String registry;
    private final String version;
    private final String buildId;
    private final KitTags tags;
    private final Environment environment;
    private final Map<Arch, LocalKit> kits = new EnumMap<>(Arch.class);

    /**
     * Looks at what has been built.
     *
     * @param project the project
     * @param paths where it is
     * @param request what to publish, and where
     * @param environment the build identifier, where the request has none
     * @throws PublishException if the kit has not been built, or its images do not belong together
     */
    public KitPublication(ProjectSpec project, ProjectPaths paths, PublishRequest request, Environment environment) {
        this.request = request;
        this.environment = environment;
        this.paths = paths;
        this.project = project;
        this.version = project.releaseVersion().toString();
        this.buildId = BuildStamps.buildId(request.buildId(), environment);
        this.tags = new KitTags(version, buildId);
        this.registry = registryOf(project, request.vendor());
        if (project.kits().stream().noneMatch(kit -> kit.name().equals(request.kit()))) {
            throw unknown(
                    "kit",
                    "the project has no kit '" + request.kit() + "'",
                    project.kits().stream().map(KitSpec::name).toList());
        }
        findArchives(project);
        requireOneLabel();
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
                kits.put(arch, LocalKit.read(archive));
            } else if (!request.arches().isEmpty()) {
                throw notBuilt(archive);
            }
        }
        if (kits.isEmpty()) {
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

    @Override
    public List<Push> steps() {
        List<Push> steps = new ArrayList<>();
        String signed = request.imageKey().isPresent() ? ", signed" : ", not signed";
        kits.forEach((arch, kit) -> steps.add(new Push(
                "image for " + arch + signed,
                reference(tags.image(arch)).withDigest(kit.image().digest()))));
        if (!request.imagesOnly()) {
            Set<Arch> arches = kits.keySet();
            String over = " over "
                    + String.join(", ", arches.stream().map(Arch::toString).toList())
                    + (arches.size() < Arch.values().length ? " and what else is published" : "");
            steps.add(new Push(
                    "metadata" + over + signed, reference(tags.metadata()).withDigest(metadataDigest())));
            steps.add(new Push("index" + over + signed, reference(tags.index()).withDigest(indexOf(kits))));
        }
        return List.copyOf(steps);
    }

    private static Digest indexOf(Map<Arch, LocalKit> kits) {
        ImageIndex index = ImageIndex.of(List.of());
        for (LocalKit kit : kits.values()) {
            index = index.with(kit.image());
        }
        return index.toRaw().digest();
    }

    /** Plans write nothing into the project, so the layer is made elsewhere. */
    private Digest metadataDigest() {
        try {
            Path scratch = Files.createTempDirectory("twoliter-publish-");
            try {
                return metadata(kits.keySet(), scratch).index().toRaw().digest();
            } finally {
                AtomicFiles.deleteTree(scratch);
            }
        } catch (IOException e) {
            throw StorageException.of("make a directory in", System.getProperty("java.io.tmpdir"), e);
        }
    }

    /** The design's metadata images. */
    private record Metadata(Map<Arch, BuiltImage> images) {
        ImageIndex index() {
            ImageIndex index = ImageIndex.of(List.of());
            for (BuiltImage image : images.values()) {
                index = index.with(image.descriptor());
            }
            return index;
        }

        Map<Arch, Digest> digests() {
            Map<Arch, Digest> digests = new EnumMap<>(Arch.class);
            images.forEach((arch, image) -> digests.put(arch, image.descriptor().digest()));
            return digests;
        }
    }

    private Metadata metadata(Collection<Arch> arches, Path scratch) {
        KitLabel label = KitLabel.parse(request.kit(), label());
        Map<Arch, BuiltImage> images = new EnumMap<>(Arch.class);
        arches.forEach(arch -> images.put(arch, MetadataImage.build(label, arch, this::source, scratch)));
        return new Metadata(images);
    }

    private String label() {
        return kits.values().iterator().next().label();
    }

    /** Readers refuse a kit whose architectures say different things (project-formats.md 3.2). */
    private void requireOneLabel() {
        if (kits.values().stream().anyMatch(kit -> !kit.label().equals(label()))) {
            throw new PublishException(
                    "the images of kit '" + request.kit() + "' were built from different locks or versions",
                    "Build the kit again for all architectures at once.",
                    List.of(),
                    null);
        }
    }

    /** Where a kit or SDK is; kits of a vendor that Twoliter.toml does not have are this project's, published with it. */
    private String source(ImageDependency image) {
        String home = project.vendors().getOrDefault(image.vendor(), registry);
        return ImageRef.tagged(home, image.name(), "v" + image.version()).toString();
    }

    @Override
    public PublishResult run(UnaryOperator<RunOptions.Builder> fill) {
        if (request.imageKey().isEmpty() && !request.unsigned()) {
            throw new PublishException(
                    "kit '" + request.kit() + "' would be published without a signature",
                    "Give an image key (--image-key FILE, or imageKey(..)), or say that it may be unsigned (--unsigned,"
                            + " or allowUnsigned()).",
                    List.of(),
                    null);
        }
        RunOptions options = fill.apply(RunOptions.builder()).build();
        StepId step = new StepId(StepId.Kind.PUBLISH, request.kit(), null);
        return SingleStep.runLocked(paths.lockFile(), options, step, "publishing was asked for", reporter -> {
            try (Registries registries =
                            new Registries(paths.directory(), environment, options.jobs(), options.offline());
                    Registries.Listening listening = registries.reportTo(report(reporter))) {
                Objects.requireNonNull(listening);
                return push(
                        new KitPush(
                                registries.repository(reference(tags.index())),
                                request.imageKey().map(ImageKeys::load),
                                reporter,
                                options.jobs()),
                        reporter);
            } finally {
                AtomicFiles.deleteTree(paths.scratch());
            }
        });
    }

    /** Bytes are told for each image, not for each blob. */
    private static RegistryReport report(Reporter reporter) {
        return new RegistryReport(
                reporter::progress, reporter::warn, (what, bytes, total) -> {}, reporter::credentials);
    }

    private PublishResult push(KitPush push, Reporter reporter) {
        Release release = new Release(push, tags, kits, request.replace(), reporter::warn);
        release.requireUnreleased(
                request.imagesOnly()
                        ? Map.of()
                        : metadata(kits.keySet(), paths.scratch()).digests());
        kits.forEach((arch, kit) -> push.archive(kit.archive(), kit.image(), tags.image(arch)));
        if (request.imagesOnly()) {
            Map.Entry<Arch, LocalKit> first = kits.entrySet().iterator().next();
            return result(
                    push,
                    reference(tags.image(first.getKey()))
                            .withDigest(first.getValue().image().digest()),
                    own());
        }
        return pushIndex(push, release);
    }

    private Map<Arch, Digest> own() {
        Map<Arch, Digest> digests = new EnumMap<>(Arch.class);
        kits.forEach((arch, kit) -> digests.put(arch, kit.image().digest()));
        return digests;
    }

    /**
     * Releases the index, last of all. Nobody can lock a tag of a registry; but every publisher sets the tags of its images
     * before that of the index, and looks for the images of others after it. Whoever sets the index last has seen all.
     */
    private PublishResult pushIndex(KitPush push, Release release) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            ImageIndex index = release.index();
            Map<Arch, Digest> images = images(index);
            Metadata metadata = metadata(images.keySet(), paths.scratch());
            metadata.images().values().forEach(push::image);
            push.index(metadata.index(), tags.metadata());
            push.index(index, tags.index());
            Digest digest = index.toRaw().digest();
            if (release.index().equals(index)
                    && push.is(tags.index(), digest)
                    && push.is(tags.metadata(), metadata.index().toRaw().digest())) {
                return result(push, reference(tags.index()).withDigest(digest), images);
            }
        }
        throw new PublishException(
                reference(tags.index()) + " has been changed by others " + MAX_ATTEMPTS
                        + " times while it was published",
                "Let the other publications end, and publish again.",
                kits.keySet().stream()
                        .map(arch -> reference(tags.image(arch)).toString())
                        .toList(),
                null);
    }

    private static Map<Arch, Digest> images(ImageIndex index) {
        Map<Arch, Digest> digests = new EnumMap<>(Arch.class);
        for (Arch arch : Arch.values()) {
            index.image(Release.platform(arch)).ifPresent(image -> digests.put(arch, image.digest()));
        }
        return digests;
    }

    private PublishResult result(KitPush push, ImageRef reference, Map<Arch, Digest> images) {
        return new PublishResult(
                reference,
                images,
                push.signedDigests().stream()
                        .map(digest -> reference(ImageSignatures.tagOf(digest)))
                        .toList());
    }
}
