package dev.twoliter.core.internal;

import dev.twoliter.api.InvalidProjectException;
import dev.twoliter.api.PackageSpec;
import dev.twoliter.api.Problem;
import dev.twoliter.api.ProjectSpec;
import dev.twoliter.api.SourceResult;
import dev.twoliter.api.plan.SourceRequest;
import dev.twoliter.core.internal.plan.ProjectPaths;
import dev.twoliter.core.internal.sources.SourceFetcher;
import dev.twoliter.core.internal.sources.SourceFile;
import dev.twoliter.core.internal.sources.SourceReport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The sources of a project that a request asks for. Immutable, thread-safe. */
final class ProjectSources {

    private final List<SourceFile> wanted = new ArrayList<>();
    private final List<SourceResult.LeftOut> leftOut = new ArrayList<>();
    private final SourceRequest request;

    /**
     * Looks for them.
     *
     * @throws InvalidProjectException if the project has no package of a name that is asked for
     */
    ProjectSources(ProjectSpec project, ProjectPaths paths, SourceRequest request) {
        this.request = request;
        Set<String> unknown = new LinkedHashSet<>(request.packages());
        for (PackageSpec spec : project.packages()) {
            unknown.remove(spec.name());
            if (request.packages().isEmpty() || request.packages().contains(spec.name())) {
                SourceFile.of(spec, paths.packageDirectory(spec.name())).forEach(this::add);
            }
        }
        if (!unknown.isEmpty()) {
            throw new InvalidProjectException(unknown.stream()
                    .map(name -> Problem.error("", "the project has no package '" + name + "'"))
                    .toList());
        }
    }

    private void add(SourceFile source) {
        if (request.mirror().isPresent() && source.file().forceUpstream() && !request.forcedUpstream()) {
            leftOut.add(new SourceResult.LeftOut(source.packageName(), source.file()));
        } else {
            wanted.add(source);
        }
    }

    /** Gets them. */
    SourceResult get(SourceFetcher fetcher, SourceReport report) {
        List<SourceFetcher.Fetched> fetched = request.mirror().isPresent()
                ? fetcher.mirror(wanted, request.mirror().get(), report)
                : fetcher.fetch(wanted, report);
        return new SourceResult(
                fetched.stream()
                        .map(one -> new SourceResult.FetchedSource(
                                one.source().packageName(), one.source().file(), one.path(), one.size(), one.fresh()))
                        .toList(),
                leftOut);
    }
}
