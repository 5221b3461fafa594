package dev.twoliter.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.twoliter.api.BuildCancelledException;
import dev.twoliter.api.KeyFile;
import dev.twoliter.api.Project;
import dev.twoliter.api.Twoliter;
import dev.twoliter.api.TwoliterException;
import dev.twoliter.api.plan.RunOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The root command: the options that every command takes, and the ways in which every command answers. */
@Command(
        name = "twoliter",
        description = "Builds Bottlerocket packages, kits and variants.",
        version = "twoliter (Java) 0.1.0",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:done", "1:the work failed", "2:wrong usage", "130:interrupted"})
final class TwoliterCommand {

    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;

    private final Terminal terminal;
    private final CountDownLatch ended = new CountDownLatch(1);

    @Option(
            names = "--project-path",
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description = "Twoliter.toml or a directory in the project; default: found upward from here.")
    private @Nullable Path projectPath;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            scope = ScopeType.INHERIT,
            description = "error, warn, info or debug; default info.")
    private LogLevel logLevel = LogLevel.INFO;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "Tell only errors.")
    private boolean quiet;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer with one JSON document on standard output.")
    private boolean json;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            description = "auto, always or never; default auto.")
    private Color color = Color.AUTO;

    private enum Color {
        AUTO(Ansi.AUTO),
        ALWAYS(Ansi.ON),
        NEVER(Ansi.OFF);

        private final Ansi ansi;

        Color(Ansi ansi) {
            this.ansi = ansi;
        }
    }

    TwoliterCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Says that the answer has been given. */
    void ended() {
        ended.countDown();
    }

    /** Waits, briefly, until the answer has been given: the JVM may then end. */
    void awaitEnd() {
        try {
            ended.await(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Terminal terminal() {
        return terminal;
    }

    Project project() {
        Path path = projectPath == null ? terminal.directory() : projectPath;
        Project project = Twoliter.open(path.toAbsolutePath(), terminal.environment());
        if (logLevel().shows(LogLevel.WARN)) {
            project.warnings().forEach(warning -> terminal.err().println("warning: " + warning));
        }
        return project;
    }

    RunOptions.Builder listening(RunOptions.Builder options) {
        return options.listener(new ProgressListener(terminal.err(), logLevel(), color.ansi, terminal.isInteractive()));
    }

    /** Who tells how far long work on packages has got; nobody where people do not want to know. */
    Optional<PackageCount> counting(String doing) {
        return logLevel().shows(LogLevel.INFO)
                ? Optional.of(new PackageCount(terminal.err(), doing))
                : Optional.empty();
    }

    /** Finds a secret key: the option's, else the environment variable's. */
    Optional<KeyFile> key(@Nullable Path option, String variable) {
        return Optional.ofNullable(option)
                .or(() -> terminal.environment().variable(variable).map(terminal.directory()::resolve))
                .map(KeyFile::of);
    }

    /** Gives the answer: the document under {@code --json}, the text otherwise. */
    void answer(Object document, String text) {
        if (json) {
            terminal.out().println(render(document));
        } else if (!text.isEmpty()) {
            terminal.out().println(text);
        }
    }

    /** {@return whether one JSON document is wanted} */
    boolean json() {
        return json;
    }

    /** Gives an answer that is a document by itself, its last line ended. */
    void print(String document) {
        terminal.out().print(document);
        terminal.out().flush();
    }

    /** Gives the answer, of which only the form that is asked for is made. */
    void answer(Supplier<?> document, Supplier<String> text) {
        if (json) {
            answer(document.get(), "");
        } else {
            answer(Map.of(), text.get());
        }
    }

    /** Tells how far work on many files has come. */
    FileProgress progress(String verb, int total) {
        return new FileProgress(terminal.err(), logLevel().shows(LogLevel.INFO), verb, total);
    }

    /** Tells how a command was misused; returns the exit status. */
    int misuse(ParameterException problem) {
        complain(
                String.valueOf(problem.getMessage()).replaceFirst("^Error: ", ""),
                "see " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return CommandLine.ExitCode.USAGE;
    }

    /** Tells what went wrong; returns the exit status. */
    int fail(Exception problem) {
        String message = problem instanceof TwoliterException ? String.valueOf(problem.getMessage()) : "" + problem;
        String hint = problem instanceof TwoliterException known
                ? known.hint().orElse("")
                : "This is a mistake in twoliter: please report it with the output under --log-level debug.";
        complain(message, hint);
        if (logLevel().shows(LogLevel.DEBUG)) {
            problem.printStackTrace(terminal.err());
        }
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("code", problem instanceof TwoliterException known ? known.code() : "internal");
            error.put("message", message);
            error.put("hint", hint);
            terminal.out().println(render(Map.of("error", error)));
        }
        return problem instanceof BuildCancelledException ? INTERRUPTED : FAILED;
    }

    private void complain(String message, String hint) {
        terminal.err().println(color.ansi.string("@|bold,red error:|@ ") + message);
        if (!hint.isEmpty()) {
            hint(hint);
        }
    }

    /** Says what to do. */
    void hint(String what) {
        terminal.err().println(color.ansi.string("@|bold hint:|@ ") + what);
    }

    private LogLevel logLevel() {
        return quiet ? LogLevel.ERROR : logLevel;
    }

    private static String render(Object document) {
        try {
            // Made here, because loading it takes longer than many a command.
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is no JSON", e);
        }
    }
}
