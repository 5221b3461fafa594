package dev.twoliter.core.internal.kit;

import dev.twoliter.api.ImageDependency;
import dev.twoliter.api.Lock;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.resolve.KitLabel;
import dev.twoliter.oci.ImageBuilder;
import dev.twoliter.oci.Layer;
import dev.twoliter.oci.OciArchive;
import dev.twoliter.oci.TarLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the container image of a kit: one plain tar layer for each package, one for everything else. Used once. */
final class KitImage {

    private static final int DEFAULT_PRIORITY = 99;

    private final Work.Kit work;
    private final Lock lock;
    private final Path repository;
    private final Optional<String> publicKey;
    private final String root;

    KitImage(Work.Kit work, Lock lock, Path repository, Optional<String> publicKey) {
        this.work = work;
        this.lock = lock;
        this.repository = repository;
        this.publicKey = publicKey;
        this.root = "kits/" + work.kit().name();
    }

    void writeTo(Path output) {
        Path scratch = output.resolve(".layers");
        try {
            Files.createDirectories(scratch);
            ImageBuilder image = ImageBuilder.forArch(work.arch())
                    .created(Instant.ofEpochSecond(work.stamp().epochSeconds()));
            String label = KitLabel.write(work.kit().name(), work.stamp().version(), lock.sdk(), dependencies());
            KitLabel.WRITTEN.forEach(name -> image.label(name, label));
            for (Path directory : children(repository.resolve("Packages"))) {
                image.addLayer(packageLayer(directory, scratch));
            }
            image.addLayer(restLayer(scratch));
            OciArchive.write(
                    output.resolve(KitFiles.archive(
                            work.kit().name(),
                            work.stamp().version(),
                            work.stamp().buildId(),
                            work.arch())),
                    image.build());
        } catch (IOException e) {
            throw StorageException.of("write", scratch, e);
        } finally {
            AtomicFiles.deleteTree(scratch);
        }
    }

    /** Local kits of this project first, then every locked one (project-formats.md 3.2). */
    private List<ImageDependency> dependencies() {
        List<ImageDependency> kits = new ArrayList<>();
        work.localKits()
                .forEach(kit -> kits.add(new ImageDependency(
                        kit, work.stamp().version(), work.kit().vendor())));
        lock.kits().forEach(kit -> kits.add(new ImageDependency(kit.name(), kit.version(), kit.vendor())));
        return kits;
    }

    private Layer packageLayer(Path directory, Path scratch) {
        String name = String.valueOf(directory.getFileName());
        TarLayer layer = TarLayer.at(work.stamp().epochSeconds());
        children(directory).forEach(rpm -> layer.file(root + "/Packages/" + name + "/" + rpm.getFileName(), rpm, 0644));
        return layer.writeTo(scratch.resolve("package-" + name + ".tar"));
    }

    private Layer restLayer(Path scratch) {
        String kit = work.kit().name();
        String keyPath = "etc/pki/rpm-gpg/RPM-GPG-KEY-" + kit;
        TarLayer layer = TarLayer.at(work.stamp().epochSeconds());
        String repoFile = KitFiles.repoFile(
                kit,
                "file:///" + root,
                DEFAULT_PRIORITY,
                publicKey.map(key -> List.of("file:///" + keyPath)).orElse(List.of()));
        layer.file("etc/yum.repos.d/" + kit + ".repo", repoFile.getBytes(StandardCharsets.UTF_8), 0644);
        publicKey.ifPresent(key -> layer.file(keyPath, key.getBytes(StandardCharsets.UTF_8), 0644));
        children(repository.resolve("repodata"))
                .forEach(file -> layer.file(root + "/repodata/" + file.getFileName(), file, 0644));
        layer.symlink("Packages", root + "/Packages");
        layer.symlink("repodata", root + "/repodata");
        return layer.writeTo(scratch.resolve("rest.tar"));
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.sorted().toList();
        } catch (IOException e) {
            throw StorageException.of("read", directory, e);
        }
    }
}
