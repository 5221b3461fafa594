package dev.twoliter.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Digest;
import dev.twoliter.api.FormatException;
import dev.twoliter.api.Project;
import dev.twoliter.api.VerificationException;
import dev.twoliter.oci.Descriptor;
import dev.twoliter.oci.ImageIndex;
import dev.twoliter.oci.ImageManifest;
import dev.twoliter.oci.MediaTypes;
import dev.twoliter.oci.Repository;
import dev.twoliter.oci.TarLayer;
import dev.twoliter.testing.Command;
import dev.twoliter.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong in a fetch: nothing unverified is kept or seen, and the next one transfers only what is missing. */
@Timeout(120)
class FetchFaultsTest extends FetchWorld {

    private Path blobs(Project project) {
        return directory.resolve("cache-" + worlds).resolve("blobs/sha256");
    }

    private static List<Path> files(Path top) throws IOException {
        if (!Files.isDirectory(top)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Every whole blob is what its name says, and nothing of the kit is to be seen. */
    private void assertNothingBad(Project project, Path blobs) throws IOException {
        for (Path blob : files(blobs)) {
            if (!blob.toString().endsWith(".part")) {
                assertThat(Digest.ofBytes(Files.readAllBytes(blob)).hex())
                        .isEqualTo(blob.getFileName().toString());
            }
        }
        assertThat(tree(project)).doesNotExist();
    }

    /** The layers of a published image for x86_64. */
    private List<Descriptor> layers(String tag) {
        Repository repository = demo.repository("base-kit");
        Descriptor image = ImageIndex.parse("", manifest(repository, tag)).manifests().stream()
                .filter(entry -> entry.platform()
                        .filter(p -> p.architecture().equals("amd64"))
                        .isPresent())
                .findFirst()
                .orElseThrow();
        return ImageManifest.parse("", manifest(repository, image.digest().toString()))
                .layers();
    }

    // Wrong content

    @Test
    void a_layer_with_another_digest_is_neither_kept_nor_seen() throws IOException {
        Project project = locked(project("2.2.0"));
        List<Descriptor> layers = layers("v2.2.0");
        Descriptor last = layers.get(layers.size() - 1);
        Path served = demo.registryDirectory()
                .resolve("base-kit/blobs/sha256")
                .resolve(last.digest().hex());
        Damage.flipByte(served, LAYER / 2);
        try {
            VerificationException refusal =
                    refused(VerificationException.class, () -> project.fetch(List.of(Arch.X86_64), o -> o.jobs(1)));
            assertThat(refusal).hasMessageContaining(last.digest().toString());
        } finally {
            Damage.flipByte(served, LAYER / 2);
        }
        assertNothingBad(project, blobs(project));
        for (Path part : partial(project)) {
            assertThat(part).isEmptyFile();
        }
        http.requests.clear();
        project.fetch(Arch.X86_64);
        assertComplete(project);
        assertThat(blobRequests())
                .singleElement()
                .asString()
                .contains(last.digest().toString());
    }

    @Test
    void a_cached_layer_that_was_damaged_is_pulled_again_and_only_that() throws IOException {
        Project project = locked(project("2.2.0"));
        project.fetch(Arch.X86_64);
        project.clean();
        Descriptor layer = layers("v2.2.0").get(0);
        Damage.flipByte(blobs(project).resolve(layer.digest().hex()), 600);
        http.requests.clear();
        List<String> told = new ArrayList<>();
        project.fetch(List.of(Arch.X86_64), o -> o.listener(event -> told.add(event.toString())));
        assertComplete(project);
        assertThat(told).anyMatch(event -> event.contains("was damaged and is pulled again"));
        assertThat(blobRequests())
                .singleElement()
                .asString()
                .contains(layer.digest().toString());
    }

    // Hostile content

    /** Publishes the kit with one more layer. */
    private void publishWith(String tag, byte[] layer) throws IOException {
        republish(tag, content -> content, layer);
    }

    private static byte[] tar(java.util.function.UnaryOperator<TarLayer> content) throws IOException {
        Path file = Files.createTempFile(directory, "hostile", ".tar");
        content.apply(TarLayer.at(0)).writeTo(file);
        return Files.readAllBytes(file);
    }

    @Test
    void a_layer_that_writes_through_a_link_of_a_layer_below_is_refused() throws IOException {
        // The kit has the link /Packages -> kits/base-kit/Packages.
        publishWith("v2.5.0", tar(layer -> layer.file("Packages/evil.rpm", new byte[] {1}, 0644)));
        Project project = locked(project("2.5.0"));
        FormatException refusal = refused(FormatException.class, () -> project.fetch(Arch.X86_64));
        assertThat(refusal).hasMessageContaining("'Packages'").hasMessageContaining("layer below");
        assertNothingBad(project, blobs(project));
        assertThat(files(project.directory().resolve("build"))).noneMatch(file -> file.endsWith("evil.rpm"));
    }

    @Test
    void a_hostile_layer_is_refused_with_what_it_is_and_nothing_of_the_kit_is_seen() throws IOException {
        publishWith("v2.6.0", tar(layer -> layer.symlink("etc/out", "../../outside")));
        Project project = locked(project("2.6.0"));
        http.requests.clear();
        for (int i = 0; i < 2; i++) {
            FormatException refusal = refused(FormatException.class, () -> project.fetch(Arch.X86_64));
            assertThat(refusal).hasMessageContaining("'etc/out'").hasMessageContaining("out of the target");
            assertNothingBad(project, blobs(project));
        }
        // It is what the lock pins, so there is no use in asking for it again.
        assertThat(blobRequests()).doesNotHaveDuplicates();
        assertThat(files(project.directory().resolve("build/external-kits"))).isEmpty();
    }

    @Test
    void damage_on_the_way_is_not_taken_for_hostility() throws IOException {
        Project project = locked(project("2.2.0"));
        Descriptor layer = layers("v2.2.0").get(0);
        Path served = demo.registryDirectory()
                .resolve("base-kit/blobs/sha256")
                .resolve(layer.digest().hex());
        // In the first header, so that the unpacker finds it first.
        Damage.flipByte(served, 130);
        try {
            refused(VerificationException.class, () -> project.fetch(Arch.X86_64));
        } finally {
            Damage.flipByte(served, 130);
        }
        project.fetch(Arch.X86_64);
        assertComplete(project);
    }

    // Ends of processes and disks

    @Test
    void after_a_kill_only_what_is_missing_is_transferred() throws IOException, InterruptedException {
        Project project = locked(project("2.2.0"));
        http.delayMillis = 200;
        http.requests.clear();
        try (ChildBuild child = ChildBuild.start(project.directory(), directory.resolve("cache-" + worlds), "fetch")) {
            while (blobRequests().size() < 4) {
                Thread.sleep(10);
            }
            child.kill();
        }
        assertNothingBad(project, blobs(project));
        Map<String, Long> kept = new TreeMap<>();
        for (Path file : files(blobs(project))) {
            kept.put(file.getFileName().toString(), Files.size(file));
        }
        // What the dead process asked for last is still being answered.
        do {
            Thread.sleep(2 * http.delayMillis);
        } while (http.atOnce.get() > 0);
        http.delayMillis = 0;
        http.requests.clear();
        project.fetch(Arch.X86_64);
        assertComplete(project);
        assertAskedForTheRest(kept);
        assertThat(project.directory().resolve("build/state/scratch"))
                .satisfiesAnyOf(
                        scratch -> assertThat(scratch).doesNotExist(),
                        scratch -> assertThat(scratch).isEmptyDirectory());
    }

    /** What was kept whole was not asked for, of what was kept in part only the rest. */
    private void assertAskedForTheRest(Map<String, Long> kept) {
        for (Descriptor layer : layers("v2.2.0")) {
            String hex = layer.digest().hex();
            long had = kept.containsKey(hex) ? layer.size() : kept.getOrDefault(hex + ".part", 0L);
            List<String> asked = blobRequests().stream()
                    .filter(request -> request.contains(hex))
                    .toList();
            if (had == layer.size()) {
                assertThat(asked).isEmpty();
            } else {
                assertThat(asked).singleElement().asString().endsWith(had == 0 ? hex : hex + " from " + had);
            }
        }
    }

    /** A small file system is full half-way; it then grows, and the next run goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"cache", "build"})
    @Peer("unshare")
    void a_full_disk_keeps_nothing_bad_and_the_next_run_goes_on(String full) throws Exception {
        assumeTrue(
                new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0, "no user may mount anything here");
        Project project = locked(project("2.2.0"));
        Path cache = directory.resolve("cache-" + worlds);
        Path mount = Files.createDirectories(full.equals("cache") ? blobs(project) : tree(project.directory()));
        Path log = directory.resolve("full-" + full);
        String script = "set -e; mount -t tmpfs -o size=1m tmpfs \"$0\"; "
                + (full.equals("cache") ? "cp -a \"$0.saved/.\" \"$0\"; " : "")
                + "if \"$@\"; then echo NOT FULL; exit 1; fi; "
                + "find '" + blobs(project) + "' -type f -printf 'KEPT %f %s\\n'; "
                + "mount -o remount,size=64m \"$0\"; \"$@\"; cp -a \"$0/.\" \"$0.seen\"";
        if (full.equals("cache")) {
            Command.output("cp", "-a", mount, mount + ".saved");
        }
        List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script, mount.toString()));
        command.addAll(ChildBuild.command(project.directory(), cache, "fetch"));
        http.requests.clear();
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String said = Files.readString(log);
        assertThat(status).as(said).isZero();
        assertThat(said.substring(0, said.indexOf("KEPT"))).contains("No space left on device");
        if (full.equals("cache")) {
            assertComplete(project);
        }
        for (Path blob : files(blobs(project).resolveSibling(blobs(project).getFileName() + ".seen"))) {
            assertThat(blob)
                    .hasFileName(Digest.ofBytes(Files.readAllBytes(blob)).hex());
        }
        // The requests of both runs: the first asked for everything that it began from its first byte.
        Map<String, Long> kept = new TreeMap<>();
        said.lines()
                .filter(line -> line.startsWith("KEPT "))
                .map(line -> line.split(" "))
                .forEach(words -> {
                    kept.put(words[1], Long.parseLong(words[2]));
                });
        assertThat(kept).hasSizeGreaterThan(4);
        kept.forEach((name, size) -> {
            String hex = name.replace(".part", "");
            assertThat(blobRequests().stream().filter(request -> request.endsWith(hex)))
                    .as(name)
                    .hasSizeLessThanOrEqualTo(size > 0 ? 1 : 2);
        });
    }

    private static Path tree(Path project) {
        return project.resolve("build");
    }

    // Peers

    @Test
    @Peer("tar")
    void our_kits_unpack_with_a_reader_of_plain_tar_that_looks_for_repodata_at_the_root() throws IOException {
        Project project = locked(project("2.2.0"));
        project.fetch(Arch.X86_64);
        Path theirs = Files.createDirectory(directory.resolve("plain-tar"));
        for (Descriptor layer : layers("v2.2.0")) {
            assertThat(layer.mediaType()).isEqualTo(MediaTypes.LAYER_TAR);
            Path blob = demo.registryDirectory()
                    .resolve("base-kit/blobs/sha256")
                    .resolve(layer.digest().hex());
            Command.output("tar", "-C", theirs, "-xf", blob);
        }
        assertThat(theirs.resolve("repodata/repomd.xml")).isNotEmptyFile();
        assertThat(files(theirs.resolve("Packages").toRealPath()))
                .anyMatch(file -> file.toString().endsWith(".rpm"));
        Files.delete(tree(project).resolve("digest"));
        assertThat(Command.output("diff", "-r", "--no-dereference", theirs, tree(project)))
                .isEmpty();
    }
}
