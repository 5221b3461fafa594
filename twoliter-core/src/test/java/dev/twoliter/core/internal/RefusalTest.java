package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.twoliter.api.Arch;
import dev.twoliter.api.BuildFailedException;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.KeySet;
import dev.twoliter.api.LockException;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.PublishException;
import dev.twoliter.api.RegistryException;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.api.SemVer;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.TrustPolicy;
import dev.twoliter.api.TrustSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.VerificationException;
import dev.twoliter.api.event.BuildEvent;
import dev.twoliter.api.event.BuildListener;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Everything that is damaged, forged, missing or contradictory is refused, by name, with what to do about it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTest {

    @TempDir
    static Path directory;

    private Demo demo;
    private Project base;
    private Path pristine;
    private int worlds;
    private Project os;

    @BeforeAll
    void publishOnce() throws IOException {
        demo = new Demo(Files.createDirectory(directory.resolve("world")));
        demo.publishSdk("0.50.0");
        base = demo.baseProject();
        demo.publishBase(base);
        pristine = directory.resolve("pristine-registry");
        copy(demo.registryDirectory(), pristine);
    }

    /** A fresh project with a fresh cache, and the registry as it was published. */
    @BeforeEach
    void freshProject() throws IOException {
        delete(demo.registryDirectory());
        copy(pristine, demo.registryDirectory());
        delete(demo.directory.resolve("cache"));
        os = project(spec -> spec);
        os.updateLock().write();
    }

    private Project project(UnaryOperator<ProjectSpec.Builder> change) {
        return Twoliter.create(
                demo.directory.resolve("os-" + ++worlds),
                change.apply(demo.osSpec().toBuilder()).build(),
                demo.environment);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static List<Path> filesBelow(Path tree) {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The refusal, out of the failed step where it was in one; it must say what to do. */
    private static <T extends TwoliterException> T refused(Class<T> kind, ThrowingCallable call) {
        TwoliterException thrown = catchThrowableOfType(TwoliterException.class, call);
        assertThat(thrown).as("nothing was refused").isNotNull();
        if (thrown instanceof BuildFailedException && kind != BuildFailedException.class) {
            assertThat(thrown.getCause()).isInstanceOf(TwoliterException.class);
            assertThat(thrown).hasMessageContaining(thrown.getCause().getMessage());
            thrown = (TwoliterException) thrown.getCause();
        }
        assertThat(thrown).isInstanceOf(kind);
        if (kind != StorageException.class) {
            assertThat(thrown.hint()).as("hint of: " + thrown.getMessage()).isPresent();
        }
        return kind.cast(thrown);
    }

    private static void buildKit(Project project) {
        project.plan(b -> b.kit("hello-kit").arch(Arch.X86_64)).run();
    }

    // What was built

    /** Flips a byte of the first RPM below a directory as soon as steps have finished, or were found done. */
    private static BuildListener damaging(Path directory, String... steps) {
        Set<String> left = new HashSet<>(List.of(steps));
        return event -> {
            boolean ended = event instanceof BuildEvent.StepFinished done
                            && left.remove(done.step().toString())
                    || event instanceof BuildEvent.StepSkipped skipped
                            && left.remove(skipped.step().toString());
            if (ended && left.isEmpty()) {
                Path rpm = filesBelow(directory).stream()
                        .filter(file -> file.toString().endsWith(".rpm"))
                        .filter(file -> !file.toString().contains("host-ctr"))
                        .findFirst()
                        .orElseThrow();
                try {
                    Damage.flipByte(rpm, Files.size(rpm) - 10);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    @Test
    void an_rpm_that_changes_while_the_build_runs_is_refused_by_the_kit() {
        Path packages = os.directory().resolve("build/rpms/motd");
        VerificationException refusal = refused(
                VerificationException.class,
                () -> os.plan(b -> b.kit("hello-kit").arch(Arch.X86_64))
                        .run(o -> o.listener(damaging(packages, "package motd x86_64"))));
        assertThat(refusal).hasMessageContaining("build/rpms/motd/bottlerocket-motd-0.9");
    }

    @Test
    void an_rpm_of_a_kit_that_changes_while_the_build_runs_is_refused_by_the_variant() throws IOException {
        // The kits of this project are there; only fetching and the variant are left to do.
        buildKit(os);
        Path local = os.directory().resolve("build/kits/hello-kit/x86_64");
        Path external =
                os.directory().resolve("build/external-kits/acme/base-kit/x86_64/kits/base-kit/Packages/release");
        for (Path directory : List.of(local, external)) {
            VerificationException refusal = refused(
                    VerificationException.class,
                    () -> os.plan(b -> b.variant("metal-demo").arch(Arch.X86_64))
                            .run(o -> o.listener(
                                    damaging(directory, "fetch acme/base-kit x86_64", "kit hello-kit x86_64"))));
            assertThat(refusal).hasMessageContaining(".rpm");
            assertThat(os.directory().resolve("build/images")).doesNotExist();
            delete(os.directory().resolve("build/external-kits"));
            delete(os.directory().resolve("build/kits"));
            buildKit(os);
        }
    }

    // What others published

    @Test
    void a_byte_flipped_in_any_blob_or_manifest_of_a_kit_is_refused() throws IOException {
        List<Path> blobs = filesBelow(demo.registryDirectory().resolve("base-kit/blobs"));
        assertThat(blobs).hasSizeGreaterThan(10);
        int refusals = 0;
        for (Path blob : blobs) {
            Damage.flipByte(blob, Files.size(blob) / 2);
            delete(demo.directory.resolve("cache"));
            delete(os.directory().resolve("build"));
            try {
                os.fetch(Arch.X86_64);
            } catch (TwoliterException refusal) {
                refusals++;
                assertThat(refusal).isInstanceOfAny(VerificationException.class, LockException.class);
                assertThat(refusal.getMessage()).contains("base-kit");
                assertThat(refusal.hint()).as(refusal.getMessage()).isPresent();
            }
            Damage.flipByte(blob, Files.size(blob) / 2);
        }
        // Four layers, manifest, index, and the index's signature: manifest and payload.
        assertThat(refusals).isGreaterThanOrEqualTo(8);
        os.fetch(Arch.X86_64);
    }

    @Test
    void a_signature_by_another_key_is_refused() throws IOException {
        KeySet others = Twoliter.generateKeys(demo.directory.resolve("others-" + worlds), "Other <o@example.com>");
        Path keys = demo.directory.resolve("others-" + worlds);
        Project image = project(spec -> spec.trust(new TrustSpec(
                Demo.VENDOR,
                List.of("../" + keys.getFileName() + "/" + others.imagePublic().getFileName()),
                List.of(),
                TrustPolicy.REQUIRE)));
        assertThat(refused(VerificationException.class, image::updateLock)).hasMessageContaining("base-kit");

        Project rpm = project(spec -> spec.trust(new TrustSpec(
                Demo.VENDOR,
                List.of(),
                List.of("../" + keys.getFileName() + "/" + others.rpmPublic().getFileName()),
                TrustPolicy.REQUIRE)));
        rpm.updateLock().write();
        assertThat(refused(VerificationException.class, () -> rpm.fetch(Arch.X86_64)))
                .hasMessageContaining("base-kit");
        assertThat(rpm.directory().resolve("build/external-kits/acme")).doesNotExist();
    }

    @Test
    void a_policy_of_warn_only_warns() {
        KeySet others = Twoliter.generateKeys(demo.directory.resolve("warned-" + worlds), "Other <o@example.com>");
        String keys = "../warned-" + worlds + "/";
        Project warned = project(spec -> spec.trust(new TrustSpec(
                Demo.VENDOR,
                List.of(keys + others.imagePublic().getFileName()),
                List.of(keys + others.rpmPublic().getFileName()),
                TrustPolicy.WARN)));
        List<String> warnings = new ArrayList<>();
        warned.updateLock(o -> o.listener(event -> {
                    if (event instanceof BuildEvent.Warning warning) {
                        warnings.add(warning.message());
                    }
                }))
                .write();
        assertThat(warnings).isNotEmpty().anySatisfy(w -> assertThat(w).contains("base-kit"));
        warned.fetch(Arch.X86_64);
    }

    @Test
    void an_unsigned_kit_is_refused_where_signatures_are_required() throws IOException {
        Path registry = demo.registryDirectory();
        delete(registry);
        copy(pristine, registry);
        ProjectSpec newer = demo.baseSpec().toBuilder().releaseVersion("3.0.0").build();
        Project unsigned = Twoliter.create(demo.directory.resolve("unsigned-" + worlds), newer, demo.environment);
        unsigned.updateLock().write();
        unsigned.plan(b -> b.kit("base-kit").arch(Arch.X86_64)).run();
        refused(
                PublishException.class,
                () -> unsigned.publish(p -> p.kit("base-kit").to(Demo.VENDOR)).run());
        unsigned.publish(p -> p.kit("base-kit").to(Demo.VENDOR).allowUnsigned()).run();

        Project user = withKit(new ImageDependency("base-kit", SemVer.parse("3.0.0"), Demo.VENDOR));
        assertThat(refused(VerificationException.class, user::updateLock))
                .hasMessageContaining("base-kit@sha256:")
                .hasMessageContaining("not signed");
    }

    /** The demo's project with another kit instead of its own. */
    private Project withKit(ImageDependency... kits) {
        ProjectSpec whole = demo.osSpec();
        ProjectSpec.Builder spec = ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor(Demo.VENDOR, Demo.REGISTRY)
                .trust(whole.trust().get(Demo.VENDOR))
                .sdk("acme-sdk", "0.50.0", Demo.VENDOR);
        for (ImageDependency kit : kits) {
            spec.dependsOnKit(kit.name(), kit.version().toString(), kit.vendor());
        }
        return Twoliter.create(demo.directory.resolve("with-" + ++worlds), spec.build(), demo.environment);
    }

    @Test
    void a_damaged_cache_heals_itself_with_a_warning() throws IOException {
        os.fetch(Arch.X86_64);
        for (Path blob : filesBelow(demo.directory.resolve("cache"))) {
            Damage.flipByte(blob, Files.size(blob) / 2);
        }
        delete(os.directory().resolve("build"));
        List<String> warnings = new ArrayList<>();
        os.fetch(
                List.of(Arch.X86_64),
                o -> o.listener(event -> {
                    if (event instanceof BuildEvent.Warning warning) {
                        warnings.add(warning.message());
                    }
                }));
        assertThat(warnings).isNotEmpty().allSatisfy(w -> assertThat(w).contains("was damaged and is pulled again"));
    }

    // The lock

    private void editLock(String from, String to) throws IOException {
        Path lock = os.directory().resolve("Twoliter.lock");
        String text = Files.readString(lock);
        assertThat(text).contains(from);
        Files.writeString(lock, text.replace(from, to));
    }

    @Test
    void a_changed_digest_in_the_lock_is_refused() throws IOException {
        String digest = os.lock().orElseThrow().kits().get(0).digest();
        String other = (digest.startsWith("A") ? "B" : "A") + digest.substring(1);
        editLock(digest, other);
        LockException refusal = refused(LockException.class, () -> os.fetch(Arch.X86_64));
        assertThat(refusal.reason()).isEqualTo(LockException.Reason.MISMATCH);
        assertThat(refusal)
                .hasMessageContaining("Twoliter.lock")
                .hasMessageContaining("base-kit")
                .hasMessageContaining(other);
    }

    @Test
    void a_changed_source_in_the_lock_is_refused() throws IOException {
        editLock("oci:../registry/base-kit:v2.1.0", "oci:../elsewhere/base-kit:v2.1.0");
        LockException refusal = refused(LockException.class, () -> buildKit(os));
        assertThat(refusal).hasMessageContaining("Twoliter.lock").hasMessageContaining("elsewhere");
    }

    @Test
    void a_missing_or_stale_lock_is_refused_before_anything_runs() throws IOException {
        Files.delete(os.directory().resolve("Twoliter.lock"));
        LockException missing = refused(LockException.class, () -> buildKit(os));
        assertThat(missing.reason()).isEqualTo(LockException.Reason.MISSING);
        assertThat(missing).hasMessageContaining(os.directory() + "/Twoliter.lock");
        assertThat(missing.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("twoliter update"));

        os.updateLock().write();
        Path toml = os.directory().resolve("Twoliter.toml");
        Files.writeString(toml, Files.readString(toml).replace("2.1.0", "2.2.0"));
        Project changed = Twoliter.open(os.directory(), demo.environment);
        LockException stale = refused(LockException.class, () -> buildKit(changed));
        assertThat(stale.reason()).isEqualTo(LockException.Reason.STALE);
        assertThat(stale.differences()).singleElement().asString().contains("base-kit", "2.1.0", "2.2.0");
        assertThat(os.directory().resolve("build")).doesNotExist();
    }

    @Test
    void a_kit_that_was_never_published_is_named() {
        Project missing = withKit(new ImageDependency("base-kit", SemVer.parse("9.9.9"), Demo.VENDOR));
        assertThat(refused(RegistryException.class, missing::updateLock)).hasMessageContaining("base-kit:v9.9.9");
    }

    // Kits that contradict each other

    /** Publishes a kit without packages of its own that was made with given kits and SDK. */
    private void publishKit(String name, String version, String sdk, ImageDependency... kits) {
        ProjectSpec.Builder spec = ProjectSpec.builder()
                .releaseVersion(version)
                .vendor(Demo.VENDOR, Demo.REGISTRY)
                .vendor("second", Demo.REGISTRY)
                .sdk("acme-sdk", sdk, Demo.VENDOR)
                .addPackage(
                        name + "-package",
                        p -> p.version("1").summary("s").license("MIT").directory("/var/x"))
                .addKit(name, k -> k.vendor(Demo.VENDOR).packages(name + "-package"));
        for (ImageDependency kit : kits) {
            spec.dependsOnKit(kit.name(), kit.version().toString(), kit.vendor());
        }
        Project project = Twoliter.create(demo.directory.resolve("kit-" + ++worlds), spec.build(), demo.environment);
        project.updateLock().write();
        project.plan(b -> b.kit(name).arch(Arch.X86_64)).run();
        project.publish(p -> p.kit(name).to(Demo.VENDOR).imageKey(demo.keys.imageKey()))
                .run();
    }

    private static ImageDependency kit(String name, String version) {
        return new ImageDependency(name, SemVer.parse(version), Demo.VENDOR);
    }

    @Test
    void two_versions_of_one_kit_are_refused_with_both_ways_to_them() {
        publishKit("low-kit", "1.0.0", "0.50.0");
        publishKit("low-kit", "2.0.0", "0.50.0");
        publishKit("left-kit", "1.0.0", "0.50.0", kit("low-kit", "1.0.0"));
        publishKit("right-kit", "1.0.0", "0.50.0", kit("low-kit", "2.0.0"));
        ResolutionException refusal = refused(
                ResolutionException.class, withKit(kit("left-kit", "1.0.0"), kit("right-kit", "1.0.0"))::updateLock);
        assertThat(refusal)
                .hasMessageContaining("low-kit")
                .hasMessageContaining("left-kit 1.0.0 > low-kit 1.0.0")
                .hasMessageContaining("right-kit 1.0.0 > low-kit 2.0.0");
    }

    @Test
    void two_sdks_are_refused_with_both_ways_to_them() {
        demo.publishSdk("0.60.0");
        publishKit("new-kit", "1.0.0", "0.60.0");
        ResolutionException refusal = refused(
                ResolutionException.class, withKit(kit("base-kit", "2.1.0"), kit("new-kit", "1.0.0"))::updateLock);
        assertThat(refusal)
                .hasMessageContaining("acme-sdk-0.50.0@oci:../registry/acme-sdk:v0.50.0")
                .hasMessageContaining("acme-sdk-0.60.0@")
                .hasMessageContaining("new-kit 1.0.0");
    }

    @Test
    void a_vendor_that_only_another_kit_knows_is_named() {
        publishKit("low-kit", "1.0.0", "0.50.0");
        publishKit("top-kit", "1.0.0", "0.50.0", new ImageDependency("low-kit", SemVer.parse("1.0.0"), "second"));
        ResolutionException refusal = refused(ResolutionException.class, withKit(kit("top-kit", "1.0.0"))::updateLock);
        assertThat(refusal).hasMessageContaining("'second'").hasMessageContaining("top-kit 1.0.0 > low-kit 1.0.0");
    }

    // The project itself

    @Test
    void a_missing_source_is_named() throws IOException {
        Files.delete(os.directory().resolve("packages/motd/motd"));
        SourceException refusal = refused(SourceException.class, () -> buildKit(os));
        assertThat(refusal).hasMessageContaining("packages/motd").hasMessageContaining("'motd'");
    }

    @Test
    void a_spec_package_is_refused_before_anything_runs() {
        Project project = project(spec -> spec.addPackage("gcc", p -> p.specFile("Name: gcc\n")));
        project.updateLock().write();
        EngineException refusal = refused(
                EngineException.class,
                () -> project.plan(b -> b.rpm("motd", "gcc").arch(Arch.X86_64).engine("embedded")));
        assertThat(refusal).hasMessageContaining("'gcc'").hasMessageContaining("'embedded'");
        assertThat(refusal.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("docker", "podman"));
        assertThat(project.directory().resolve("build")).doesNotExist();
    }

    @Test
    void unknown_names_are_refused_with_those_that_there_are() {
        InvalidProjectException refusal = catchThrowableOfType(
                InvalidProjectException.class,
                () -> os.plan(b -> b.kit("helo-kit").variant("metal").rpm("mtd").arch(Arch.X86_64)));
        assertThat(refusal)
                .hasMessageContaining("no kit 'helo-kit'")
                .hasMessageContaining("it has hello-kit")
                .hasMessageContaining("no variant 'metal'")
                .hasMessageContaining("it has metal-demo")
                .hasMessageContaining("no package 'mtd'")
                .hasMessageContaining("it has hello-agent, motd");
        assertThat(catchThrowableOfType(InvalidProjectException.class, () -> os.plan(b -> b)))
                .hasMessageContaining("nothing to build");
        EngineException engine = refused(
                EngineException.class, () -> os.plan(b -> b.kit("hello-kit").engine("warp")));
        assertThat(engine.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("embedded"));
    }

    @Test
    void a_kit_or_vendor_to_publish_that_the_project_does_not_have_is_refused_with_those_that_it_has() {
        assertThat(catchThrowableOfType(
                        InvalidProjectException.class,
                        () -> os.publish(p -> p.kit("helo-kit").to(Demo.VENDOR))))
                .hasMessageContaining("no kit 'helo-kit' (it has hello-kit)");
        assertThat(catchThrowableOfType(
                        InvalidProjectException.class,
                        () -> os.publish(p -> p.kit("hello-kit").to("acne"))))
                .hasMessageContaining("no vendor 'acne' (it has acme)");
    }

    @Test
    void an_architecture_that_the_variant_does_not_support_is_refused() {
        Project project = project(spec ->
                spec.addVariant("metal-small", v -> v.packages("release").supportedArches(Arch.AARCH64)));
        project.updateLock().write();
        InvalidProjectException refusal = catchThrowableOfType(
                InvalidProjectException.class,
                () -> project.plan(b -> b.variant("metal-small").arch(Arch.X86_64)));
        assertThat(refusal).hasMessageContaining("does not support x86_64").hasMessageContaining("aarch64");
    }

    @Test
    void a_root_that_does_not_fit_its_partition_is_refused_with_both_sizes() {
        Project project = project(spec -> spec.addPackage(
                        "huge",
                        p -> p.version("1")
                                .summary("s")
                                .license("MIT")
                                .source("zeros", new byte[0])
                                .addContent(dev.twoliter.api.Content.of(
                                        dev.twoliter.api.ContentType.FILE, "zeros", "/usr/share/zeros")))
                .addVariant(
                        "metal-huge",
                        v -> v.buildDependencies("huge")
                                .packages("huge")
                                .layout(l -> l.osImageGib(1).unified())));
        project.updateLock().write();
        try (var file = new java.io.RandomAccessFile(
                project.directory().resolve("packages/huge/zeros").toFile(), "rw")) {
            file.setLength(461L << 20);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        EngineException refusal = refused(
                EngineException.class,
                () -> project.plan(b -> b.variant("metal-huge").arch(Arch.X86_64))
                        .run());
        assertThat(refusal).hasMessageContaining("metal-huge").hasMessageContaining("460 MiB");
        assertThat(project.directory().resolve("build/images")).doesNotExist();
    }

    // The machine

    @Test
    @Peer({"mount", "umount"})
    void a_full_disk_leaves_nothing_half_written_and_the_next_build_succeeds() throws IOException {
        Path build = Files.createDirectory(os.directory().resolve("build"));
        Command mount = Command.run("mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", build);
        org.junit.jupiter.api.Assumptions.assumeTrue(mount.exit() == 0, "mounting needs root: " + mount.output());
        try {
            StorageException refusal = refused(StorageException.class, () -> buildKit(os));
            assertThat(refusal.getMessage()).contains(build.toString());
            assertThat(filesBelow(build).stream().filter(file -> file.toString().endsWith(".tar")))
                    .isEmpty();
            Command.output("mount", "-o", "remount,size=10m", build);
            buildKit(os);
            assertThat(filesBelow(build).stream().filter(file -> file.toString().endsWith(".tar")))
                    .hasSize(1);
            assertThat(filesBelow(build)).noneMatch(file -> file.toString().contains("scratch"));
        } finally {
            Command.output("umount", build);
        }
    }

    @Test
    void a_failed_step_does_not_stop_others_and_all_failures_are_reported() throws IOException {
        Files.delete(os.directory().resolve("packages/motd/motd"));
        List<BuildEvent> events = new ArrayList<>();
        BuildFailedException refusal = refused(
                BuildFailedException.class,
                () -> os.plan(b -> b.kit("hello-kit").arch(Arch.X86_64)).run(o -> o.listener(events::add)));
        assertThat(refusal.step()).isEqualTo("package motd x86_64");
        assertThat(filesBelow(os.directory().resolve("build/rpms")))
                .singleElement()
                .asString()
                .contains("hello-agent");
        assertThat(events)
                .filteredOn(BuildEvent.StepFailed.class::isInstance)
                .extracting(event -> ((BuildEvent.StepFailed) event).step().toString())
                .containsExactly("package motd x86_64", "kit hello-kit x86_64");
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        BuildEvent.BuildFinished.class,
                        end -> assertThat(end.success()).isFalse());
    }
}
