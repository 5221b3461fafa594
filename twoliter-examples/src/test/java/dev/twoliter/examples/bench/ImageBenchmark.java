package dev.twoliter.examples.bench;

import dev.twoliter.api.Arch;
import dev.twoliter.api.Environment;
import dev.twoliter.api.ImageFeature;
import dev.twoliter.api.Project;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.Twoliter;
import dev.twoliter.rpm.RpmBuilder;
import dev.twoliter.rpm.RpmEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long it takes to make the disk images of a variant whose root holds 400 MB of this machine's own programs, as a
 * whole process, against the native chain with the same packages in the same run: rpm, mkfs.erofs (or mkfs.ext4, whose
 * root is not compressed), veritysetup, sgdisk, dd, lz4, as upstream calls them. Both sides make the same artefacts; ours
 * also their digests. It prints and never fails by being slow: {@code mvn -q -Pbench package}.
 */
public final class ImageBenchmark {
    private static final long LARGEST_FILE = 60_000_000;
    private static final long KERNEL_SIZE = 15_000_000;
    private static final int PACKAGES = 40;
    private static final List<String> SOURCES =
            List.of("/usr/bin", "/usr/sbin", "/usr/libexec", "/usr/lib/x86_64-linux-gnu", "/usr/share");
    private static final String CONTEXTS = "/.*  system_u:object_r:os_t:s0\n";
    private static final String CONTEXTS_PLACE = "/etc/selinux/fortified/contexts/files/file_contexts";

    /** What makes the artefacts of one disk of 2 GiB and one of 1 GiB out of packages; with the root's file system. */
    private static final String NATIVE = """
            set -e
            cd "$1"
            mkdir -p root/var/lib/rpm
            rpm --root "$1/root" --dbpath /var/lib/rpm -i --nodeps --noscripts --ignorearch ../rpms/*.rpm
            rm -rf root/var/lib
            mv root/boot boot
            mkdir root/boot private
            mv boot/efi efi && mkdir boot/efi
            chmod -R go= boot
            if [ "$2" = erofs ]; then
                mkfs.erofs --quiet -zlz4hc,12 -C262144 --all-root -T1 --file-contexts=../file_contexts root.ext4 root
            else
                truncate -s 920M root.ext4
                mkfs.ext4 -q -b 4096 -O ^has_journal -E lazy_itable_init=0,stride=1024,stripe_width=1024 -d root root.ext4
                resize2fs -M root.ext4
            fi
            truncate -s 10M root.verity
            veritysetup format root.ext4 root.verity
            truncate -s 40M boot.ext4
            mkfs.ext4 -q -b 1024 -O ^has_journal -d boot boot.ext4
            resize2fs -M boot.ext4
            truncate -s 41M private.ext4
            mkfs.ext4 -q -b 4096 -i 4096 -I 256 -d private private.ext4
            truncate -s 1022M data.ext4
            mkfs.ext4 -q -m 0 data.ext4
            truncate -s 5M efi.fat
            mkfs.fat -S 512 efi.fat
            mcopy -s -i efi.fat efi/EFI ::/EFI
            truncate -s 2G os.img
            sgdisk --clear -n 1:2048:10239 -n 2:10240:20479 -n 3:20480:102399 -n 4:102400:1986559 -n 5:1986560:2007039 \\
                -n 6:2007040:2058239 -n 7:2058240:2068479 -n 8:2068480:2150399 -n 9:2150400:4034559 \\
                -n 10:4034560:4055039 -n 11:4055040:4106239 -n 12:4106240:4190207 -n 13:4190208:4192255 os.img
            truncate -s 1G data.img
            sgdisk --clear -n 1:2048:2095103 data.img
            put() { dd if="$1" of="$2" bs=1M seek="$3" conv=notrunc,sparse status=none; }
            put efi.fat os.img 5
            put boot.ext4 os.img 10
            put root.ext4 os.img 50
            put root.verity os.img 970
            put private.ext4 os.img 2005
            put data.ext4 data.img 1
            sgdisk -v os.img && sgdisk -v data.img
            for file in os.img data.img boot.ext4 root.ext4 root.verity; do
                lz4 -q -9 "$file" "$file.lz4"
            done
            """;

    private final int rounds;
    private final long rootSize;
    private final Path twoliter;
    private final Path work;

    private ImageBenchmark(int rounds, long rootSize, Path twoliter, Path work) {
        this.rounds = rounds;
        this.rootSize = rootSize;
        this.twoliter = twoliter;
        this.work = work;
    }

    /**
     * Runs it.
     *
     * @param arguments the program {@code bin/twoliter}; how many rounds (3); the size of the root's files in MB (400);
     *     an absent directory to work in, which then stays
     */
    public static void main(String... arguments) throws Exception {
        if (!System.getProperty("user.name").equals("root")) {
            System.out.println("images: rpm installs as root only, so nothing is measured");
            return;
        }
        Path twoliter = Path.of(arguments[0]).toAbsolutePath();
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        long rootSize = (arguments.length > 2 ? Long.parseLong(arguments[2]) : 400) * 1_000_000;
        boolean stays = arguments.length > 3;
        Path work = stays
                ? Files.createDirectories(Path.of(arguments[3])).toAbsolutePath()
                : Files.createTempDirectory("twoliter-bench");
        try {
            ImageBenchmark benchmark = new ImageBenchmark(rounds, rootSize, twoliter, work);
            Project project = benchmark.prepare();
            benchmark.measure(project, "erofs");
            benchmark.measure(project, "ext4");
        } finally {
            if (!stays) {
                BenchKit.delete(work);
            }
        }
    }

    // The packages, in a kit for us and in a directory for rpm

