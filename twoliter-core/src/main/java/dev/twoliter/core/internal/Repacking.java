package dev.twoliter.core.internal;

import dev.twoliter.api.Arch;
import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.VariantSpec;
import dev.twoliter.api.plan.RepackRequest;
import dev.twoliter.api.plan.RepackResult;
import dev.twoliter.core.internal.image.Repack;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.plan.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds what a request to repack means, and puts the result where it belongs, as a whole. */
record Repacking(ProjectSpec project, ProjectPaths paths, RepackRequest request, Work.VariantFiles files) {

    RepackResult run(Consumer<String> progress) {
        VariantSpec variant = variant();
        Arch arch = request.arch();
        Path image = request.image()
                .map(paths.directory()::resolve)
                .orElseGet(() -> paths.images(variant.name(), arch).resolve("latest"));
        Path scratch = scratch();
        AtomicFiles.deleteTree(scratch);
        try {
            Files.createDirectories(scratch);
            RepackResult made = new Repack(variant, arch, files, paths, image, scratch, progress).run();
            Path target = request.output().isPresent()
                    ? placeAsAsked(made.directory())
                    : placeInProject(made.directory(), paths.repacked(variant.name(), arch));
            return new RepackResult(target, made.rootHash(), made.artifacts());
        } catch (IOException e) {
            throw StorageException.of("write", scratch, e);
        } finally {
            AtomicFiles.deleteTree(scratch);
        }
    }

    private VariantSpec variant() {
        return project.variants().stream()
                .filter(known -> known.name().equals(request.variant()))
                .findFirst()
                .orElseThrow(() -> new InvalidProjectException(
                        List.of(Problem.error("variants", "the project has no variant '" + request.variant() + "'"))));
    }

    /** Beside the result, so that one renaming brings it to its place. */
    private Path scratch() {
        if (request.output().isEmpty()) {
            return paths.scratch().resolve("repack");
        }
        Path output = output();
        requireEmpty(output);
        return output.resolveSibling("." + output.getFileName() + ".repack");
    }

    private Path output() {
        return paths.directory()
                .resolve(request.output().orElseThrow())
                .toAbsolutePath()
                .normalize();
    }

    private Path placeAsAsked(Path made) throws IOException {
        Path target = output();
        Files.deleteIfExists(target);
        AtomicFiles.rename(made, target);
        return target;
    }

    private static Path placeInProject(Path made, Path directory) throws IOException {
        Path target = directory.resolve(made.getFileName());
        AtomicFiles.deleteTree(target);
        Files.createDirectories(directory);
        AtomicFiles.rename(made, target);
        Path link = Files.createSymbolicLink(made.resolveSibling("latest"), target.getFileName());
        AtomicFiles.rename(link, directory.resolve("latest"));
        return target;
    }

    private static void requireEmpty(Path directory) {
        try {
            if (!Files.exists(directory)) {
                return;
            }
            try (Stream<Path> all = Files.list(directory)) {
                if (all.findAny().isEmpty()) {
                    return;
                }
            }
        } catch (IOException e) {
            throw StorageException.of("read", directory, e);
        }
        throw new SourceException(
                directory.toString(),
                directory + " is not empty, and a repacked image goes into a directory of its own",
                "Name one that is not there yet.",
                null);
    }
}
