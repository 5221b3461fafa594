package dev.twoliter.core.internal.variant;

import dev.twoliter.api.EngineException;
import dev.twoliter.api.LockedImage;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.kit.KitFiles;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.resolve.KitTree;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.rpm.repo.RepoOptions;
import dev.twoliter.rpm.repo.RepoReader;
import dev.twoliter.rpm.repo.RepoWriter;
import dev.twoliter.rpm.repo.Repository;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All kits of a variant side by side, as the seed design draws them: {@code etc/yum.repos.d/KIT.repo} with its priority
 * and {@code kits/KIT}. The packages that the variant uses directly are a repository of their own, before all kits.
 * Immutable, thread-safe.
 *
 * @param repositories highest priority first
 */
record Composite(List<Member> repositories) {

    /** The repository of the variant's own packages. */
    static final String LOCAL = "this-variant";

    private static final int LOCAL_PRIORITY = 1;

    /**
     * One repository.
     *
     * @param name its name
     * @param priority lower wins
     * @param repository what is in it
     */
    record Member(String name, int priority, Repository repository) {}

    Composite {
        repositories = List.copyOf(repositories);
    }

    static Composite create(Work.Variant work, Path root, ProjectPaths paths, Results results) {
        AtomicFiles.deleteTree(root);
        try {
            Files.createDirectories(root.resolve("kits"));
            List<Member> members = new ArrayList<>();
            members.add(local(work, root, results));
            for (Work.KitSource kit : work.kits()) {
                members.add(kit(work, kit, root, paths, results));
            }
            return new Composite(members);
        } catch (IOException e) {
            throw StorageException.of("write", root, e);
        }
    }

    private static Member local(Work.Variant work, Path root, Results results) throws IOException {
        Path directory = root.resolve("kits").resolve(LOCAL);
        Path packages = Files.createDirectories(directory.resolve("Packages"));
        MetadataPackage.write(work, packages);
        for (StepId step : work.packages()) {
            Results.Result made = results.of(step);
            for (StepRecord.Output output : made.endingWith(".rpm")) {
                Path rpm = made.target().resolve(output.path());
                if (isFor(work, output.path())) {
                    try (OutputStream out = Files.newOutputStream(packages.resolve(output.path()))) {
                        Results.requireSame(rpm, output.digest(), Hashing.copy(rpm, out));
                    }
                }
            }
        }
        RepoWriter.write(
                directory,
                RepoOptions.builder()
                        .timestamp(Instant.ofEpochSecond(work.stamp().epochSeconds()))
                        .databases(false)
                        .build());
        return member(root, LOCAL, LOCAL_PRIORITY, directory, List.of());
    }

    private static boolean isFor(Work.Variant work, String rpm) {
        return rpm.endsWith("." + work.arch() + ".rpm") || rpm.endsWith(".noarch.rpm");
    }

    private static Member kit(Work.Variant work, Work.KitSource kit, Path root, ProjectPaths paths, Results results)
            throws IOException {
        Path directory;
        List<Path> keys;
        if (kit.local().isPresent()) {
            Path target = results.of(kit.local().get()).target();
            directory = target.resolve(work.arch().rpmName());
            keys = existing(target.resolve(KitFiles.publicKey(work.arch(), kit.name())));
        } else {
            LockedImage image = kit.external().orElseThrow();
            Path tree = paths.externalKit(image.vendor(), image.name(), work.arch());
            directory = KitTree.repository(tree);
            // A key that comes with what it signed proves nothing; it is for vendors that nobody was told to trust.
            keys = kit.trustedKeys().isEmpty()
                    ? existing(tree.resolve("etc/pki/rpm-gpg/RPM-GPG-KEY-" + image.name()))
                    : kit.trustedKeys();
        }
        Path kits = root.resolve("kits");
        Path link = kits.resolve(kit.name());
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            throw new EngineException(
                    "variant '" + work.variant().name() + "': two kits would both be the repository '" + kit.name()
                            + "'",
                    "Rename one of them, or its vendor.",
                    null);
        }
        Files.createSymbolicLink(link, kits.relativize(directory));
        return member(root, kit.name(), kit.priority(), link, keys);
    }

    private static List<Path> existing(Path key) {
        return Files.isRegularFile(key) ? List.of(key) : List.of();
    }

    private static Member member(Path root, String name, int priority, Path directory, List<Path> keys) {
        AtomicFiles.write(
                root.resolve("etc/yum.repos.d").resolve(name + ".repo"),
                KitFiles.repoFile(
                                name,
                                directory.toUri().toString(),
                                priority,
                                keys.stream().map(key -> key.toUri().toString()).toList())
                        .getBytes(StandardCharsets.UTF_8));
        return new Member(name, priority, RepoReader.read(directory));
    }
}