    private Project prepare() throws Exception {
        Path repo = Files.createDirectories(work.resolve("repo"));
        Path rpms = Files.createDirectories(work.resolve("rpms"));
        List<Path> files = files();
        for (int i = 0; i < PACKAGES; i++) {
            RpmBuilder rpm = rpm("data-" + i);
            for (int j = i; j < files.size(); j += PACKAGES) {
                Path file = files.get(j);
                rpm.add(RpmEntry.file(file.toString(), file).mode(Files.isExecutable(file) ? 0755 : 0644));
            }
            write(rpm, "data-" + i, repo, rpms);
        }
        write(
                rpm("kernel-6.1")
                        .add(RpmEntry.file("/boot/vmlinuz", kernel(files)))
                        .add(RpmEntry.file("/boot/config", new byte[] {'\n'}))
                        .add(RpmEntry.file("/boot/efi/EFI/BOOT/firmware.bin", new byte[900_000]))
                        .add(RpmEntry.directory("/var/lib/nothing"))
                        .add(RpmEntry.file(CONTEXTS_PLACE, CONTEXTS.getBytes(StandardCharsets.UTF_8))),
                "kernel-6.1",
                repo,
                rpms);
        Files.writeString(work.resolve("file_contexts"), CONTEXTS);
        BenchKit.publish(repo, work.resolve("layout"), Files.createDirectories(work.resolve("layers")));
        BenchKit.delete(repo);
        BenchKit.delete(work.resolve("layers"));
        Project project = Twoliter.create(work.resolve("project"), spec(), environment());
        project.updateLock().write();
        project.plan(build -> build.variant("metal-erofs").arch(Arch.X86_64)).run();
        return project;
    }

    private Environment environment() {
        return Environment.of(Map.of(), work.resolve("cache/twoliter"));
    }

    private ProjectSpec spec() {
        List<String> included = Stream.concat(
                        Stream.of("kernel-6.1"), IntStream.range(0, PACKAGES).mapToObj(i -> "data-" + i))
                .toList();
        return ProjectSpec.builder()
                .releaseVersion("1.0.0")
                .vendor("bench", "oci:" + work.resolve("layout"))
                .sdk(BenchKit.SDK, BenchKit.SDK_VERSION, "bench")
                .dependsOnKit(BenchKit.NAME, BenchKit.VERSION, "bench")
                .addVariant(
                        "metal-erofs",
                        v -> v.kits("bench/" + BenchKit.NAME)
                                .packages(included.toArray(String[]::new))
                                .with(ImageFeature.EROFS_ROOT_PARTITION))
                .addVariant(
                        "metal-ext4", v -> v.kits("bench/" + BenchKit.NAME).packages(included.toArray(String[]::new)))
                .build();
    }

    private static RpmBuilder rpm(String name) {
        return RpmBuilder.builder("bottlerocket-" + name, "1.0", "1")
                .arch("x86_64")
                .summary("Some files")
                .license("MIT");
    }

    private static void write(RpmBuilder rpm, String name, Path repo, Path rpms) throws IOException {
        String file = rpm.nevra() + ".rpm";
        Path written =
                Files.createDirectories(repo.resolve("Packages").resolve(name)).resolve(file);
        rpm.writeTo(written);
        Files.copy(written, rpms.resolve(file));
    }

    /** A choice that the hashes of the names make, so that it is a mixture of everything. */
    private List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String source : SOURCES) {
            if (Files.isDirectory(Path.of(source))) {
                try (Stream<Path> files = Files.walk(Path.of(source))) {
                    files.filter(ImageBenchmark::isWanted).forEach(all::add);
                }
            }
        }
        all.sort(Comparator.comparing(file -> new Random(file.toString().hashCode()).nextLong()));
        List<Path> chosen = new ArrayList<>();
        long size = 0;
        for (Path file : all) {
            if (size < rootSize) {
                chosen.add(file);
                size += Files.size(file);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "images: a root of %d files, %.1f MB; median of %d; load average %s%n",
                chosen.size(),
                size / 1e6,
                rounds,
                load());
        return chosen;
    }

    private static boolean isWanted(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.isReadable(file)
                    && Files.size(file) <= LARGEST_FILE;
        } catch (IOException e) {
            return false;
        }
    }

    private static String load() throws IOException {
        Path told = Path.of("/proc/loadavg");
        return Files.isReadable(told) ? Files.readString(told).split(" ")[0] : "unknown";
    }

    private static Path kernel(List<Path> files) {
        return files.stream()
                .filter(file -> file.toFile().length() <= KERNEL_SIZE)
                .max(Comparator.comparingLong(file -> file.toFile().length()))
                .orElseThrow();
    }

    // Measurements

    private void measure(Project project, String fileSystem) throws Exception {
        List<String> ours = List.of(
                "env",
                "XDG_CACHE_HOME=" + work.resolve("cache"),
                twoliter.toString(),
                "build",
                "variant",
                "--quiet",
                "--name",
                "metal-" + fileSystem,
                "--arch",
                "x86_64",
                "--project-path",
                project.directory().toString());
        Path chain = Files.writeString(work.resolve("chain"), NATIVE);
        Path made = work.resolve("made");
        List<String> theirs = List.of("sh", chain.toString(), made.toString(), fileSystem);
        new SideBySide(rounds, work)
                .compare(
                        "image, root " + fileSystem,
                        new SideBySide.Side(
                                ours, () -> clear(project.directory().resolve("build/images"))),
                        new SideBySide.Side(theirs, () -> {
                            clear(made);
                            Files.createDirectory(made);
                        }));
    }

    private static void clear(Path directory) throws Exception {
        BenchKit.delete(directory);
        // What earlier runs have written must not be written to the disk at the expense of this one.
        SideBySide.call(List.of("sync"));
    }
}
