package dev.twoliter.core.internal.kit;

import dev.twoliter.api.Digest;
import dev.twoliter.api.EngineException;
import dev.twoliter.api.StorageException;
import dev.twoliter.api.event.StepId;
import dev.twoliter.api.spi.StepScope;
import dev.twoliter.core.internal.io.AtomicFiles;
import dev.twoliter.core.internal.io.Hashing;
import dev.twoliter.core.internal.plan.StepRecord;
import dev.twoliter.core.internal.plan.Work;
import dev.twoliter.core.internal.run.Results;
import dev.twoliter.rpm.RpmSigner;
import dev.twoliter.rpm.repo.RepoOptions;
import dev.twoliter.rpm.repo.RepoWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a kit together (formats.md, sections 2 and 4): copies the RPMs of its packages, signs them, indexes them, and
 * writes the image. Used once.
 */
public final class KitAssembly {

    private final Work.Kit work;
    private final StepScope scope;
    private final Results results;
    private final Path repository;
    private final Map<String, String> owners = new HashMap<>();

    /**
     * Prepares a kit.
     *
     * @param work what it is made of
     * @param scope where to, and whom to tell
     * @param results where its packages are
     */
    public KitAssembly(Work.Kit work, StepScope scope, Results results) {
        this.work = work;
        this.scope = scope;
        this.results = results;
        this.repository = scope.output().resolve(work.arch().rpmName());
    }

    /** Makes the repository {@code ARCH/} and, where there is an SDK, the image archive beside it. */
    public void run() {
        Optional<RpmSigner> signer = work.rpmKey().map(RpmSigner::open);
        Instant time = Instant.ofEpochSecond(work.stamp().epochSeconds());
        for (StepId step : work.packages()) {
            scope.cancellation().throwIfRequested();
            copyPackage(step, signer, time);
        }
        scope.progress("indexing");
        RepoOptions.Builder options = RepoOptions.builder().timestamp(time);
        signer.ifPresent(options::signer);
        RepoWriter.write(repository, options.build());
        signer.ifPresent(s -> AtomicFiles.write(
                scope.output()
                        .resolve(KitFiles.publicKey(work.arch(), work.kit().name())),
                s.publicKeyArmored().getBytes(StandardCharsets.UTF_8)));
        if (work.lock().isPresent()) {
            scope.progress("writing the image");
            new KitImage(work, work.lock().get(), repository, signer.map(RpmSigner::publicKeyArmored))
                    .writeTo(scope.output());
        } else {
            scope.warn("no image was written for kit " + work.kit().name()
                    + ", because the project names no SDK: add [sdk] to Twoliter.toml to publish it");
        }
    }

    private void copyPackage(StepId step, Optional<RpmSigner> signer, Instant time) {
        Results.Result made = results.of(step);
        int copied = 0;
        for (StepRecord.Output output : made.endingWith(".rpm")) {
            if (isForThisKit(output.path())) {
                requireNew(output.path(), step.name());
                Path rpm = made.target().resolve(output.path());
                Path copy = repository.resolve("Packages").resolve(step.name()).resolve(output.path());
                copy(rpm, copy, output.digest());
                signer.ifPresent(s -> s.sign(copy, time));
                copied++;
            }
        }
        if (copied == 0) {
            throw new EngineException(
                    "kit '" + work.kit().name() + "': package '" + step.name() + "' made no RPM for " + work.arch(),
                    "Check the arch in its package.toml.",
                    null);
        }
    }

    /** Of two packages of one name, dnf would take either. */
    private void requireNew(String file, String owner) {
        String other = owners.putIfAbsent(file, owner);
        if (other != null) {
            throw new EngineException(
                    "kit '" + work.kit().name() + "': packages '" + other + "' and '" + owner + "' both make " + file,
                    "Rename one of them in its spec or package.toml, or drop it.",
                    null);
        }
    }

    /** As upstream, no debug packages (project-formats.md 3.4); unlike it, noarch packages are kept. */
    private boolean isForThisKit(String file) {
        return (file.endsWith("." + work.arch() + ".rpm") || file.endsWith(".noarch.rpm"))
                && !file.contains("-debuginfo-")
                && !file.contains("-debugsource-");
    }

    private static void copy(Path rpm, Path copy, Digest recorded) {
        try {
            Files.createDirectories(copy.getParent());
            try (OutputStream out = Files.newOutputStream(copy)) {
                Results.requireSame(rpm, recorded, Hashing.copy(rpm, out));
            }
        } catch (IOException e) {
            throw StorageException.of("copy", rpm, e);
        }
    }
}
