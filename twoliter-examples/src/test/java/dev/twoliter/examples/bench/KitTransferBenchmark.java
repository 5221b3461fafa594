package dev.twoliter.examples.bench;

import dev.twoliter.api.Environment;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.testing.DockerRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long it takes to push a corpus of packages as a kit, to push it again with nothing new, and to pull and unpack it,
 * as whole processes with a registry on this machine, against skopeo and umoci in the same run: {@code mvn -q -Pbench
 * -Dbench.corpus=DIR package}. The registry's storage is new for each first push, the cache and the tree for each pull.
 * It prints and never fails by being slow.
 */
public final class KitTransferBenchmark {
    private static final String KIT = BenchKit.NAME;
    private static final String TAG = BenchKit.TAG;

    private final int rounds;
    private final Path twoliter;
    private final Path work;
    private final Path layout;

    private KitTransferBenchmark(int rounds, Path twoliter, Path work) {
        this.rounds = rounds;
        this.twoliter = twoliter;
        this.work = work;
        this.layout = work.resolve("layout");
    }

    /**
     * Runs it.
     *
     * @param arguments the program {@code bin/twoliter}; the corpus, a directory of package directories; how many rounds
     *     (5)
     */
    public static void main(String... arguments) throws Exception {
        if (arguments.length < 2 || arguments[1].isEmpty()) {
            System.out.println("kit transfers: no corpus, so nothing is measured; give -Dbench.corpus=DIR");
            return;
        }
        Path work = Files.createTempDirectory("twoliter-bench");
        try {
            int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
            KitTransferBenchmark benchmark = new KitTransferBenchmark(rounds, Path.of(arguments[0]), work);
            benchmark.publish(Path.of(arguments[1]));
            benchmark.push();
            benchmark.pull();
        } finally {
            BenchKit.delete(work);
        }
    }

    // The kit, once, in an OCI layout

    private void publish(Path corpus) throws Exception {
        Path repo = work.resolve("repo");
        Files.createDirectories(repo);
        SideBySide.call(
                List.of("cp", "-a", corpus.toString(), repo.resolve("Packages").toString()));
        Path layers = Files.createDirectories(work.resolve("layers"));
        BenchKit.Size size = BenchKit.publish(repo, layout, layers);
        BenchKit.delete(repo);
        BenchKit.delete(layers);
        System.out.printf(Locale.ROOT, "%d layers, %.1f MB, median of %d%n", size.layers(), size.bytes() / 1e6, rounds);
    }

    // Measurements

    /** A registry whose storage can be emptied, because it is a process of its own that is started anew. */
    private final class Fresh implements AutoCloseable {
        private final Path directory;
        private DockerRegistry registry;

        Fresh(String name) throws Exception {
            this.directory = work.resolve(name);
            this.registry = start();
        }

        private DockerRegistry start() throws Exception {
            BenchKit.delete(directory);
            return DockerRegistry.start(Files.createDirectories(directory));
        }

        String host() {
            return registry.host();
        }

        void empty() throws Exception {
            SideBySide.call(List.of("sh", "-c", "rm -rf '" + directory.resolve("data") + "'; sync"));
        }

        @Override
        public void close() {
            registry.close();
        }
    }

    private void push() throws Exception {
        if (!canCopy()) {
            System.out.println("push: this build has no `twoliter image copy`, so nothing is measured");
            return;
        }
        try (Fresh one = new Fresh("pushed-by-us");
                Fresh other = new Fresh("pushed-by-skopeo")) {
            List<String> ours = List.of(
                    twoliter.toString(),
                    "image",
                    "copy",
                    "--quiet",
                    "oci:" + layout + "/" + KIT + ":" + TAG,
                    "docker://" + one.host() + "/" + KIT + ":" + TAG);
            List<String> theirs = List.of(
                    "skopeo",
                    "copy",
                    "--all",
                    "--quiet",
                    "--preserve-digests",
                    "--dest-tls-verify=false",
                    "oci:" + layout.resolve(KIT) + ":" + TAG,
                    "docker://" + other.host() + "/" + KIT + ":" + TAG);
            SideBySide sides = new SideBySide(rounds, work);
            sides.compare("push", new SideBySide.Side(ours, one::empty), new SideBySide.Side(theirs, other::empty));
            sides.compare("push, nothing new", ours, theirs);
        }
    }

    private boolean canCopy() throws Exception {
        Path help = work.resolve("help");
        new ProcessBuilder(twoliter.toString(), "image", "copy", "--help")
                .redirectOutput(help.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        return Files.readString(help).contains("twoliter image copy");
    }

    private void pull() throws Exception {
        try (Fresh registry = new Fresh("served")) {
            for (String image : List.of(KIT + ":" + TAG, BenchKit.SDK + ":v" + BenchKit.SDK_VERSION)) {
                String name = image.substring(0, image.indexOf(':'));
                SideBySide.call(List.of(
                        "skopeo",
                        "copy",
                        "--all",
                        "--preserve-digests",
                        "--dest-tls-verify=false",
                        "oci:" + layout.resolve(name) + image.substring(image.indexOf(':')),
                        "docker://" + registry.host() + "/" + image));
            }
            Path cache = work.resolve("cache");
            Project project = Twoliter.create(
                    work.resolve("project"),
                    ProjectSpec.builder()
                            .releaseVersion("1.0.0")
                            .vendor("bench", registry.host())
                            .sdk(BenchKit.SDK, BenchKit.SDK_VERSION, "bench")
                            .dependsOnKit(KIT, BenchKit.VERSION, "bench")
                            .build(),
                    Environment.of(Map.of(), work.resolve("other-cache")));
            project.updateLock().write();
            List<String> ours = List.of(
                    "env",
                    "XDG_CACHE_HOME=" + cache,
                    twoliter.toString(),
                    "fetch",
                    "--quiet",
                    "--arch",
                    "x86_64",
                    "--project-path",
                    project.directory().toString());
            Path pulled = work.resolve("pulled");
            Path unpacked = work.resolve("unpacked");
            List<String> theirs = List.of(
                    "sh",
                    "-c",
                    "skopeo copy --quiet --src-tls-verify=false --dest-oci-accept-uncompressed-layers docker://"
                            + registry.host() + "/" + KIT + ":" + TAG + " oci:" + pulled + ":" + TAG
                            + " && umoci raw unpack --image " + pulled + ":" + TAG + " " + unpacked);
            Path build = project.directory().resolve("build");
            new SideBySide(rounds, work)
                    .compare(
                            "pull and unpack (skopeo, umoci)",
                            new SideBySide.Side(ours, () -> clear(cache, build)),
                            new SideBySide.Side(theirs, () -> clear(pulled, unpacked)));
            same(build.resolve("external-kits/bench/" + KIT + "/x86_64"), unpacked);
        }
    }

    private static void clear(Path... directories) throws Exception {
        for (Path directory : directories) {
            BenchKit.delete(directory);
        }
        // What earlier runs have written must not be written to the disk at the expense of this one.
        SideBySide.call(List.of("sync"));
    }

    private static void same(Path ours, Path theirs) throws Exception {
        List<String> diff = new ArrayList<>(List.of("diff", "-r", "--no-dereference", "--exclude=digest"));
        diff.addAll(List.of(ours.toString(), theirs.toString()));
        int status = new ProcessBuilder(diff).inheritIO().start().waitFor();
        System.out.println("the trees are " + (status == 0 ? "the same" : "DIFFERENT"));
    }
}
