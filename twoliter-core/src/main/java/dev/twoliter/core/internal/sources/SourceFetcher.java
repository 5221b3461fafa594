package dev.twoliter.core.internal.sources;

import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.Digest;
import dev.twoliter.api.Environment;
import dev.twoliter.api.SourceException;
import dev.twoliter.api.StorageException;
import dev.twoliter.core.internal.io.Parallel;
import dev.twoliter.core.internal.io.PartialFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Gets the sources of packages: into the cache that all projects share, into the directory of a build, or into a tree
 * that serves others as a lookaside cache. Thread-safe; several at once, and several processes, download a source once.
 */
public final class SourceFetcher implements AutoCloseable {

    /** More than these are counted, not explained. */
    private static final int EXPLAINED = 5;

    private final SourceSettings settings;
    private final SourceCache cache;
    private final WebClient web;
    private final Servers servers = new Servers();

    /**
     * Prepares; connects to nothing.
     *
     * @param settings where sources come from and how
     * @param environment where the cache is, and which proxies and certificate authorities there are
     */
    public SourceFetcher(SourceSettings settings, Environment environment) {
        this.settings = settings;
        this.cache = new SourceCache(environment.cacheDirectory());
        this.web = new WebClient(settings, environment);
    }

    /**
     * A source that is there.
     *
     * @param source which
     * @param path where; a file in the cache is for reading only, as others may read it too
     * @param size its size in bytes
     * @param fresh whether it was downloaded now
     */
    public record Fetched(SourceFile source, Path path, long size, boolean fresh) {}

    /**
     * Gets sources into the cache, several at a time.
     *
     * @param sources which
     * @param report is told what happens
     * @return one for each, in order; every one was held against its SHA-512 now
     * @throws SourceException if some cannot be had; the others are in the cache then
     * @throws StorageException if a file cannot be read or written
     * @throws BuildCancelledException if it was cancelled or interrupted
     */
    public List<Fetched> fetch(List<SourceFile> sources, SourceReport report) {
        return supply(sources, source -> cache.file(source.digest()), report);
    }

    /**
     * Copies sources into a directory, each under its name, and gets those that are not in the cache first.
     *
     * @param sources which; those of one package
     * @param directory made if it is missing; files of these names are replaced unless they are right
     * @param report is told what happens
     * @return as {@link #fetch}
     */
    public List<Fetched> place(List<SourceFile> sources, Path directory, SourceReport report) {
        return supply(sources, source -> directory.resolve(source.name()), report);
    }

    /**
     * Copies sources into a lookaside cache: {@code DIRECTORY/NAME/SHA512/NAME}, to be served by any web server.
     *
     * @param sources which
     * @param directory its root, made if it is missing; what is there is replaced unless it is right
     * @param report is told what happens
     * @return as {@link #fetch}
     */
    public List<Fetched> mirror(List<SourceFile> sources, Path directory, SourceReport report) {
        return supply(
                sources,
                source -> directory
                        .resolve(source.name())
                        .resolve(source.digest().hex())
                        .resolve(source.name()),
                report);
    }

    private List<Fetched> supply(List<SourceFile> sources, Function<SourceFile, Path> target, SourceReport report) {
        Map<Digest, List<SourceFile>> contents = new LinkedHashMap<>();
        sources.forEach(source -> contents.computeIfAbsent(source.digest(), d -> new ArrayList<>())
                .add(source));
        List<Supplier<Outcome>> work = new ArrayList<>();
        contents.values().forEach(same -> work.add(() -> supplyOne(same, target, report)));
        List<Outcome> outcomes;
        try (Parallel threads = new Parallel(settings.jobs(), "twoliter-source")) {
            outcomes = threads.all(work);
        }
        List<SourceException> failures =
                outcomes.stream().flatMap(o -> o.failure().stream()).toList();
        if (!failures.isEmpty()) {
            throw together(failures);
        }
        Map<SourceFile, Fetched> fetched = new LinkedHashMap<>();
        outcomes.forEach(o -> o.fetched().forEach(one -> fetched.put(one.source(), one)));
        return sources.stream()
                .map(source -> Objects.requireNonNull(fetched.get(source)))
                .toList();
    }

    /** One content under all its names, or why it cannot be had: the others are wanted all the same. */
    private record Outcome(List<Fetched> fetched, Optional<SourceException> failure) {}

    private Outcome supplyOne(List<SourceFile> same, Function<SourceFile, Path> target, SourceReport report) {
        List<Fetched> fetched = new ArrayList<>();
        boolean fresh = false;
        while (fetched.size() < same.size()) {
            SourceFile source = same.get(fetched.size());
            Path path = target.apply(source);
            OptionalLong size = fresh || !fetched.isEmpty()
                    ? cache.supplyVerified(source.digest(), path, report)
                    : cache.supply(source.digest(), path, report);
            if (size.isPresent()) {
                fetched.add(new Fetched(source, path, size.getAsLong(), fresh));
                continue;
            }
            try {
                fresh |= download(same, report);
            } catch (SourceException e) {
                return new Outcome(List.of(), Optional.of(e));
            }
        }
        return new Outcome(fetched, Optional.empty());
    }

    /** {@return whether it was downloaded here; otherwise another thread or process has done it, or is about to} */
    private boolean download(List<SourceFile> same, SourceReport report) {
        PartialFile file = new PartialFile(cache.file(same.get(0).digest()), report.cancellation());
        try {
            SourceDownload download = new SourceDownload(same, web, servers, settings, report);
            report.cancellation().throwIfRequested();
            return file.complete(channel -> download.fill(channel, file.part())).isPresent();
        } catch (InterruptedException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new BuildCancelledException("the download of " + same.get(0) + " was interrupted");
        } catch (IOException e) {
            throw StorageException.of("write", file.part(), e);
        }
    }

    private static SourceException together(List<SourceException> failures) {
        SourceException first = failures.get(0);
        if (failures.size() == 1) {
            return first;
        }
        String more = failures.size() <= EXPLAINED ? "" : "\nand " + (failures.size() - EXPLAINED) + " more";
        SourceException all = new SourceException(
                first.source(),
                failures.stream().limit(EXPLAINED).map(Throwable::getMessage).collect(Collectors.joining("\n")) + more,
                first.hint().orElse(""),
                null);
        failures.forEach(all::addSuppressed);
        return all;
    }

    /** Ends what still downloads. */
    @Override
    public void close() {
        web.close();
    }
}
