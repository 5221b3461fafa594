package dev.twoliter.rpm.internal.repo;

import dev.twoliter.api.StorageException;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.rpm.RpmVerifier;
import dev.twoliter.rpm.repo.RepoPackage;
import dev.twoliter.rpm.repo.RepoProgress;
import dev.twoliter.rpm.repo.RepoReport;
import dev.twoliter.rpm.repo.RepoReport.Problem;
import dev.twoliter.rpm.repo.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Compares an index with itself and with the packages it lists. Not thread-safe. */
public final class RepodataCheck {
    private final Path root;
    private final @Nullable RpmVerifier verifier;
    private final int workers;
    private final RepoProgress progress;
    private final List<Problem> problems = new ArrayList<>();

    public RepodataCheck(Path root, @Nullable RpmVerifier verifier, int workers, RepoProgress progress) {
        this.root = root;
        this.verifier = verifier;
        this.workers = workers;
        this.progress = progress;
    }

    public RepoReport run() {
        RepodataFiles files;
        try {
            files = RepodataFiles.open(root, verifier);
        } catch (TwoliterException e) {
            problems.add(problem("repodata/repomd.xml", e));
            return new RepoReport(0, 0, problems, List.of());
        }
        files.repomd()
                .data()
                .values()
                .forEach(data -> attempt(data.href(), () -> {
                    files.check(data);
                    files.checkOpen(data);
                }));
        List<RepoPackage> packages = new ArrayList<>();
        attempt("repodata/repomd.xml", () -> {
            Repository repository = RepodataReader.read(files);
            packages.addAll(repository.packages());
        });
        checkPackages(packages);
        return new RepoReport(packages.size(), files.repomd().data().size(), problems, unlisted(packages));
    }

    private void attempt(String file, Runnable work) {
        try {
            work.run();
        } catch (TwoliterException e) {
            Problem problem = problem(file, e);
            if (problems.stream().noneMatch(known -> known.message().equals(problem.message()))) {
                problems.add(problem);
            }
        }
    }

    private static Problem problem(String file, TwoliterException e) {
        return new Problem(file, String.valueOf(e.getMessage()));
    }

    private void checkPackages(List<RepoPackage> packages) {
        ExecutorService executor = Executors.newFixedThreadPool(workers);
        try {
            List<Future<Optional<Problem>>> results = new ArrayList<>();
            packages.forEach(pkg -> results.add(executor.submit(() -> check(pkg))));
            for (int i = 0; i < results.size(); i++) {
                results.get(i).get().ifPresent(problems::add);
                progress.onPackage(i + 1, results.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StorageException.of("check", root, new IOException("interrupted", e));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }

    private Optional<Problem> check(RepoPackage pkg) {
        Path file = root.resolve(pkg.href());
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(new Problem(pkg.href(), "the index lists it, but it is not there"));
            }
            long size = Files.size(file);
            if (size != pkg.size()) {
                return Optional.of(
                        new Problem(pkg.href(), "it has " + size + " bytes, but the index says " + pkg.size()));
            }
            String actual = HashedPackage.digest(file, pkg.sha256().algorithm());
            return actual.equals(pkg.sha256().hex())
                    ? Optional.empty()
                    : Optional.of(new Problem(pkg.href(), "its digest is not the one that the index says"));
        } catch (IOException e) {
            return Optional.of(problem(pkg.href(), StorageException.of("read", file, e)));
        }
    }

    private List<String> unlisted(List<RepoPackage> packages) {
        Set<String> listed = new HashSet<>();
        packages.forEach(pkg -> listed.add(pkg.href()));
        try {
            return RpmOnDisk.find(root, List.of()).stream()
                    .map(RpmOnDisk::href)
                    .filter(href -> !listed.contains(href))
                    .toList();
        } catch (IOException e) {
            throw StorageException.of("read", root, e);
        }
    }
}
