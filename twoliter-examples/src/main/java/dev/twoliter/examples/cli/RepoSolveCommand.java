package dev.twoliter.examples.cli;

import dev.twoliter.api.Arch;
import dev.twoliter.api.ResolutionException;
import dev.twoliter.rpm.repo.RepoReader;
import dev.twoliter.rpm.solve.Chosen;
import dev.twoliter.rpm.solve.Loser;
import dev.twoliter.rpm.solve.PackageSolver;
import dev.twoliter.rpm.solve.SolveRepo;
import dev.twoliter.rpm.solve.SolveRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code twoliter repo solve}: which packages a request needs, as {@code dnf install} would choose them. */
@Command(
        name = "solve",
        description = {
            "Says which packages dnf would install into an empty root, one a line.",
            "With --why, also what each is needed for and what could have stood in its place."
        })
final class RepoSolveCommand implements Callable<Integer> {

    /** A repository as the command line names it. */
    private record Source(String name, Path directory, int priority) {

        static Source parse(String text) {
            int equals = text.indexOf('=');
            int at = text.lastIndexOf('@');
            boolean hasPriority = at > equals && text.substring(at + 1).matches("\\d{1,5}");
            String directory = text.substring(equals + 1, hasPriority ? at : text.length());
            if (equals < 1 || directory.isEmpty()) {
                throw new TypeConversionException("'" + text + "' is not NAME=DIR or NAME=DIR@PRIORITY");
            }
            return new Source(
                    text.substring(0, equals),
                    Path.of(directory),
                    hasPriority ? Integer.parseInt(text.substring(at + 1)) : SolveRepo.DEFAULT_PRIORITY);
        }
    }

    /** Reads a repository; picocli makes an object of it. */
    static final class SourceConverter implements ITypeConverter<Source> {
        @Override
        public Source convert(String text) {
            return Source.parse(text);
        }
    }

    private final TwoliterCommand twoliter;

    @Option(
            names = "--repo",
            required = true,
            paramLabel = "NAME=DIR[@PRIORITY]",
            converter = SourceConverter.class,
            description = "A repository with an index; the lower priority wins, default 99. Repeatable.")
    private List<Source> repos = new ArrayList<>();

    @Option(names = "--arch", paramLabel = "A", description = "x86_64 or aarch64; default this machine's.")
    private Arch arch = Arch.host();

    @Option(
            names = "--exclude",
            paramLabel = "P",
            description = "Packages not to choose; * and ? stand for any characters. Repeatable.")
    private List<String> excludes = new ArrayList<>();

    @Option(names = "--weak", description = "Choose recommended packages too.")
    private boolean weak;

    @Option(names = "--best", description = "Refuse where the best candidate for a named package does not fit.")
    private boolean best;

    @Option(names = "--why", description = "Say why each package is there, and what was not taken.")
    private boolean why;

    @Parameters(
            arity = "1..*",
            paramLabel = "PACKAGE",
            description = "Packages, with or without version and architecture, capabilities or files.")
    private List<String> wanted = new ArrayList<>();

    RepoSolveCommand(TwoliterCommand twoliter) {
        this.twoliter = twoliter;
    }

    @Override
    public Integer call() {
        SolveRequest.Builder request = SolveRequest.builder(arch.rpmName())
                .install(wanted)
                .exclude(excludes)
                .weakDependencies(weak)
                .best(best);
        for (Source repo : repos) {
            request.addRepo(new SolveRepo(
                    repo.name(),
                    repo.priority(),
                    RepoReader.read(twoliter.terminal().directory().resolve(repo.directory()))
                            .packages()));
        }
        try {
            List<Chosen> packages =
                    PackageSolver.create().solve(request.build()).packages();
            twoliter.answer(() -> document(packages, null), () -> text(packages));
            return 0;
        } catch (ResolutionException e) {
            if (!twoliter.json()) {
                throw e;
            }
            twoliter.answer(document(List.of(), e), "");
            return 1;
        }
    }

    private String text(List<Chosen> packages) {
        return packages.stream().map(this::text).collect(Collectors.joining("\n"));
    }

    private String text(Chosen one) {
        if (!why) {
            return one.pkg().nevra().toString();
        }
        return one.pkg().nevra() + " from " + one.repo() + ": " + one.because()
                + one.losers().stream().map(loser -> "\n    not " + loser).collect(Collectors.joining());
    }

    private static Map<String, Object> document(List<Chosen> packages, @Nullable ResolutionException refusal) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(
                "install", packages.stream().map(RepoSolveCommand::document).toList());
        List<Map<String, Object>> problems = new ArrayList<>();
        if (refusal != null) {
            Map<String, Object> problem = new LinkedHashMap<>();
            problem.put("message", String.valueOf(refusal.getMessage()));
            problem.put("chain", refusal.chains());
            problems.add(problem);
        }
        document.put("problems", problems);
        return document;
    }

    private static Map<String, Object> document(Chosen one) {
        Map<String, Object> document =
                describe(one.pkg().nevra().toString(), one.repo(), one.because().toString());
        document.put(
                "notTaken",
                one.losers().stream().map(RepoSolveCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(Loser loser) {
        return describe(loser.pkg().nevra().toString(), loser.repo(), loser.because());
    }

    private static Map<String, Object> describe(String nevra, String repo, String because) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("nevra", nevra);
        document.put("repo", repo);
        document.put("because", because);
        return document;
    }
}
